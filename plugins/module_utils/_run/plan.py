# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a launch: wanted and observed -> ordered actions. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._image.terms import Terms
from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags
from ansible_collections.gpgpu.aws.plugins.module_utils._run.block import BuyCapacityBlock
from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import live, state_of
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import Choice, RunState
from ansible_collections.gpgpu.aws.plugins.module_utils._run.place import PlaceAction, plan_before
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec
from ansible_collections.gpgpu.aws.plugins.module_utils._run.trace import Trace


@dataclass(frozen=True)
class AcceptTerms:
    """Accept the terms of the image, which are free of charge and which the person has agreed to."""

    terms: Terms

    def __str__(self) -> str:
        return f"accept the free Marketplace terms of the image ({self.terms.url})"


@dataclass(frozen=True)
class CreateSecurityGroup:
    """Make the run's security group."""

    name: str
    vpc_id: str
    trace: str = ""

    def __str__(self) -> str:
        return f"create security group {self.name}"


@dataclass(frozen=True)
class NoteTrace:
    """Write on the run's security group what is about to be bought."""

    trace: str

    def __str__(self) -> str:
        return f"note the attempt on the security group: {self.trace}"


@dataclass(frozen=True)
class AllowSsh:
    """Open SSH to address ranges."""

    cidrs: tuple[str, ...]
    port: int

    def __str__(self) -> str:
        return f"allow SSH (port {self.port}) from {', '.join(self.cidrs)}"


@dataclass(frozen=True)
class RevokeSsh:
    """Close SSH to address ranges that are no longer the caller's."""

    cidrs: tuple[str, ...]
    port: int

    def __str__(self) -> str:
        return f"stop allowing SSH (port {self.port}) from {', '.join(self.cidrs)}"


@dataclass(frozen=True)
class ImportKey:
    """Import the run's public key."""

    name: str

    def __str__(self) -> str:
        return f"import key pair {self.name}"


@dataclass(frozen=True)
class BuyMachines:
    """Launch machines: all or none."""

    count: int
    generation: int
    instance_type: str
    market: str
    usd_per_hour: float

    def __str__(self) -> str:
        return (
            f"launch {self.count} x {self.instance_type} ({self.market}) "
            f"at ${self.usd_per_hour * self.count:.4f}/h, lease armed"
        )


Action = Union[
    AcceptTerms,
    CreateSecurityGroup,
    NoteTrace,
    AllowSsh,
    RevokeSsh,
    ImportKey,
    BuyCapacityBlock,
    BuyMachines,
    PlaceAction,
]


def missing_machines(spec: LaunchSpec, instances: Sequence[Mapping[str, Any]], allowed: Sequence[str]) -> int:
    """How many machines the run lacks.

    Parameters:
        instances: rows of DescribeInstances.
        allowed: instance types that the run may have; empty for any.

    Raises:
        GpuError: the run has machines that a launch can't use as they are.
    """
    machines = live(instances)
    remedy = f"Tear the run down (gpu_run_id={spec.run_id}) or choose another run id."
    parked = [row["InstanceId"] for row in machines if state_of(row) in ("stopping", "stopped")]
    if parked:
        raise GpuError(f"Run {spec.run_id} has stopped machines ({', '.join(parked)})", remedy, "run_stopped")
    if len(machines) > spec.count:
        raise GpuError(
            f"Run {spec.run_id} has {len(machines)} machines and {spec.count} are wanted", remedy, "run_too_large"
        )
    other = sorted({str(row.get("InstanceType")) for row in machines} - set(allowed))
    if allowed and other:
        raise GpuError(
            f"Run {spec.run_id} already has {', '.join(other)} and {' or '.join(allowed)} is wanted",
            remedy,
            "run_differs",
        )
    return spec.count - len(machines)


def next_generation(instances: Sequence[Mapping[str, Any]]) -> int:
    """The number of the next purchase of a run: one more than any that AWS still shows."""
    numbers = [int(tags.tags_of(row).get(tags.GENERATION, "0") or 0) for row in instances]
    return max(numbers, default=0) + 1


def plan_purchase(spec: LaunchSpec, state: RunState, choice: Choice, ssh_port: int, missing: int) -> list[Action]:
    """The actions that buy the missing machines, after everything they need.

    Parameters:
        state: what the run has in the region; of the attempts before it, only what they made.
    """
    generation = next_generation(state.instances)
    trace = Trace(choice.at, choice.number, generation, spec.instance_type, spec.market, spec.zone).as_tag()
    block = None if spec.capacity_reservation_id else choice.block
    actions: list[Action] = []
    if state.ids("security-group"):
        actions.append(NoteTrace(trace))
    else:
        actions.append(CreateSecurityGroup(spec.resource_name, choice.vpc_id, trace))
        if choice.cidrs:
            actions.append(AllowSsh(choice.cidrs, ssh_port))
    if block and block.later:
        return [*actions, block]
    if not spec.key_name and not state.ids("key-pair"):
        actions.append(ImportKey(spec.resource_name))
    actions.extend(plan_before(spec, state, choice, ssh_port))
    if block:
        actions.append(block)
    actions.append(BuyMachines(missing, generation, spec.instance_type, spec.market, choice.rate.running))
    return actions


def plan_access(groups: Sequence[Mapping[str, Any]], cidrs: tuple[str, ...], ssh_port: int) -> list[Action]:
    """The actions that let the caller, and no earlier address of theirs, into an existing group."""
    rules = [rule for group in groups for rule in group.get("IpPermissions", []) if rule.get("FromPort") == ssh_port]
    open_to = {row["CidrIp"] for rule in rules for row in rule.get("IpRanges", [])}
    open_to |= {row["CidrIpv6"] for rule in rules for row in rule.get("Ipv6Ranges", [])}
    wanted, actions = set(cidrs), list[Action]()
    if wanted - open_to:
        actions.append(AllowSsh(tuple(sorted(wanted - open_to)), ssh_port))
    if open_to - wanted:
        actions.append(RevokeSsh(tuple(sorted(open_to - wanted)), ssh_port))
    return actions
