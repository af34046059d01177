# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk of a host: made at its first boot and kept until it is destroyed."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

from sandbox.hosts.layout import Overlay, StateDir, Step

HOME_MODES = {
    "home": 0o755,
    # Searchable, so that an interpreter of the desk that lies below /root can be reached.
    "root": 0o711,
}


def format_disk(state: StateDir, steps: Iterable[Step]) -> None:
    """Make the folders of a new disk; a disk that is there already is left as it is.

    Args:
        state: folders of the host.
        steps: its layout; each overlay gets its two folders.
    """
    if state.disk.exists():
        return
    for step in steps:
        if isinstance(step, Overlay):
            _make_upper(Path(step.lowers[0]), Path(step.upper))
            Path(step.work).mkdir(parents=True)
    for name, mode in HOME_MODES.items():
        (state.disk / name).mkdir()
        (state.disk / name).chmod(mode)


def remove(state: StateDir) -> None:
    """Remove every file of a host. Harmless when repeated."""

    def unlock(_function: object, path: str, _error: object) -> None:
        # An overlay leaves its work folder without any permission.
        os.chmod(path, stat.S_IRWXU)
        shutil.rmtree(path)

    if state.root.exists():
        shutil.rmtree(state.root, onerror=unlock)


def _make_upper(lower: Path, upper: Path) -> None:
    """Make the topmost layer, whose owner and mode are those that the host sees."""
    upper.mkdir(parents=True)
    status = lower.stat()
    upper.chmod(stat.S_IMODE(status.st_mode) | stat.S_IRWXU)
    if os.geteuid() == 0:
        os.chown(upper, status.st_uid, status.st_gid)
