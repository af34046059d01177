# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a launch: wanted and observed -> ordered actions. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import image_problems
from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags
from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import live, state_of
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import Choice, RunState
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec


@dataclass(frozen=True)
class CreateSecurityGroup:
    """Make the run's security group."""

    name: str
    vpc_id: str

    def __str__(self) -> str:
        return f"create security group {self.name}"


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


Action = Union[CreateSecurityGroup, AllowSsh, RevokeSsh, ImportKey, BuyMachines]


def missing_machines(spec: LaunchSpec, state: RunState) -> int:
    """How many machines the run lacks.

    Raises:
        GpuError: the run has machines that a launch can't use as they are.
    """
    machines = live(state.instances)
    _refuse_other(spec, machines)
    return spec.count - len(machines)


def _refuse_other(spec: LaunchSpec, machines: Sequence[Mapping[str, Any]]) -> None:
    remedy = f"Tear the run down (gpu_run_id={spec.run_id}) or choose another run id."
    parked = [row["InstanceId"] for row in machines if state_of(row) in ("stopping", "stopped")]
    if parked:
        raise GpuError(f"Run {spec.run_id} has stopped machines ({', '.join(parked)})", remedy, "run_stopped")
    if len(machines) > spec.count:
        raise GpuError(
            f"Run {spec.run_id} has {len(machines)} machines and {spec.count} are wanted", remedy, "run_too_large"
        )
    other = sorted({str(row.get("InstanceType")) for row in machines} - {spec.instance_type})
    if other:
        raise GpuError(
            f"Run {spec.run_id} already has {', '.join(other)} and {spec.instance_type} is wanted",
            remedy,
            "run_differs",
        )


def next_generation(instances: Sequence[Mapping[str, Any]]) -> int:
    """The number of the next purchase of a run: one more than any that AWS still shows."""
    numbers = [int(tags.tags_of(row).get(tags.GENERATION, "0") or 0) for row in instances]
    return max(numbers, default=0) + 1


def choice_problems(spec: LaunchSpec, choice: Choice) -> list[str]:
    """Every reason not to buy, each with its fix."""
    found = image_problems(choice.image, choice.machine)
    if spec.market not in choice.machine.markets:
        found.append(f"{spec.instance_type} is not sold as {spec.market}: choose another market.")
    if not choice.machine.gpu_count:
        found.append(f"{spec.instance_type} has no GPU: choose a GPU type, for example g4dn.xlarge.")
    if spec.root_volume_gib and spec.root_volume_gib < choice.image.root_gib:
        found.append(
            f"The image needs a root disk of {choice.image.root_gib} GiB and {spec.root_volume_gib} were asked for: "
            "raise gpu_root_volume_gib."
        )
    if not choice.rate.compute:
        found.append(f"No {spec.market} price could be read for {spec.instance_type} in {spec.region}: try another.")
    if spec.max_hourly_usd and choice.rate.running > spec.max_hourly_usd:
        found.append(
            f"One machine costs ${choice.rate.running:.4f}/h, above the ceiling of ${spec.max_hourly_usd:.4f}/h: "
            "raise gpu_max_hourly_usd or choose a cheaper type, market or region."
        )
    if not spec.public_address and not spec.subnet_id:
        found.append("A machine without a public address needs a named subnet: set gpu_subnet_id.")
    return found


def plan_purchase(spec: LaunchSpec, state: RunState, choice: Choice, ssh_port: int, missing: int) -> list[Action]:
    """The actions that buy the missing machines, after everything they need.

    Raises:
        GpuError: with every problem found, before anything is made.
    """
    problems = choice_problems(spec, choice)
    if problems:
        raise GpuError(" ".join(problems), "Nothing was created.", "impossible_choice", problems=problems)
    actions: list[Action] = []
    if not state.ids("security-group"):
        actions.append(CreateSecurityGroup(spec.resource_name, choice.vpc_id))
        actions.append(AllowSsh(choice.cidrs, ssh_port))
    if not spec.key_name and not state.ids("key-pair"):
        actions.append(ImportKey(spec.resource_name))
    generation = next_generation(state.instances)
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
