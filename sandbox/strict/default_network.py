# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network that every region comes with, and in which order a VPC can be taken apart.

A default VPC has an internet gateway and a main route table with a route to it, which moto leaves out:
https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
Order: https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule


def with_internet(make_default_vpc: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return moto's maker of default VPCs with what it leaves out."""

    def create_default_vpc(backend: Any) -> Any:
        vpc = make_default_vpc(backend)
        gateway = backend.create_internet_gateway()
        backend.attach_internet_gateway(gateway.id, vpc.id)
        (table,) = backend.describe_route_tables(filters={"vpc-id": [vpc.id], "association.main": ["true"]})
        backend.create_route(table.id, "0.0.0.0/0", gateway_id=gateway.id)
        return vpc

    return create_default_vpc


def delete_vpc(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse a VPC that still has a gateway or a group of one's own; moto knows about subnets."""
    vpc_id = call.param("VpcId")
    gateways = [row for row in call.backend.internet_gateways.values() if row.vpc and row.vpc.id == vpc_id]
    groups = [row for row in call.backend.groups.get(vpc_id, {}).values() if not row.is_default]
    if gateways or groups:
        raise AwsError("DependencyViolation", f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    return proceed()


def delete_subnet(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse a subnet in which something still stands."""
    subnet_id = call.param("SubnetId")
    if any(row.subnet.id == subnet_id for row in call.backend.enis.values()):
        raise AwsError("DependencyViolation", f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    return proceed()


def detach_gateway(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse while an instance of the VPC has a public address."""
    vpc_id = call.param("VpcId")
    used = any(
        row.vpc_id == vpc_id and row.public_ip and row.state in ("pending", "running")
        for row in call.backend.all_instances()
    )
    if used:
        raise AwsError(
            "DependencyViolation",
            f"Network {vpc_id} has some mapped public address(es). Please unmap those public address(es) before "
            "detaching the gateway.",
        )
    return proceed()


RULES: dict[str, Rule] = {
    "DeleteVpc": delete_vpc,
    "DeleteSubnet": delete_subnet,
    "DetachInternetGateway": detach_gateway,
}
