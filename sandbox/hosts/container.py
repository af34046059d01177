# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend `container`: the same root filesystem under podman and runc, with a real systemd.

Needs root. Timers, shutdown and reboot are systemd's own; the network is the container's own, so the
metadata service has its usual address. `halt` powers off, other than on EC2.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from sandbox.guest.plan import PROC_DIR
from sandbox.hosts.base import Exit, HostError, HostSpec
from sandbox.hosts.disk import format_disk
from sandbox.hosts.layout import IN_MEMORY, Bind, Devices, Folder, Link, Overlay, Proc, Step, Tmpfs, host_layout
from sandbox.hosts.life import LivingHost
from sandbox.hosts.machine import is_root, require
from sandbox.hosts.medium import boot_plan, insert_medium
from sandbox.hosts.processes import descendants
from sandbox.hosts.units import write_units

SYSTEMD = ("/usr/lib/systemd/systemd", "/lib/systemd/systemd")
# Mounts, the metadata address and a reboot that can be told from a power-off need these.
CAPABILITIES = "SYS_ADMIN,NET_ADMIN,SYS_BOOT"
# podman's defaults exceed what a container of ours may ask for.
LIMITS = ("nofile=1024:4096", "nproc=4096:8192")
_KEEPER = Path(__file__).with_name("keeper.py")


class ContainerHost(LivingHost):
    """One container; the launcher is its keeper."""

    # runc reports a first process that reboot(2) ended by a signal as 128 and the signal's number.
    exits: ClassVar[Mapping[int, Exit]] = {129: "reboot", 130: "poweroff"}

    def __init__(self, spec: HostSpec) -> None:
        super().__init__(spec)
        if not is_root():
            raise HostError("Failed to make a host: the backend 'container' needs root. Use the backend 'process'.")
        for program in ("sshd", "ssh-keygen", "podman", "runc", "ip"):
            require(program)
        self._init = next(filter(os.path.exists, SYSTEMD), None)
        if self._init is None:
            raise HostError("Failed to make a host: this machine has no systemd. Run: apt-get install systemd")
        self._name = f"gpgpu-sandbox-{spec.instance_id}-{os.getpid()}"

    def pids(self) -> tuple[int, ...]:
        """Return the ids of the keeper, of systemd and of all below it."""
        keeper = super().pids()
        pid_file = self._state.machine / "pid"
        if not keeper or not pid_file.exists():
            return keeper
        return keeper + descendants(int(pid_file.read_text(encoding="ascii")))

    def _command(self, lifeline: int) -> list[str]:
        devices = insert_medium(self._spec, self._state, boot_plan(self._spec, systemd=True))
        (self._state.machine / "sys/fs/cgroup").mkdir(parents=True)
        steps = host_layout(self._state, self._desk(), devices)
        if not self._state.disk.exists():
            format_disk(self._state, steps)
            write_units(self._state.disk / "units")
        root = self._state.disk / "rootfs"
        _make_root(root, steps)
        return [
            *(sys.executable, "-IS", str(_KEEPER), str(lifeline), self._name),
            *(require("podman"), "--cgroup-manager=cgroupfs", "--runtime", require("runc"), "run", "--rm"),
            *("--name", self._name, "--hostname", self._spec.hostname, "--systemd=always", "--log-driver=none"),
            *("--pidfile", str(self._state.machine / "pid"), "--cap-add", CAPABILITIES),
            *(word for limit in LIMITS for word in ("--ulimit", limit)),
            *("--publish", f"{self._spec.address}:{self._spec.port}:{self._spec.port}"),
            *(word for step in steps for word in _ARGUMENTS[type(step)](step)),
            *("--volume", f"{self._state.disk / 'units'}:/etc/systemd/system"),
            *("--rootfs", str(root), str(self._init)),
        ]

    def _kill(self) -> None:
        subprocess.run(
            [require("podman"), "--cgroup-manager=cgroupfs", "kill", self._name], capture_output=True, check=False
        )


def _make_root(root: Path, steps: list[Step]) -> None:
    """Make the folders and links on the container's root itself."""
    for name in ("proc", "sys", "dev", "run", "tmp"):
        (root / name).mkdir(parents=True, exist_ok=True)
    for step in steps:
        path = root / step.target.lstrip("/")
        if isinstance(step, Folder):
            path.mkdir(parents=True, exist_ok=True)
        elif isinstance(step, Link) and not path.is_symlink():
            path.symlink_to(step.to)


def _overlay(step: Overlay) -> Iterator[str]:
    yield "--volume"
    yield f"{step.lowers[0]}:{step.target}:O,upperdir={step.upper},workdir={step.work}"


def _bind(step: Bind) -> Iterator[str]:
    if step.target.startswith("/dev/"):
        yield from ("--device", f"{step.source}:{step.target}")
        return
    target = str(PROC_DIR / Path(step.target).name) if step.target.startswith("/proc/") else step.target
    yield from ("--volume", f"{step.source}:{target}:{'rw' if step.writable else 'ro'}")


def _tmpfs(step: Tmpfs) -> Iterator[str]:
    # systemd's own folders in memory are podman's part.
    if step.target.strip("/") not in IN_MEMORY:
        yield from ("--tmpfs", step.target)


def _nothing(_step: Step) -> Iterator[str]:
    yield from ()


_ARGUMENTS: Mapping[type, Callable[[Any], Iterator[str]]] = {
    Overlay: _overlay,
    Bind: _bind,
    Tmpfs: _tmpfs,
    Folder: _nothing,
    Link: _nothing,
    Proc: _nothing,
    Devices: _nothing,
}


def make(spec: HostSpec) -> ContainerHost:
    """Return the host of an instance."""
    return ContainerHost(spec)
