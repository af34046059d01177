# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which state changes EC2 grants, and what it answers to those it doesn't.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule

INSTANCE_ID = re.compile(r"i-([0-9a-f]{8}|[0-9a-f]{17})")
BEHAVIORS = ("stop", "terminate")


def describe(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse ids that are malformed or unknown, then list."""
    _find(call, call.param("InstanceIds", []))
    return proceed()


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse a shutdown behaviour that doesn't exist, then launch."""
    _check_behavior(call.param("InstanceInitiatedShutdownBehavior"))
    return proceed()


def terminate(call: Ec2Call, proceed: Proceed) -> Any:
    """End all of the instances or, where one is protected or unknown, none."""
    instances = _find(call, call.param("InstanceIds", []))
    for instance in instances:
        if instance.disable_api_termination:
            raise AwsError(
                "OperationNotPermitted",
                f"The instance '{instance.id}' may not be terminated. "
                "Modify its 'disableApiTermination' instance attribute and try again.",
            )
    return _changed(proceed, instances, "TerminatingInstances")


def stop(call: Ec2Call, proceed: Proceed) -> Any:
    """Stop instances that run; leave those that are stopped."""
    instances = _find(call, call.param("InstanceIds", []))
    _require(instances, ("running", "stopping", "stopped"), "is not in a state from which it can be stopped")
    return _changed(proceed, instances, "StoppingInstances")


def start(call: Ec2Call, proceed: Proceed) -> Any:
    """Start instances that are stopped; leave those that run."""
    instances = _find(call, call.param("InstanceIds", []))
    _require(instances, ("pending", "running", "stopped"), "is not in a state from which it can be started")
    return _changed(proceed, instances, "StartingInstances")


def reboot(call: Ec2Call, proceed: Proceed) -> Any:
    """Reboot instances that run."""
    _require(
        _find(call, call.param("InstanceIds", [])), ("running",), "is not in a state from which it can be rebooted"
    )
    return proceed()


def modify(call: Ec2Call, proceed: Proceed) -> Any:
    """Change an attribute; moto lacks the shutdown behaviour and would clear the groups instead."""
    (instance,) = _find(call, [call.param("InstanceId")])
    behavior = call.param("InstanceInitiatedShutdownBehavior.Value")
    if behavior is None and call.param("Attribute") == "instanceInitiatedShutdownBehavior":
        behavior = call.param("Value")
    if behavior is None:
        return proceed()
    _check_behavior(behavior)
    call.stop_if_dry_run()
    instance.instance_initiated_shutdown_behavior = behavior
    return None


def unknown_instances(ids: list[str]) -> AwsError:
    """Return what EC2 says of ids that no instance has."""
    plural, verb = ("s", "do") if len(ids) > 1 else ("", "does")
    return AwsError("InvalidInstanceID.NotFound", f"The instance ID{plural} '{', '.join(ids)}' {verb} not exist")


def _check_behavior(behavior: str | None) -> None:
    if behavior is not None and behavior not in BEHAVIORS:
        raise AwsError("InvalidParameterValue", f"Invalid value '{behavior}' for InstanceInitiatedShutdownBehavior.")


def _find(call: Ec2Call, ids: Iterable[str]) -> list[Any]:
    wanted = list(ids)
    for id in wanted:
        if not INSTANCE_ID.fullmatch(id):
            raise AwsError("InvalidInstanceID.Malformed", f'Invalid id: "{id}"')
    known = {instance.id: instance for row in call.backend.reservations.values() for instance in row.instances}
    missing = [id for id in wanted if id not in known]
    if missing:
        raise unknown_instances(missing)
    return [known[id] for id in wanted]


def _require(instances: Iterable[Any], states: tuple[str, ...], complaint: str) -> None:
    for instance in instances:
        if instance.state not in states:
            raise AwsError("IncorrectInstanceState", f"The instance '{instance.id}' {complaint}.")


def _changed(proceed: Proceed, instances: list[Any], key: str) -> Any:
    """Proceed, and answer with the states before and after; moto always names the state aimed at."""
    before = {instance.id: copy.copy(instance.instance_state) for instance in instances}
    proceed()
    return {
        key: [
            {
                "InstanceId": instance.id,
                "PreviousState": before[instance.id],
                "CurrentState": copy.copy(instance.instance_state),
            }
            for instance in instances
        ]
    }


RULES: dict[str, Rule] = {
    "DescribeInstances": describe,
    "DescribeInstanceStatus": describe,
    "RunInstances": run_instances,
    "TerminateInstances": terminate,
    "StopInstances": stop,
    "StartInstances": start,
    "RebootInstances": reboot,
    "ModifyInstanceAttribute": modify,
}
