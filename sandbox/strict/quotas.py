# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RunInstances against the account's vCPU quotas.

https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
"""

from __future__ import annotations

from typing import Any

from sandbox.answers import AwsError
from sandbox.services.service_quotas import Quota, bucket
from sandbox.strict.rule import Ec2Call, Proceed, Rule

COUNTED = ("pending", "running")


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse a launch for which the bucket of the type has no room."""
    spot = call.param("InstanceMarketOptions.MarketType") == "spot"
    instance_type = call.param("InstanceType")
    quota = bucket(instance_type, spot) if instance_type else None
    if quota is None:
        return proceed()
    wanted = _vcpus(instance_type) * int(call.param("MaxCount", 1))
    if _used(call.backend, quota) + wanted <= quota.vcpus:
        return proceed()
    if spot:
        raise AwsError("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded")
    raise AwsError(
        "VcpuLimitExceeded",
        f"You have requested more vCPU capacity than your current vCPU limit of {quota.vcpus:.0f} allows for the "
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


RULES: dict[str, Rule] = {"RunInstances": run_instances}
