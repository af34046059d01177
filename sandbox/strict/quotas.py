# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the account's quotas refuse: machines by their vCPUs, elastic addresses, security groups, VPCs.

https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
Only the words of AddressLimitExceeded and of the vCPU errors are the service's own.
"""

from __future__ import annotations

from typing import Any

from sandbox.answers import AwsError
from sandbox.services.quota_table import BY_CODE, ELASTIC_ADDRESSES, SECURITY_GROUPS, TABLE, VPCS, Quota, bucket
from sandbox.strict.rule import Ec2Call, Proceed, Rule

COUNTED = ("pending", "running")


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse a launch for which the bucket of the type has no room."""
    spot = call.param("InstanceMarketOptions.MarketType") == "spot"
    instance_type = call.param("InstanceType")
    # What runs in a reservation was counted when it was made.
    if instance_type and not call.reserved:
        _check_bucket(call, instance_type, spot, int(call.param("MaxCount", 1)))
    return proceed()


def start_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse to start machines for which the bucket of their type has no room."""
    ids = set(call.param("InstanceIds", []))
    stopped = [row for row in call.backend.all_instances() if row.id in ids and row.state == "stopped"]
    for instance_type, spot in {(row.instance_type, row.lifecycle == "spot") for row in stopped}:
        _check_bucket(call, instance_type, spot, sum(row.instance_type == instance_type for row in stopped))
    return proceed()


def _check_bucket(call: Ec2Call, instance_type: str, spot: bool, machines: int) -> None:
    quota = bucket(instance_type, spot)
    if quota is None:
        return
    limit = TABLE.value(quota, call.region)
    if _used(call.backend, quota) + _vcpus(instance_type) * machines <= limit:
        return
    if spot:
        raise AwsError("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded")
    raise AwsError(
        "VcpuLimitExceeded",
        f"You have requested more vCPU capacity than your current vCPU limit of {limit:.0f} allows for the "
        "instance bucket that the specified instance type belongs to. Please visit "
        "http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.",
    )


def _used(backend: Any, quota: Quota) -> int:
    return sum(
        _vcpus(instance.instance_type)
        for reservation in backend.reservations.values()
        for instance in reservation.instances
        if instance.state in COUNTED and bucket(instance.instance_type, instance.lifecycle == "spot") == quota
    )


def _vcpus(instance_type: str) -> int:
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    vcpus: int = INSTANCE_TYPES.get(instance_type, {"VCpuInfo": {"DefaultVCpus": 1}})["VCpuInfo"]["DefaultVCpus"]
    return vcpus


def allocate_address(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse an elastic address above the quota."""
    if _full(call, ELASTIC_ADDRESSES, len(call.backend.addresses)):
        raise AwsError("AddressLimitExceeded", "The maximum number of addresses has been reached.")
    return proceed()


def create_security_group(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse a security group above the quota, which counts those of all VPCs of the region."""
    if _full(call, SECURITY_GROUPS, sum(len(groups) for groups in call.backend.groups.values())):
        raise AwsError("SecurityGroupLimitExceeded", "The maximum number of security groups has been reached.")
    return proceed()


def create_vpc(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse a VPC above the quota."""
    if _full(call, VPCS, len(call.backend.vpcs)):
        raise AwsError("VpcLimitExceeded", "The maximum number of VPCs has been reached.")
    return proceed()


def _full(call: Ec2Call, code: str, count: int) -> bool:
    return count >= TABLE.value(BY_CODE[code], call.region)


RULES: dict[str, Rule] = {
    "RunInstances": run_instances,
    "StartInstances": start_instances,
    "AllocateAddress": allocate_address,
    "CreateSecurityGroup": create_security_group,
    "CreateVpc": create_vpc,
    "CreateDefaultVpc": create_vpc,
}
