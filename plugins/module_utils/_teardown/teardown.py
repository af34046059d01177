# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A teardown from run id to proof: observe, plan, apply, and read until nothing is left."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import network
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import FIRST_SECONDS, LONGEST_SECONDS, Clock
from ansible_collections.gpgpu.aws.plugins.module_utils._money.receipt import receipt
from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import live, state_of
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import RunState
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ssh_key import forget_keys, run_folder
from ansible_collections.gpgpu.aws.plugins.module_utils._run.summary import teardown_summary
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.apply import Refusals, apply_removals
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.confirm import READERS, read_existing
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.hidden import hidden_machines
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.plan import (
    ForgetKeys,
    Remove,
    foreign_disks,
    kept_blocks,
    plan_teardown,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.proof import CLEAN_READS, left_over, tell_left

# Read before the first removal: what is over by itself must not be planned.
_FIRST_LOOK = ("spot-instances-request", "capacity-reservation", "volume", "network-interface")


def teardown(clients: Clients, run_id: str, seconds: float, clock: Clock, check_mode: bool) -> dict[str, Any]:
    """Remove everything of a run and prove that nothing is left.

    Parameters:
        seconds: how long to go on before what is left is a failure.

    Returns:
        the module's result.

    Raises:
        GpuError: something is left, with its cost per hour.
    """
    first = read_existing(clients, run_id, _FIRST_LOOK)
    if hidden_machines(clients, run_id, first, clock):
        first = read_existing(clients, run_id, _FIRST_LOOK)
    work = Teardown(clients, run_id, clock, clock.now() + seconds, plan_teardown(first))
    folder = run_folder(clients.region, run_id)
    keys = [ForgetKeys(folder)] if os.path.isdir(folder) else []
    if check_mode:
        return _report(work, first, first, left_over(first, {}), keys)
    foreign = foreign_disks(first)
    work.clean_reads = 0 if left_over(first, {}) else 1
    work.remove(work.actions)
    state = _with_ended(work.prove(), first)
    left = left_over(state, work.refusals) + _foreign_left(clients, foreign)
    if left:
        raise GpuError(
            f"Run {run_id} in {clients.region} is not gone: {tell_left(left)}",
            "Run the teardown again; what it names by a reason needs that reason removed first.",
            "teardown_incomplete",
            **_report(work, first, state, left, []),
        )
    for action in keys:
        forget_keys(action.folder)
    return _report(work, first, state, left, keys)


@dataclass
class Teardown:
    """A teardown under way.

    Parameters:
        end: when what is left becomes a failure, in the clock's seconds.
        actions: removals so far.
        refusals: what AWS refused in the last round.
        clean_reads: readings in a row that found nothing.
    """

    clients: Clients
    run_id: str
    clock: Clock
    end: float
    actions: list[Remove]
    refusals: Refusals = field(default_factory=Refusals)
    clean_reads: int = 0

    def remove(self, actions: list[Remove]) -> None:
        """Do removals within the time that is left."""
        seconds = max(0.0, self.end - self.clock.now())
        self.refusals = apply_removals(self.clients, actions, seconds, self.clock)

    def prove(self) -> RunState:
        """Read until two readings in a row are clean; what a reading finds is removed and read again.

        Returns:
            the last reading.
        """
        wait = FIRST_SECONDS
        while True:
            state = read_existing(self.clients, self.run_id, tuple(READERS))
            self.clean_reads = 0 if left_over(state, {}) else self.clean_reads + 1
            over = self.clock.now() >= self.end or self.refusals.lasting()
            if self.clean_reads == CLEAN_READS or (over and not self.clean_reads):
                return state
            if self.clean_reads:
                # Two readings at the same moment would be one.
                self.clock.pause(FIRST_SECONDS)
                continue
            more = plan_teardown(state)
            new = [action for action in more if action not in self.actions]
            self.remove(more)
            self.actions += new
            if self.refusals or not new:
                self.clock.pause(wait)
                wait = min(wait * 2, LONGEST_SECONDS)


def _with_ended(state: RunState, first: RunState) -> RunState:
    """The last reading, with machines that AWS has forgotten since the first: the receipt needs them."""
    known = {row["InstanceId"] for row in state.instances}
    forgotten = [row for row in first.instances if row["InstanceId"] not in known]
    return RunState(state.resources, [*state.instances, *(_as_ended(row) for row in forgotten)])


def _as_ended(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "State": {"Name": "terminated"}}


def _foreign_left(clients: Clients, disks: Sequence[str]) -> list[dict[str, Any]]:
    if not disks:
        return []
    return [
        {
            "kind": "disk",
            "id": row["VolumeId"],
            "state": row["State"],
            "usd_per_hour": None,
            "reason": "it does not carry the run's tag, so it is yours to delete or keep",
        }
        for row in network.describe_volumes(clients.ec2, list(disks))
    ]


def _report(
    work: Teardown, first: RunState, last: RunState, left: list[dict[str, Any]], keys: list[ForgetKeys]
) -> dict[str, Any]:
    actions = [str(action) for action in [*work.actions, *keys]]
    before = "".join(f"{row['InstanceId']} {state_of(row)}\n" for row in live(first.instances))
    before += "".join(f"{kind} {one}\n" for kind, ids in first.resources.items() for one in ids if kind != "instance")
    result = {
        "changed": bool(actions),
        "actions": actions,
        "run_id": work.run_id,
        "region": work.clients.region,
        "regions": [work.clients.region],
        "kept": kept_blocks(first),
        "proof": {"clean_reads": work.clean_reads, "left": left},
        "receipt": receipt(last.instances, datetime.now(timezone.utc)),
        "diff": {"before": before, "after": "".join(f"left: {row['kind']} {row['id']}\n" for row in left)},
    }
    return {**result, "summary": teardown_summary(result)}
