# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a launch needs from the machine it is started on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ssh_key import Runner


@dataclass(frozen=True)
class Desk:
    """The controller.

    Parameters:
        run: runs a command.
        caller: tells the caller's public address.
        ssh_port: where sshd listens on the machines.
        wait_for: `running` or `ssh`.
        wait_seconds: how long to wait for it.
        say: shows a person one line of progress.
        profile: AWS profile that opens tunnels; empty for that of the environment.
    """

    run: Runner
    caller: Callable[[], str]
    ssh_port: int
    wait_for: str
    wait_seconds: float
    clock: Clock
    say: Callable[[str], None] = field(default=lambda _line: None)
    profile: str = ""
