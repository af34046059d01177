# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Eventual consistency: what was just made may not be listed yet, and its id may be unknown.

https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
Off until a test puts it in force, for some seconds or for some readings. Each list lags by itself, as each has an
index of its own. Changes, deletions and later tags show at once, and what takes an id, such as a termination, knows it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.paging import joined, single
from sandbox.strict.rule import Ec2Call, Proceed, Rule
from sandbox.strict.states import unknown_instances

FIELDS = {"seconds", "calls"}


@dataclass
class _Made:
    at: float = field(default_factory=time.monotonic)
    read: Counter[str] = field(default_factory=Counter)


class Lag:
    """How long what is made stays unseen, and what was made since that was said."""

    def __init__(self) -> None:
        self.in_force = False
        self._seconds = 0.0
        self._calls = 0
        self._made: dict[str, _Made] = {}

    def replace(self, value: Any) -> None:
        """Put a lag in force: {"seconds": s} or {"calls": readings of each list}; {} ends it.

        Raises:
            ValueError: both, another field, or no number from 0 on.
        """
        if not isinstance(value, dict) or not value.keys() <= FIELDS or len(value) > 1:
            raise ValueError(f'A lag is {{"seconds": s}}, {{"calls": n}} or {{}}: {value!r}')
        for number in value.values():
            if not isinstance(number, (int, float)) or isinstance(number, bool) or number < 0:
                raise ValueError(f"A lag is a number from 0 on: {number!r}")
        self._seconds, self._calls = value.get("seconds", 0.0), value.get("calls", 0)
        self.in_force, self._made = bool(value), {}

    def note(self, ids: Iterable[str]) -> None:
        """Note what was made just now."""
        if self.in_force:
            self._made.update({id: _Made() for id in ids})

    def hidden(self, action: str, ids: Iterable[str]) -> set[str]:
        """Return which of the ids a list that would show them all doesn't show yet; this is one reading of each."""
        return {id for id in set(ids) if id in self._made and self._hides(self._made[id], action)}

    def _hides(self, made: _Made, action: str) -> bool:
        made.read[action] += 1
        return made.read[action] <= self._calls or time.monotonic() - made.at < self._seconds


LAG = Lag()


@dataclass(frozen=True)
class Listed:
    """One call that lists: its rows, the parameters that name some, and what it says of a name it doesn't know."""

    key: str
    id_of: Callable[[Any], str] = lambda row: str(row.id)
    named_by: tuple[str, ...] = ()
    unknown: Callable[[list[Any]], AwsError] | None = None


def _unknown(code: str, words: str, name_of: Callable[[Any], str] = lambda row: str(row.id)) -> Any:
    return lambda rows: AwsError(code, words.format(", ".join(map(name_of, rows))))


LISTED = {
    "DescribeTags": Listed("Tags", lambda row: str(row["ResourceId"])),
    "DescribeInstances": Listed(
        "Reservations",
        lambda pair: str(pair[1].id),
        ("InstanceIds",),
        lambda pairs: unknown_instances([instance.id for _, instance in pairs]),
    ),
    "DescribeSecurityGroups": Listed(
        "SecurityGroups",
        named_by=("GroupIds", "GroupNames"),
        unknown=_unknown("InvalidGroup.NotFound", "The security group '{}' does not exist"),
    ),
    "DescribeKeyPairs": Listed(
        "KeyPairs",
        named_by=("KeyNames", "KeyPairIds"),
        unknown=_unknown("InvalidKeyPair.NotFound", "The key pair '{}' does not exist", lambda row: str(row.key_name)),
    ),
    "DescribeVolumes": Listed(
        "Volumes",
        named_by=("VolumeIds",),
        unknown=_unknown("InvalidVolume.NotFound", "The volume '{}' does not exist."),
    ),
    "DescribeNetworkInterfaces": Listed(
        "NetworkInterfaces",
        named_by=("NetworkInterfaceIds",),
        unknown=_unknown("InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '{}' does not exist"),
    ),
    "DescribeSpotInstanceRequests": Listed(
        "SpotInstanceRequests",
        named_by=("SpotInstanceRequestIds",),
        unknown=_unknown("InvalidSpotInstanceRequestID.NotFound", "The spot instance request ID '{}' does not exist"),
    ),
    "DescribeAddresses": Listed(
        "Addresses",
        named_by=("AllocationIds", "PublicIps"),
        unknown=_unknown("InvalidAllocationID.NotFound", "The allocation ID '{}' does not exist"),
    ),
}


def _list(action: str, listed: Listed, call: Ec2Call, proceed: Proceed) -> Any:
    """Leave out what is not to be seen yet; where the request names it, it is unknown."""
    answer = proceed()
    if not LAG.in_force:
        return answer
    nested = listed.key == "Reservations"
    rows = list(single(answer[listed.key]) if nested else answer[listed.key])
    hidden = LAG.hidden(action, map(listed.id_of, rows))
    if hidden and listed.unknown and any(call.param(name) for name in listed.named_by):
        raise listed.unknown([row for row in rows if listed.id_of(row) in hidden])
    seen = [row for row in rows if listed.id_of(row) not in hidden]
    return {**answer, listed.key: list(joined(seen)) if nested else seen}


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Launch; the machines and what came with them are new."""
    reservation = proceed()
    for instance in reservation.instances:
        volumes = [block.volume_id for block in instance.block_device_mapping.values()]
        interfaces = [interface.id for interface in instance.nics.values()]
        requests = [
            request.id for request in call.backend.spot_instance_requests.values() if request.instance is instance
        ]
        LAG.note([instance.id, *volumes, *interfaces, *requests])
    return reservation


def _make(id_of: Callable[[Any], str]) -> Rule:
    def rule(_call: Ec2Call, proceed: Proceed) -> Any:
        answer = proceed()
        LAG.note([id_of(answer)])
        return answer

    return rule


def _lists(action: str, listed: Listed) -> Rule:
    return lambda call, proceed: _list(action, listed, call, proceed)


RULES: dict[str, Rule] = {
    "RunInstances": run_instances,
    "CreateSecurityGroup": _make(lambda answer: str(answer["GroupId"])),
    "CreateKeyPair": _make(lambda answer: str(answer.id)),
    "ImportKeyPair": _make(lambda answer: str(answer.id)),
    "AllocateAddress": _make(lambda answer: str(answer["AllocationId"])),
    **{action: _lists(action, listed) for action, listed in LISTED.items()},
}
