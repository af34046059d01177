# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A launch from options to result: observe, plan, apply, report."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import network
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError, GpuError, explain
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock
from ansible_collections.gpgpu.aws.plugins.module_utils._run.apply import Launch
from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import live
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import (
    Choice,
    RunState,
    caller_range,
    read_choice,
    read_run_for_launch,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.plan import (
    Action,
    missing_machines,
    plan_access,
    plan_purchase,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ready import wait_running, wait_ssh
from ansible_collections.gpgpu.aws.plugins.module_utils._run.report import launch_report
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ssh_key import (
    Runner,
    default_key_file,
    read_public_key,
    trust_hosts,
)


@dataclass(frozen=True)
class Desk:
    """What a launch needs from the machine it is started on.

    Parameters:
        run: runs a command.
        caller: tells the caller's public address.
        ssh_port: where sshd listens on the machines.
        wait_for: `running` or `ssh`.
        wait_seconds: how long to wait for it.
    """

    run: Runner
    caller: Callable[[], str]
    ssh_port: int
    wait_for: str
    wait_seconds: float
    clock: Clock


def launch(clients: Clients, spec: LaunchSpec, desk: Desk, check_mode: bool) -> dict[str, Any]:
    """Bring a run to the wanted machines.

    Returns:
        the module's result.

    Raises:
        GpuError, AwsCallError: as explained there.
    """
    if spec.key_file:
        read_public_key(spec.key_file, desk.run)
    state = read_run_for_launch(clients, spec.run_id)
    missing = missing_machines(spec, state)
    choice = read_choice(clients, spec, desk.caller) if missing else None
    actions = _plan(clients, spec, state, desk, choice=choice, missing=missing)
    key_file = spec.key_file or default_key_file(spec.region, spec.run_id)
    if not spec.key_file and not spec.key_name:
        _check_own_key(spec, state, key_file)
    report = partial(
        launch_report,
        spec,
        choice,
        actions=actions,
        observed=state.instances,
        ssh_port=desk.ssh_port,
        key_file=key_file,
    )
    if check_mode:
        return report(instances=state.instances)
    work = Launch(clients, spec, choice, desk.run, desk.clock, (state.ids("security-group") or [""])[0])
    try:
        work.apply(actions)
        ids = sorted({*work.bought, *(row["InstanceId"] for row in live(state.instances))})
        rows = _wait(clients, ids, state, bool(actions), desk)
    except (AwsCallError, GpuError) as error:
        raise _with_traces(error, state, actions) from error
    result = report(instances=rows)
    if actions:
        trust_hosts(result["hosts"])
    return result


def _with_traces(error: AwsCallError | GpuError, state: RunState, actions: Sequence[Action]) -> GpuError:
    """The error, saying whether all that the run owns now comes from this failed launch."""
    known = explain(error) if isinstance(error, AwsCallError) else error
    known.details["left_traces"] = bool(actions) and not live(state.instances)
    return known


def _plan(
    clients: Clients, spec: LaunchSpec, state: RunState, desk: Desk, *, choice: Choice | None, missing: int
) -> list[Action]:
    actions: list[Action] = []
    if state.ids("security-group"):
        groups = network.describe_security_groups(clients.ec2, GroupIds=state.ids("security-group"))
        cidrs = choice.cidrs if choice else spec.allowed_cidrs or (caller_range(desk.caller()),)
        actions.extend(plan_access(groups, cidrs, desk.ssh_port))
    if choice:
        actions.extend(plan_purchase(spec, state, choice, desk.ssh_port, missing))
    return actions


def _check_own_key(spec: LaunchSpec, state: RunState, key_file: str) -> None:
    if state.ids("key-pair") and not os.path.exists(key_file):
        raise GpuError(
            f"Run {spec.run_id} was started elsewhere: its private key {key_file} is not on this machine",
            "Copy the key here, name it with gpu_key_file, or tear the run down and launch again.",
            "key_elsewhere",
        )


def _wait(clients: Clients, ids: list[str], state: RunState, changed: bool, desk: Desk) -> list[Mapping[str, Any]]:
    """Rows of the ready machines; those that were ready before are not read again."""
    settled = not changed and all(row["State"]["Name"] == "running" for row in live(state.instances))
    rows = live(state.instances) if settled else wait_running(clients, ids, desk.wait_seconds, desk.clock)
    if desk.wait_for == "ssh":
        wait_ssh(rows, desk.ssh_port, desk.wait_seconds, desk.clock)
    return list(rows)
