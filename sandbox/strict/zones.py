# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a launch may stand: the zones that have its type, and the default network where none is named.

https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse a zone that hasn't the type, and a launch for which there is no default network."""
    _name_zone(call)
    name, zone = call.param("InstanceType"), requested(call)
    if name and zone and zone not in zones_with(call.region, name):
        raise AwsError(
            "Unsupported",
            f"Your requested instance type ({name}) is not supported in your requested Availability Zone ({zone}). "
            f"Please retry your request by not specifying an Availability Zone or choosing "
            f"{', '.join(zones_with(call.region, name))}.",
        )
    if named_subnet(call) is None:
        _check_default_network(call, zone)
    return proceed()


def _name_zone(call: Ec2Call) -> None:
    """Put the zone's name for its id."""
    id = call.param("Placement.AvailabilityZoneId")
    if not id:
        return
    if call.param("Placement.AvailabilityZone"):
        raise AwsError(
            "InvalidParameterCombination",
            "The parameter AvailabilityZone cannot be used with the parameter AvailabilityZoneId",
        )
    rows = call.backend.describe_availability_zones()
    zone = next((row.name for row in rows if row.zone_id == id), None)
    if zone is None:
        raise AwsError("InvalidParameterValue", f"Invalid availability zone-id: [{id}]")
    call.params["Placement"]["AvailabilityZone"] = zone


def _check_default_network(call: Ec2Call, zone: str | None) -> None:
    vpc = call.backend.get_default_vpc()
    if vpc is None:
        by_name = (
            ". GroupName is only supported for EC2-Classic and default VPC." if call.param("SecurityGroups") else ""
        )
        raise AwsError("VPCIdNotSpecified", f"No default VPC for this user{by_name}")
    subnets = call.backend.get_default_subnets()
    if not subnets:
        raise AwsError("MissingInput", f"No subnets found for the default VPC '{vpc.id}'. Please specify a subnet.")
    if zone and zone not in subnets:
        raise AwsError("InvalidInput", f"No default subnet for availability zone: '{zone}'.")


def create_security_group(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse a group without a VPC where there is no default one."""
    if not call.param("VpcId") and call.backend.get_default_vpc() is None:
        raise AwsError("VPCIdNotSpecified", "No default VPC for this user")
    return proceed()


def requested(call: Ec2Call) -> str | None:
    """Return the zone that a launch names, itself or by a subnet; None where AWS may choose."""
    subnet = named_subnet(call)
    if subnet is not None:
        return str(call.backend.get_subnet(subnet).availability_zone)
    zone: str | None = call.param("Placement.AvailabilityZone")
    return zone


def named_subnet(call: Ec2Call) -> str | None:
    """Return the subnet that the request or its first interface lies in."""
    given: str | None = call.param("SubnetId")
    for row in call.param("NetworkInterfaces", []):
        if "NetworkInterfaceId" in row:
            return str(call.backend.get_network_interface(row["NetworkInterfaceId"]).subnet_id)
        given = given or row.get("SubnetId")
    return given


def open_to(call: Ec2Call) -> list[str]:
    """Return the zones between which AWS chooses: with the type and a default subnet."""
    subnets = call.backend.get_default_subnets()
    return [zone for zone in zones_with(call.region, call.param("InstanceType")) if zone in subnets]


def place(call: Ec2Call, zone: str) -> None:
    """Put a launch that names no subnet into the default subnet of a zone."""
    if named_subnet(call) is not None:
        return
    subnet = call.backend.get_default_subnets()[zone]
    interfaces = call.param("NetworkInterfaces", [])
    for row in interfaces:
        row["SubnetId"] = subnet.id
    if not interfaces:
        call.params["SubnetId"] = subnet.id


@cache
def zones_with(region: str, instance_type: str) -> tuple[str, ...]:
    """Return the zones of a region that offer an instance type, sorted."""
    from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS

    rows = INSTANCE_TYPE_OFFERINGS["availability-zone"].get(region, [])
    return tuple(sorted(row["Location"] for row in rows if row["InstanceType"] == instance_type))


RULES: dict[str, Rule] = {"RunInstances": run_instances, "CreateSecurityGroup": create_security_group}
