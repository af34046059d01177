# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A region that holds a run, forgets what is removed, and refuses what a test tells it to refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.unit.fakes.aws import FakeClient, FakeClock, aws_error
from tests.unit.fakes.rows import boto_tags, instance, run_tags

KINDS = {"i": "instance", "vol": "volume", "eni": "network-interface", "sg": "security-group", "key": "key-pair"}
ENDED = "User initiated (2026-11-23 12:00:00 GMT)"


class Region:
    """What exists, by id; machines number N come with vol-N and eni-N.

    Parameters:
        machines: how many machines run.
        others: further ids with the run's tag.
        refuse: method -> the errors of its next calls, one for each.
        meanwhile: method -> what else happens at its next call.
        lag: readings for which the index of tags still lists what is gone.
    """

    def __init__(self, machines: int = 1, others: tuple[str, ...] = ("sg-1", "key-1"), lag: int = 0) -> None:
        self.states = {f"i-{number}": "running" for number in range(1, machines + 1)}
        self.tagged = [*self.states, *others]
        self.tagged += [f"{kind}-{number}" for kind in ("vol", "eni") for number in range(1, machines + 1)]
        self.exists = set(self.tagged)
        self.index = dict.fromkeys(self.tagged, lag)
        self.refuse: dict[str, list[str]] = {}
        self.foreign: list[str] = []
        self.clock = FakeClock()
        self.meanwhile: dict[str, Callable[[], object]] = {}
        answers: Any = {name: self._call(name) for name in ANSWERS}
        self.client = FakeClient(**answers)

    def appear(self, one: str) -> None:
        """Make one more thing with the run's tag."""
        self.tagged.append(one)
        self.exists.add(one)
        self.index[one] = 0

    def _call(self, name: str) -> Callable[..., Any]:
        def answer(**params: Any) -> Any:
            if self.refuse.get(name):
                raise aws_error(self.refuse[name].pop(0), "words of AWS")
            self.meanwhile.pop(name, lambda: None)()
            return ANSWERS[name](self, params)

        return answer

    def tags(self, _params: Any) -> Any:
        """DescribeTags, late by some readings."""
        listed = []
        for one in self.tagged:
            if one not in self.exists:
                self.index[one] -= 1
            if one in self.exists or self.index[one] >= 0:
                listed.append({"ResourceType": KINDS[one.split("-")[0]], "ResourceId": one})
        return {"Tags": listed}

    def instances(self, _params: Any) -> Any:
        """DescribeInstances: a machine told to end has ended at the next look."""
        rows = [self._row(one, state) for one, state in self.states.items()]
        self.states = {one: "terminated" if state == "shutting-down" else state for one, state in self.states.items()}
        return {"Reservations": [{"Instances": rows}]}

    def _row(self, one: str, state: str) -> Any:
        number = int(one.split("-")[1])
        over = {"BlockDeviceMappings": [], "NetworkInterfaces": [], "StateTransitionReason": ENDED}
        row = instance(number, state, run_tags(), **(over if state != "running" else {}))
        mapped = [{"Ebs": {"VolumeId": disk, "DeleteOnTermination": False}} for disk in self.foreign]
        return {**row, "BlockDeviceMappings": row["BlockDeviceMappings"] + (mapped if state == "running" else [])}

    def terminate(self, params: Any) -> Any:
        """TerminateInstances."""
        for one in params["InstanceIds"]:
            self.states[one] = "shutting-down"
            number = one.split("-")[1]
            self.exists -= {one, f"vol-{number}", f"eni-{number}"}
        return {"TerminatingInstances": []}

    def listed(self, params: Any, kind: str, envelope: str, field: str) -> Any:
        """Any Describe call by ids in its first filter."""
        ids = [one for one in params["Filters"][0]["Values"] if one in self.exists or one in self.foreign]
        return {envelope: [{field: one, "State": "available", "Tags": boto_tags({})} for one in ids if kind in one]}

    def delete(self, params: Any) -> Any:
        """Any Delete call of one id."""
        self.exists -= set(params.values())
        return {}


ANSWERS: dict[str, Callable[[Region, Any], Any]] = {
    "describe_tags": Region.tags,
    "describe_instances": Region.instances,
    "terminate_instances": Region.terminate,
    "describe_volumes": lambda region, params: region.listed(params, "vol", "Volumes", "VolumeId"),
    "describe_network_interfaces": lambda region, params: region.listed(
        params, "eni", "NetworkInterfaces", "NetworkInterfaceId"
    ),
    "describe_security_groups": lambda region, params: region.listed(params, "sg", "SecurityGroups", "GroupId"),
    "describe_key_pairs": lambda region, params: region.listed(params, "key", "KeyPairs", "KeyPairId"),
    "delete_volume": Region.delete,
    "delete_security_group": Region.delete,
    "delete_key_pair": Region.delete,
    "delete_network_interface": Region.delete,
}
