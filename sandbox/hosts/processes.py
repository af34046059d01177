# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes of a host as the desk sees them."""

from __future__ import annotations

import contextlib
import os
import signal
from collections import defaultdict
from pathlib import Path


def descendants(pid: int) -> tuple[int, ...]:
    """Return the ids of a process and of all below it, itself first; empty when it is gone."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            parent = _parent(entry)
            if parent is not None:
                children[parent].append(int(entry.name))
    if not Path(f"/proc/{pid}").exists():
        return ()
    found = [pid]
    for one in found:
        found.extend(children[one])
    return tuple(found)


def kill_first_process(launcher: int) -> None:
    """Kill the first process of a host, and with it, by the kernel, all others.

    The launcher waits for it, so when the launcher has ended nothing of the host is left.
    """
    family = descendants(launcher)
    if family:
        with contextlib.suppress(ProcessLookupError):
            os.kill(family[1] if len(family) > 1 else launcher, signal.SIGKILL)


def _parent(entry: Path) -> int | None:
    try:
        # The name in parentheses may itself hold blanks and parentheses.
        return int((entry / "stat").read_text(encoding="latin-1").rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return None
