# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all hosts of this machine have in common below their disks: made once, then shared read-only.

* `etc`: the machine's settings, as far as any of its users may read them. Private keys, password
  hashes and tokens below /etc are exactly the files that are not for all.
* `var`: the machine's folders below /var, without a single file.
* `usr`, `opt`: empty folders that belong to the one user id of a host without root, laid over the
  machine's own so that files can be added there.
* `boot`: the guest's code.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import sandbox
from sandbox.hosts.machine import guest_python

GUEST_PACKAGES = ("guest", "gpu")
WRITABLE_SOFTWARE = ("/usr/bin", "/usr/sbin", "/usr/lib", "/usr/local", "/usr/share")
"""Folders in which a host without root must be able to add files, each with those just below it."""

_PACKAGE = Path(sandbox.__file__).resolve().parent
_VAR_DEPTH = 3
_WATCHED = ("/usr", "/opt", "/var", "/var/lib", "/var/cache")
_KEPT_SECONDS = 24 * 3600
_MAKING = threading.Lock()
_CONSOLE_COPY = "var/log/cloud-init-output.log"


def shared_image(folder: Path) -> Path:
    """Return the folder of the image, made now unless an equal one is there.

    Args:
        folder: where images are kept from one sandbox to the next.
    """
    with _MAKING:
        image = folder / _fingerprint()
        if not image.exists():
            _make(folder, image)
        _hold(image)
    return image


def _make(folder: Path, image: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if time.time() - old.stat().st_mtime > _KEPT_SECONDS:
            _remove_unused(old)
    draft = Path(tempfile.mkdtemp(dir=folder))
    _build(draft)
    draft.chmod(0o755)
    try:
        draft.rename(image)
    except OSError:
        # Another sandbox was quicker; its image is the same.
        shutil.rmtree(draft)


@cache
def _hold(image: Path) -> int:
    """Keep others from removing an image as long as this process lives."""
    held = os.open(image, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(held, fcntl.LOCK_SH)
    return held


def _remove_unused(image: Path) -> None:
    """Remove an image or a forgotten draft, unless some sandbox holds it."""
    descriptor = os.open(image, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(image)
    except BlockingIOError:
        return
    finally:
        os.close(descriptor)


def copy_settings(source: Path, target: Path) -> None:
    """Copy the files and folders that any user of the machine may read; skip the others."""
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


def _build(image: Path) -> None:
    copy_settings(Path("/etc"), image / "etc")
    copy_folders(Path("/var"), image / "var", _VAR_DEPTH)
    (image / _CONSOLE_COPY).touch()
    for folder in map(Path, ("/usr", "/opt")):
        if folder.is_dir():
            _make_like(folder, image / folder.name)
    for folder in filter(Path.is_dir, map(Path, WRITABLE_SOFTWARE)):
        _make_like(folder, image / folder.relative_to("/"))
        for below in filter(os.DirEntry.is_dir, os.scandir(folder)):
            if not below.is_symlink():
                _make_like(Path(below.path), image / below.path[1:])
    for source, target in _code():
        (image / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, image / target)
        (image / target).chmod(0o644)
    # Compiled by the interpreter that will run it, since a host sees this folder read-only.
    subprocess.run([guest_python(), "-I", "-m", "compileall", "-q", str(image / "boot")], check=True)
    for name in ("boot.json", "gpu.json"):
        (image / "boot" / name).touch()
    (image / "boot/control").mkdir()
    for folder in (image / "boot", *(image / "boot").rglob("*/")):
        folder.chmod(0o755)


def _code() -> Iterator[tuple[Path, str]]:
    yield _PACKAGE / "__init__.py", "boot/sandbox/__init__.py"
    yield _PACKAGE / "guest/__main__.py", "boot/__main__.py"
    for package in GUEST_PACKAGES:
        for path in sorted((_PACKAGE / package).glob("*.py")):
            yield path, f"boot/sandbox/{package}/{path.name}"


@cache
def _fingerprint() -> str:
    """Return a name that changes whenever an image would come out differently.

    Looked up once: what changes on the machine is seen by the next sandbox, not by this one.
    """
    digest = hashlib.sha256(str(os.geteuid()).encode())
    for path in _sources():
        status = path.lstat()
        digest.update(f"{path} {status.st_mode} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    yield from sorted(path for path, _ in _code())
    yield from filter(Path.is_dir, map(Path, (*_WATCHED, *WRITABLE_SOFTWARE)))
    for folder, folders, files in os.walk("/etc"):
        folders.sort()
        yield from (Path(folder, name) for name in sorted(files))
        yield Path(folder)


def _make_like(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    target.chmod(stat.S_IMODE(source.stat().st_mode) | stat.S_IRWXU)
    _chown_like(source, target)


def _chown_like(source: str | Path, target: Path) -> None:
    if os.geteuid() == 0:
        owner = os.stat(source)
        os.chown(target, owner.st_uid, owner.st_gid)
