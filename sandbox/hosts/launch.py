# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a host is entered: by namespaces of root's own, or by bubblewrap for everyone else."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sandbox.guest.accounts import LOGIN_ID
from sandbox.guest.plan import BOOT_DIR
from sandbox.hosts.layout import Bind, Devices, Folder, Link, Overlay, Proc, StateDir, Step, Tmpfs, as_json
from sandbox.hosts.machine import find_bubblewrap, guest_python, require

_ENTER = Path(__file__).with_name("enter.py")


def root_command(state: StateDir, steps: list[Step], lifeline: int) -> list[str]:
    """Return the command that boots a host when the sandbox runs as root."""
    layout, mount_point = state.machine / "layout.json", state.root / "mnt"
    layout.write_text(json.dumps(as_json(steps)), encoding="utf-8")
    mount_point.mkdir(exist_ok=True)
    return [
        *(require("unshare"), "--mount", "--pid", "--fork", "--uts", "--ipc", "--kill-child"),
        *(sys.executable, "-IS", str(_ENTER), str(layout), str(mount_point)),
        *_first_process(lifeline),
    ]


def user_command(hostname: str, steps: Iterable[Step], lifeline: int) -> list[str]:
    """Return the command that boots a host for an ordinary user, who gets one user id inside."""
    return [
        *(find_bubblewrap(), "--unshare-user", "--unshare-pid", "--unshare-uts", "--unshare-ipc", "--as-pid-1"),
        *("--uid", str(LOGIN_ID), "--gid", str(LOGIN_ID), "--hostname", hostname, "--clearenv", "--tmpfs", "/"),
        *(word for step in steps for word in _ARGUMENTS[type(step)](step)),
        *("--", *_first_process(lifeline)),
    ]


def _first_process(lifeline: int) -> list[str]:
    return [guest_python(), "-IS", str(BOOT_DIR), "guest.init", "guest.init", str(lifeline)]


def _bind(step: Bind) -> list[str]:
    device = os.path.exists(step.source) and not os.path.isfile(step.source) and not os.path.isdir(step.source)
    kind = "--dev-bind" if device else "--bind" if step.writable else "--ro-bind"
    return [kind, step.source, step.target]


def _overlay(step: Overlay) -> list[str]:
    # bubblewrap wants the lowest layer first.
    layers = [word for lower in reversed(step.lowers) for word in ("--overlay-src", lower)]
    return [*layers, "--overlay", step.upper, step.work, step.target]


_ARGUMENTS: Mapping[type, Callable[[Any], list[str]]] = {
    Overlay: _overlay,
    Bind: _bind,
    Tmpfs: lambda step: ["--perms", f"{step.mode:o}", "--tmpfs", step.target],
    Folder: lambda step: ["--dir", step.target],
    Link: lambda step: ["--symlink", step.to, step.target],
    Proc: lambda step: ["--proc", step.target],
    Devices: lambda step: ["--dev", step.target],
}
