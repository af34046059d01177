# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cores and threads of a machine: those that the request names, else those of its type.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CpuOptions.html and
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/cpu-options-supported-instances-values.html
That both numbers must be given is documented, the code and the words of a refusal are not.
"""

from __future__ import annotations

from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule

# Member of CpuOptions: (the type's default, the numbers that may be asked for instead).
MEMBERS = {
    "CoreCount": ("DefaultCores", "ValidCores"),
    "ThreadsPerCore": ("DefaultThreadsPerCore", "ValidThreadsPerCore"),
}


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse numbers that the type can't have, then launch; the machines show theirs."""
    asked = call.param("CpuOptions") or {}
    instance_type = call.param("InstanceType")
    if asked and instance_type:
        _check(asked, instance_type)
    reservation = proceed()
    named = {name: int(asked[name]) for name in MEMBERS if name in asked}
    for instance in reservation.instances:
        instance.cpu_options = {**_default(instance.instance_type), **named}
    return reservation


def _check(asked: dict[str, Any], instance_type: str) -> None:
    if not MEMBERS.keys() <= asked.keys():
        raise AwsError("MissingParameter", "CpuOptions must contain both CoreCount and ThreadsPerCore.")
    details = _vcpu_info(instance_type)
    for name, (default, valid) in MEMBERS.items():
        if int(asked[name]) not in details.get(valid, [details[default]]):
            raise AwsError(
                "InvalidParameterValue", f"{name} ({asked[name]}) is not supported by instance type '{instance_type}'."
            )


def _default(instance_type: str) -> dict[str, int]:
    details = _vcpu_info(instance_type)
    return {name: int(details[default]) for name, (default, _) in MEMBERS.items()}


def _vcpu_info(instance_type: str) -> dict[str, Any]:
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    details: dict[str, Any] = INSTANCE_TYPES[instance_type]["VCpuInfo"]
    return details


RULES: dict[str, Rule] = {"RunInstances": run_instances}
