# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lay out the file tree of a host and become its first process.

Runs as root, as the first process of new mount, process, name and ipc namespaces:
`enter.py LAYOUT NEW_ROOT COMMAND...`. It stands alone: it imports nothing of the sandbox, since
the sandbox's own folder is out of sight when it is done.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

# mount(2), umount2(2): https://man7.org/linux/man-pages/man2/mount.2.html
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC = 32, 4096, 16384
MNT_DETACH = 2

# pivot_root(2) has no function in libc: https://man7.org/linux/man-pages/man2/pivot_root.2.html
PIVOT_ROOT_NUMBERS = {"x86_64": 155, "aarch64": 41}

# What root of a host must not do to the desk: load modules, touch ports, set the clock, read the
# kernel's log, make a device. https://man7.org/linux/man-pages/man7/capabilities.7.html
PR_CAPBSET_DROP = 24
DROPPED_CAPABILITIES = {"sys_module": 16, "sys_rawio": 17, "sys_time": 25, "mknod": 27, "syslog": 34}

DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
DEVICE_LINKS = {
    "ptmx": "pts/ptmx",
    "fd": "/proc/self/fd",
    "stdin": "/proc/self/fd/0",
    "stdout": "/proc/self/fd/1",
    "stderr": "/proc/self/fd/2",
}

LIBC = ctypes.CDLL(None, use_errno=True)


def check(result: int, what: str) -> None:
    """Raise OSError with the errno of the last libc call when it failed."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    """Mount a filesystem, or raise OSError with the reason."""
    arguments = (source.encode(), target.encode(), kind.encode(), flags, data.encode())
    check(LIBC.mount(*arguments), f"mount {kind or source} on {target}")


def bind(source: str, target: str, writable: bool) -> None:
    """Show a file or folder at another place."""
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    elif not os.path.exists(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        Path(target).touch()
    mount(source, target, flags=MS_BIND | MS_REC)
    if not writable:
        mount("none", target, flags=MS_BIND | MS_REMOUNT | MS_RDONLY)


def add_overlay(root: str, step: dict[str, Any]) -> None:
    """Lay the host's disk over a folder; where the kernel refuses the disk, memory."""
    lower, target = ":".join(step["lowers"]), root + step["target"]
    os.makedirs(target, exist_ok=True)
    options = f"lowerdir={lower},upperdir={step['upper']},workdir={step['work']}"
    try:
        mount("overlay", target, "overlay", data=options)
    except OSError as error:
        print(f"[SANDBOX] {step['target']} is kept in memory and lost at power-off ({error})", flush=True)
        mount("tmpfs", target, "tmpfs", data="mode=0755")
        os.mkdir(f"{target}/upper")
        os.mkdir(f"{target}/work")
        mount("overlay", target, "overlay", data=f"lowerdir={lower},upperdir={target}/upper,workdir={target}/work")


def add_bind(root: str, step: dict[str, Any]) -> None:
    """Show a file or folder of the desk."""
    bind(step["source"], root + step["target"], step["writable"])


def add_tmpfs(root: str, step: dict[str, Any]) -> None:
    """Add an empty filesystem in memory."""
    os.makedirs(root + step["target"], exist_ok=True)
    mount("tmpfs", root + step["target"], "tmpfs", MS_NOSUID | MS_NODEV, f"mode={step['mode']:o}")


def add_folder(root: str, step: dict[str, Any]) -> None:
    """Add an empty folder on the root itself."""
    os.makedirs(root + step["target"], exist_ok=True)


def add_link(root: str, step: dict[str, Any]) -> None:
    """Add a symbolic link."""
    os.symlink(step["to"], root + step["target"])


def add_proc(root: str, step: dict[str, Any]) -> None:
    """Add the process table; the desk's kernel settings in it are read-only."""
    target = root + step["target"]
    os.makedirs(target, exist_ok=True)
    mount("proc", target, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    for name in filter(lambda name: os.path.exists(f"{target}/{name}"), ("sys", "sysrq-trigger")):
        bind(f"{target}/{name}", f"{target}/{name}", writable=False)


def add_devices(root: str, step: dict[str, Any]) -> None:
    """Add the devices that every program expects."""
    target = root + step["target"]
    add_tmpfs(root, {"target": step["target"], "mode": 0o755})
    for name in DEVICES:
        bind(f"/dev/{name}", f"{target}/{name}", writable=True)
    for name, to in DEVICE_LINKS.items():
        os.symlink(to, f"{target}/{name}")
    os.mkdir(f"{target}/pts")
    mount("devpts", f"{target}/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620,gid=5")
    add_tmpfs(root, {"target": f"{step['target']}/shm", "mode": 0o1777})


STEPS: Mapping[str, Callable[[str, dict[str, Any]], None]] = {
    "Overlay": add_overlay,
    "Bind": add_bind,
    "Tmpfs": add_tmpfs,
    "Folder": add_folder,
    "Link": add_link,
    "Proc": add_proc,
    "Devices": add_devices,
}


def pivot(root: str) -> None:
    """Make the new tree the root and forget the old one."""
    os.chdir(root)
    # Stacking both on one directory spares a folder for the old root; see pivot_root(2), NOTES.
    check(LIBC.syscall(PIVOT_ROOT_NUMBERS[platform.machine()], b".", b"."), f"pivot_root to {root}")
    check(LIBC.umount2(b".", MNT_DETACH), "detach the old root")
    os.chdir("/")


def main(layout: str, root: str, command: list[str]) -> None:
    """Lay out, pivot, drop what root of a host has no use for, and run the command in its place."""
    os.umask(0o022)
    mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755")
    for step in json.loads(Path(layout).read_text(encoding="utf-8")):
        STEPS[step["step"]](root, step)
    pivot(root)
    for capability in DROPPED_CAPABILITIES.values():
        check(LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "drop a capability")
    os.execv(command[0], command)


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2], sys.argv[3:])
    except OSError as error:
        sys.exit(f"[SANDBOX] {error}")
