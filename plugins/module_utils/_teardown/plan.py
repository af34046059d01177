# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a teardown: what is there -> ordered removals. Pure.

Order: spot requests before their machines (a persistent one would buy again), machines before what hangs on them,
what bills (reservations, addresses, disks) before what is free, the security group when nothing uses it any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import ENDED_STATES, live, state_of
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import RunState

# EC2's word for a kind -> the words of a person; the order is the order of removal.
KINDS: dict[str, str] = {
    "spot-instances-request": "spot request",
    "instance": "machine",
    "capacity-reservation": "capacity reservation",
    "elastic-ip": "fixed address",
    "volume": "disk",
    "instance-connect-endpoint": "instance connect endpoint",
    "network-interface": "network interface",
    "security-group": "security group",
    "key-pair": "key pair",
    "placement-group": "placement group",
}
# A capacity block is paid in advance and can't be given back: it ends by itself and bills nothing more.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-capacity-blocks.html
KEPT_KINDS = ("capacity-block",)
# Kinds that a machine takes with it when it ends.
_GO_WITH_MACHINE = ("volume", "network-interface")


@dataclass(frozen=True)
class Remove:
    """Remove resources of one kind.

    Parameters:
        kind: a key of KINDS.
        ids: what to remove, sorted.
    """

    kind: str
    ids: tuple[str, ...]

    def __str__(self) -> str:
        return f"remove {KINDS[self.kind]} {', '.join(self.ids)}"


@dataclass(frozen=True)
class ForgetKeys:
    """Remove the keys that were made for the run from this machine; the last action, when all else is gone."""

    folder: str

    def __str__(self) -> str:
        return f"forget the keys in {self.folder}"


def plan_teardown(state: RunState) -> list[Remove]:
    """The removals, in order; nothing that does not carry the run's tag is ever among them."""
    bound = bound_to(live(state.instances))
    actions = []
    for kind in KINDS:
        ids = [row["InstanceId"] for row in live(state.instances)] if kind == "instance" else state.ids(kind)
        if kind in _GO_WITH_MACHINE:
            ids = [one for one in ids if one not in bound]
        if ids:
            actions.append(Remove(kind, tuple(sorted(ids))))
    return actions


def bound_to(machines: Iterable[Mapping[str, Any]]) -> set[str]:
    """Disks and network interfaces that end with their machines."""
    found: set[str] = set()
    for machine in machines:
        disks = [mapping.get("Ebs", {}) for mapping in machine.get("BlockDeviceMappings", [])]
        found |= {disk["VolumeId"] for disk in disks if disk.get("DeleteOnTermination")}
        for interface in machine.get("NetworkInterfaces", []):
            if interface.get("Attachment", {}).get("DeleteOnTermination"):
                found.add(interface["NetworkInterfaceId"])
    return found


def foreign_disks(state: RunState) -> list[str]:
    """Disks on the run's machines that outlive them and do not carry the run's tag: named, never deleted."""
    machines = live(state.instances)
    on_machines = {
        mapping["Ebs"]["VolumeId"]
        for machine in machines
        for mapping in machine.get("BlockDeviceMappings", [])
        if "VolumeId" in mapping.get("Ebs", {})
    }
    return sorted(on_machines - bound_to(machines) - set(state.ids("volume")))


def unfinished(instances: Sequence[Mapping[str, Any]]) -> list[str]:
    """Machines that have not ended yet, those that are on their way included."""
    return sorted(row["InstanceId"] for row in instances if state_of(row) != ENDED_STATES[-1])


def unknown_kinds(state: RunState) -> dict[str, list[str]]:
    """Tagged resources of kinds that this version does not remove; they are reported as left."""
    return {kind: ids for kind, ids in state.resources.items() if kind not in (*KINDS, *KEPT_KINDS)}


def kept_blocks(state: RunState) -> list[str]:
    """What of the run stays on purpose, a sentence each."""
    return [
        f"capacity block {one}: paid in advance, it can't be cancelled, bills nothing more and ends by itself"
        for kind in KEPT_KINDS
        for one in state.ids(kind)
    ]
