# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a launch: wait, set up what needs the machines, and leave nothing where they are not."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._run.apply import Launch
from ansible_collections.gpgpu.aws.plugins.module_utils._run.desk import Desk
from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import Reach, hosts_of, live, tunnels_of
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import RunState
from ansible_collections.gpgpu.aws.plugins.module_utils._run.plan import Action
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ready import wait_running, wait_ssh
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ssh_key import default_key_file, trust_hosts
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.teardown import teardown

# Time to take back what an attempt made in a region that sold nothing.
TIDY_SECONDS = 120


def finish(
    clients: Clients, spec: LaunchSpec, desk: Desk, state: RunState, *, actions: Sequence[Action], ids: Sequence[str]
) -> list[Mapping[str, Any]]:
    """Carry out what is left to do, and wait until every machine can be used.

    Parameters:
        state: what the run has in the region.
        actions: what is left to do.
        ids: the machines of the run.

    Returns:
        rows of DescribeInstances; machines that were ready before are not read again.

    Raises:
        AwsCallError, GpuError: an action fails, or a machine does not come up in time.
    """
    settled = not actions and _running(live(state.instances)) == sorted(ids)
    work = Launch(clients, spec, None, desk.run, desk.clock, (state.ids("security-group") or [""])[0], list(ids))
    work.apply(actions)
    if not settled:
        desk.say(f"waiting for {', '.join(ids)} to run")
    rows = live(state.instances) if settled else wait_running(clients, ids, desk.wait_seconds, desk.clock)
    reach = Reach(spec.region, desk.ssh_port, key_file_of(spec), desk.profile)
    if desk.wait_for == "ssh":
        if not settled:
            desk.say("running, and billed from now on; waiting for SSH")
        wait_ssh(rows, desk.ssh_port, desk.wait_seconds, desk.clock, tunnels_of(rows, reach))
    if not settled:
        trust_hosts(hosts_of(rows, reach))
    return list(rows)


def key_file_of(spec: LaunchSpec) -> str:
    """The private key that logs in to a run."""
    return spec.key_file or default_key_file(spec.region, spec.run_id)


def check_own_key(spec: LaunchSpec, state: RunState) -> None:
    """Refuse to go on with a run whose key was made on another controller.

    Raises:
        GpuError: its private key is not here.
    """
    made_for_run = not spec.key_file and not spec.key_name and state.ids("key-pair")
    if made_for_run and not os.path.exists(key_file_of(spec)):
        raise GpuError(
            f"Run {spec.run_id} was started elsewhere: its private key {key_file_of(spec)} is not on this machine",
            "Copy the key here, name it with gpu_key_file, or tear the run down and launch again.",
            "key_elsewhere",
        )


def _running(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return sorted(row["InstanceId"] for row in rows if row["State"]["Name"] == "running")


def tidy(
    clients_in: Callable[[str], Clients], spec: LaunchSpec, desk: Desk, states: Mapping[str, RunState]
) -> list[str]:
    """Remove what refused attempts left in other regions: groups and keys, free of charge but no longer needed.

    Returns:
        a note for each region where something free of charge is left.

    Raises:
        GpuError: something that bills, or may, could not be removed.
    """
    others = [region for region, state in states.items() if region != spec.region and state.resources]
    if others:
        desk.say(f"removing what refused attempts left in {', '.join(others)}")
    notes = in_parallel(partial(_tidy_region, clients_in(region), spec.run_id, desk) for region in others)
    return [note for note in notes if note]


def _tidy_region(clients: Clients, run_id: str, desk: Desk) -> str:
    try:
        teardown(clients, run_id, TIDY_SECONDS, desk.clock, False)
    except GpuError as error:
        left = error.details.get("proof", {}).get("left", [])
        if not left or any(row["usd_per_hour"] != 0 for row in left):
            raise
        names = ", ".join(f"{row['kind']} {row['id']}" for row in left)
        return f"{names} in {clients.region} is left of a refused attempt, free of charge; the teardown removes it."
    return ""
