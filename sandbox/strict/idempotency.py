# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls with a client token: the same request answers with the same machines or the same reservation.

https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule

MAXIMUM_LENGTH = 64

# (action, region, token, zone where such tokens count per zone) -> (request, its answer)
_answers: dict[tuple[str, str, str, str], tuple[str, Any]] = {}


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Answer a repeated token with its reservation, or refuse what doesn't fit it."""
    reservation = _once("RunInstances", call, proceed, _zone(call))
    if all(instance.state in ("shutting-down", "terminated") for instance in reservation.instances):
        raise AwsError(
            "IdempotentInstanceTerminated",
            "The client token you have provided is associated with a terminated instance. "
            "Please use a different client token.",
        )
    return reservation


def create_capacity_reservation(call: Ec2Call, proceed: Proceed) -> Any:
    """Answer a repeated token with its capacity reservation, in the state that it has now."""
    return _once("CreateCapacityReservation", call, proceed)


def _once(action: str, call: Ec2Call, proceed: Proceed, zone: str = "") -> Any:
    token = call.param("ClientToken")
    if not token or call.param("DryRun"):
        return proceed()
    if len(token) > MAXIMUM_LENGTH or not token.isascii():
        raise AwsError("InvalidParameterValue", f"The client token is limited to {MAXIMUM_LENGTH} ASCII characters.")
    key, request = (action, call.region, token, zone), _fingerprint(call.params)
    if key not in _answers:
        _answers[key] = (request, proceed())
    first_request, answer = _answers[key]
    if request != first_request:
        raise AwsError(
            "IdempotentParameterMismatch",
            "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
        )
    return answer


def _zone(call: Ec2Call) -> str:
    """Return the zone or subnet that the request names: such tokens count per zone."""
    interfaces = call.param("NetworkInterfaces", [])
    subnet = next((row["SubnetId"] for row in interfaces if "SubnetId" in row), None)
    return str(call.param("Placement.AvailabilityZone") or call.param("SubnetId") or subnet or "")


def _fingerprint(params: Mapping[str, Any]) -> str:
    return json.dumps(params, sort_keys=True, default=str)


RULES: dict[str, Rule] = {
    "RunInstances": run_instances,
    "CreateCapacityReservation": create_capacity_reservation,
}
