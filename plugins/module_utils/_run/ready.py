# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait until the machines of a run can be used."""

from __future__ import annotations

import os
import select
import shlex
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock, poll
from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import ENDED_STATES, state_of

CONNECT_SECONDS = 2.0
# The AWS CLI signs in and opens a websocket first.
TUNNEL_SECONDS = 20.0
# RFC 4253, section 4.2.
GREETING = b"SSH-"


def wait_running(clients: Clients, ids: Sequence[str], timeout_seconds: float, clock: Clock) -> list[dict[str, Any]]:
    """Wait until every machine runs.

    Returns:
        rows of DescribeInstances.

    Raises:
        MachinesEndedError: a machine ended at once, with AWS's reason.
        GpuError: time ran out.
    """

    def read() -> list[dict[str, Any]]:
        return ec2.describe_instances(clients.ec2, InstanceIds=list(ids))

    def done(rows: list[dict[str, Any]]) -> bool:
        ended = [row for row in rows if state_of(row) in (*ENDED_STATES, "stopping", "stopped")]
        if ended:
            raise _ended(ended)
        return len(rows) == len(ids) and all(state_of(row) == "running" for row in rows)

    ready, rows = poll(read, done, timeout_seconds, clock)
    if not ready:
        states = ", ".join(f"{row['InstanceId']} {state_of(row)}" for row in rows) or "not visible"
        raise _late(f"The machines did not run within {timeout_seconds:g} s ({states})", ids)
    return rows


def wait_ssh(
    rows: Sequence[Mapping[str, Any]],
    port: int,
    timeout_seconds: float,
    clock: Clock,
    tunnels: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Wait until sshd answers on every machine; status checks need not have passed.

    Parameters:
        tunnels: the commands that lead to machines which are not reached by address, by instance id.

    Raises:
        GpuError: time ran out, with the machines that do not answer.
    """
    ways = tunnels or {}
    waiting = {str(row["InstanceId"]): _place(row, ways) for row in rows}

    def read() -> list[str]:
        ids = list(waiting)
        asked = [partial(tunnel_answers, ways[one]) if one in ways else _knock(waiting[one], port) for one in ids]
        for one, answered in zip(ids, in_parallel(asked), strict=True):
            if answered:
                del waiting[one]
        return list(waiting)

    ready, silent = poll(read, lambda left: not left, timeout_seconds, clock)
    if not ready:
        names = ", ".join(f"{one} ({waiting[one]})" for one in silent)
        raise _late(f"SSH (port {port}) did not answer within {timeout_seconds:g} s on {names}", silent)


def _place(row: Mapping[str, Any], tunnels: Mapping[str, Sequence[str]]) -> str:
    if row["InstanceId"] in tunnels:
        return shlex.join(tunnels[row["InstanceId"]])
    return str(row.get("PublicIpAddress") or row.get("PrivateIpAddress"))


def _knock(address: str, port: int) -> Callable[[], bool]:
    return partial(ssh_answers, address, port)


def tunnel_answers(command: Sequence[str]) -> bool:
    """Whether an SSH server greets at the other end of a tunnel; the tunnel is closed again."""
    pipe = subprocess.PIPE
    try:
        tunnel = subprocess.Popen(
            list(command), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except OSError:
        return False
    with tunnel:
        try:
            return _greeting(tunnel, TUNNEL_SECONDS) == GREETING
        finally:
            # The AWS CLI leaves the tunnel itself to a child.
            with suppress(ProcessLookupError):
                os.killpg(tunnel.pid, signal.SIGKILL)


def _greeting(tunnel: subprocess.Popen[bytes], seconds: float) -> bytes:
    out = tunnel.stdout
    ready = select.select([out], [], [], seconds)[0] if out else []
    return os.read(out.fileno(), len(GREETING)) if out and ready else b""


def ssh_answers(address: str, port: int) -> bool:
    """Whether an SSH server greets at an address (RFC 4253, section 4.2)."""
    try:
        with socket.create_connection((address, port), timeout=CONNECT_SECONDS) as connection:
            connection.settimeout(CONNECT_SECONDS)
            return connection.recv(len(GREETING)) == GREETING
    except OSError:
        return False


class MachinesEndedError(GpuError):
    """Machines that ended before they could be used.

    Parameters:
        rows: of DescribeInstances.
    """

    def __init__(self, rows: Sequence[Mapping[str, Any]], message: str, next_step: str, **details: Any) -> None:
        super().__init__(message, next_step, "machine_ended", **details)
        self.rows = list(rows)


def _ended(rows: Sequence[Mapping[str, Any]]) -> MachinesEndedError:
    reasons = "; ".join(
        f"{row['InstanceId']} is {state_of(row)}: "
        f"{row.get('StateReason', {}).get('Message') or row.get('StateTransitionReason') or 'no reason given'}"
        for row in rows
    )
    return MachinesEndedError(
        rows,
        f"Machines ended before they could be used: {reasons}",
        "Tear the run down, then launch again: another zone or type may do better.",
        instance_ids=[row["InstanceId"] for row in rows],
    )


def _late(message: str, ids: Sequence[str]) -> GpuError:
    return GpuError(
        message,
        "The machines bill until their lease ends: launch again to go on waiting, or tear the run down now.",
        "launch_timeout",
        instance_ids=list(ids),
    )
