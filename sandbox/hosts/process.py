# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend `process`: a host of namespaces over the machine's own root filesystem, with a real sshd."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from sandbox.guest.plan import EXIT_POWEROFF, EXIT_REBOOT
from sandbox.hosts.base import Exit, HostSpec
from sandbox.hosts.disk import format_disk
from sandbox.hosts.launch import root_command, user_command
from sandbox.hosts.layout import host_layout
from sandbox.hosts.life import LivingHost
from sandbox.hosts.machine import require
from sandbox.hosts.medium import boot_plan, insert_medium
from sandbox.hosts.processes import kill_first_process


class ProcessHost(LivingHost):
    """One host of namespaces; the launcher is unshare or bubblewrap."""

    # reboot(2) inside a process namespace ends its first process by these signals:
    # https://man7.org/linux/man-pages/man7/pid_namespaces.7.html
    exits: ClassVar[Mapping[int, Exit]] = {
        EXIT_POWEROFF: "poweroff",
        EXIT_REBOOT: "reboot",
        -2: "poweroff",
        -1: "reboot",
    }

    def __init__(self, spec: HostSpec) -> None:
        super().__init__(spec)
        for program in ("sshd", "ssh-keygen", "unshare"):
            require(program)

    def _command(self, lifeline: int) -> list[str]:
        devices = insert_medium(self._spec, self._state, boot_plan(self._spec, pretend_root=not self._root))
        steps = host_layout(self._state, self._desk(), devices)
        format_disk(self._state, steps)
        if self._root:
            return root_command(self._state, steps, lifeline)
        return user_command(self._spec.hostname, steps, lifeline)

    def _kill(self) -> None:
        if self._launcher is not None:
            kill_first_process(self._launcher.pid)


def make(spec: HostSpec) -> ProcessHost:
    """Return the host of an instance."""
    return ProcessHost(spec)
