# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first process of a guest without systemd: boots it, keeps it, ends it.

Its only argument is the descriptor of a pipe that only the desk's server holds open. When
the server ends, however it ends, the pipe closes and the guest ends with it.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

from sandbox.guest.plan import (
    BOOT_DIR,
    EXIT_POWEROFF,
    EXIT_REBOOT,
    IMDS_PORT,
    POWER_SOCKET,
    SYSTEM_PATH,
    BootPlan,
    read_plan,
)
from sandbox.guest.settings import settle

GRACE_SECONDS = 0.5
"""How long processes may take to end by themselves at power-off."""
SSH_TRIAL_SECONDS = 2.0
"""A server that ends sooner never served; later it is somebody's own doing."""
AUTH_LOG = "/var/log/auth.log"


class Guest:
    """A running guest."""

    def __init__(self, plan: BootPlan, lifeline: int) -> None:
        self._plan = plan
        self._lifeline = lifeline
        self._switch = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._wake_reader, self._wake_writer = os.pipe()
        self._when_ended: dict[int, Callable[[], None]] = {}
        self._deadline: tuple[float, str] | None = None

    def boot(self) -> None:
        """Start what a machine starts, in its order; returns at once."""
        os.set_blocking(self._wake_writer, False)
        signal.set_wakeup_fd(self._wake_writer)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._switch.bind(str(POWER_SOCKET))
        os.chmod(POWER_SOCKET, 0o600)
        settle(self._plan)
        self._start_metadata_service()
        self._start_stage("early", self._start_ssh_server)

    def keep(self) -> int:
        """Handle events until the guest is to end; return its exit status."""
        switch = self._switch.fileno()
        sources = (self._lifeline, switch, self._wake_reader)
        while True:
            ready, _, _ = select.select(sources, [], [], self._patience())
            if self._lifeline in ready:
                return self._end(0)
            if self._wake_reader in ready:
                os.read(self._wake_reader, 4096)
                self._reap()
            if switch in ready:
                self._handle(json.loads(self._switch.recv(4096)))
            if self._deadline and time.time() >= self._deadline[0]:
                return self._finish(self._deadline[1])

    def _patience(self) -> float | None:
        # Wakes at least every minute, since a laptop's sleep doesn't count in select().
        return min(60.0, max(0.0, self._deadline[0] - time.time())) if self._deadline else None

    def _handle(self, request: dict[str, str | float]) -> None:
        verb, at = str(request["verb"]), float(request["at"])
        self._deadline = None if verb == "cancel" else (at, verb)

    def _finish(self, verb: str) -> int:
        print(f"[SANDBOX] {verb}", flush=True)
        if verb != "halt":
            return self._end(EXIT_REBOOT if verb == "reboot" else EXIT_POWEROFF)
        # A halted machine does nothing any more, but is still on, and on EC2 still billed.
        self._end(0)
        os.read(self._lifeline, 1)
        return 0

    def _end(self, status: int) -> int:
        """End every process of the guest, first politely."""
        self._when_ended.clear()
        for number, seconds in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, 5.0)):
            try:
                os.kill(-1, number)
            except ProcessLookupError:
                return status
            give_up = time.monotonic() + seconds
            while self._reap() and time.monotonic() < give_up:
                select.select([self._wake_reader], [], [], 0.02)
        return status

    def _reap(self) -> bool:
        """Collect ended processes; return whether any child is left."""
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            self._when_ended.pop(pid, lambda: None)()

    def _spawn(self, command: list[str], *, keep: tuple[int, ...] = ()) -> int:
        environment = {**self._plan.environment, "PATH": SYSTEM_PATH, "HOME": "/root"}
        return subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, pass_fds=keep, start_new_session=True, cwd="/"
        ).pid

    def _python(self, module: str, *arguments: str) -> list[str]:
        return [sys.executable, "-IS", str(BOOT_DIR), module, module, *arguments]

    def _start_metadata_service(self) -> None:
        listener = socket.create_server((self._plan.address, IMDS_PORT), backlog=64)
        self._spawn(self._python("guest.imds", str(listener.fileno())), keep=(listener.fileno(),))
        listener.close()

    def _start_stage(self, stage: str, then: Callable[[], None]) -> None:
        as_root = ["unshare", "--map-root-user", "--"] if self._plan.pretend_root else []
        pid = self._spawn([*as_root, *self._python("guest.cloud_init", stage)])
        self._when_ended[pid] = then

    def _start_ssh_server(self) -> None:
        pid = self._spawn([self._plan.sshd, "-D", "-f", "/etc/ssh/sshd_config", "-E", AUTH_LOG])
        trial_ends = time.monotonic() + SSH_TRIAL_SECONDS
        self._when_ended[pid] = lambda: self._give_up_without_ssh(trial_ends)
        self._start_stage("late", lambda: None)

    def _give_up_without_ssh(self, trial_ends: float) -> None:
        if time.monotonic() < trial_ends:
            with open(AUTH_LOG, encoding="utf-8", errors="replace") as log:
                sys.exit(f"[SANDBOX] sshd ended: {' '.join(log.read().split())[-300:]}")


def main(argv: list[str]) -> int:
    """Boot and keep the guest."""
    os.umask(0o022)
    plan = read_plan()
    if not plan.pretend_root:
        socket.sethostname(plan.hostname)
    guest = Guest(plan, int(argv[1]))
    guest.boot()
    return guest.keep()
