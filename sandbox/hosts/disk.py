# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk of a host, laid out at its first boot and kept until it is destroyed."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

from sandbox.hosts.layout import Overlay, StateDir, Step

WRITABLE_SOFTWARE = ("/usr/bin", "/usr/sbin", "/usr/lib", "/usr/local", "/opt")
"""Folders in which one user id alone must be able to add files: they get an owner on the disk."""

_VAR_DEPTH = 2


def lay_out(state: StateDir, steps: Iterable[Step], one_user: bool) -> None:
    """Make the disk of a host; a disk that is there already is left as it is.

    Args:
        state: folders of the host.
        steps: its layout; each overlay gets its two folders.
        one_user: True where everything will belong to one user id.
    """
    if state.disk.exists():
        return
    for step in steps:
        if isinstance(step, Overlay):
            _make_like(Path(step.target), Path(step.upper))
            Path(step.work).mkdir(parents=True)
            if one_user:
                _own(Path(step.target), Path(step.upper))
    copy_settings(Path("/etc"), state.disk / "etc")
    copy_folders(Path("/var"), state.disk / "var", _VAR_DEPTH)
    (state.disk / "var/log/cloud-init-output.log").touch()
    (state.disk / "home").mkdir()
    (state.disk / "home").chmod(0o755)
    # Searchable, so that an interpreter of the desk that lies below /root can be reached.
    (state.disk / "root").mkdir()
    (state.disk / "root").chmod(0o711)


def copy_settings(source: Path, target: Path) -> None:
    """Copy the files and folders that any user of the machine may read; skip the others.

    Private keys, password hashes and tokens below /etc are exactly those that are not for all.
    """
    _make_like(source, target)
    for entry in os.scandir(source):
        copy = target / entry.name
        mode = entry.stat(follow_symlinks=False).st_mode
        if stat.S_ISLNK(mode):
            copy.symlink_to(os.readlink(entry.path))
        elif stat.S_ISDIR(mode) and mode & stat.S_IROTH:
            copy_settings(Path(entry.path), copy)
        elif stat.S_ISREG(mode) and mode & stat.S_IROTH:
            shutil.copy2(entry.path, copy)
            _chown_like(entry.path, copy)


def copy_folders(source: Path, target: Path, depth: int) -> None:
    """Copy folders and links, without any file, down to a depth."""
    _make_like(source, target)
    if depth == 0 or not os.access(source, os.R_OK | os.X_OK):
        return
    for entry in os.scandir(source):
        if entry.is_symlink():
            (target / entry.name).symlink_to(os.readlink(entry.path))
        elif entry.is_dir():
            copy_folders(Path(entry.path), target / entry.name, depth - 1)


def remove(state: StateDir) -> None:
    """Remove every file of a host. Harmless when repeated."""

    def unlock(_function: object, path: str, _error: object) -> None:
        # An overlay leaves its work folder without any permission.
        os.chmod(path, stat.S_IRWXU)
        (shutil.rmtree if os.path.isdir(path) else os.unlink)(path)

    if state.root.exists():
        shutil.rmtree(state.root, onerror=unlock)


def _make_like(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    target.chmod(stat.S_IMODE(source.stat().st_mode) | stat.S_IRWXU)
    _chown_like(source, target)


def _chown_like(source: str | Path, target: Path) -> None:
    if os.geteuid() == 0:
        owner = os.stat(source)
        os.chown(target, owner.st_uid, owner.st_gid)


def _own(lower: Path, upper: Path) -> None:
    """Repeat folders of the machine on the disk, where they belong to the host's only user."""
    for folder in map(Path, WRITABLE_SOFTWARE):
        if folder == lower or not folder.is_relative_to(lower) or not folder.is_dir():
            continue
        copy_folders(folder, upper / folder.relative_to(lower), 1 if folder.name in ("lib", "local") else 0)
