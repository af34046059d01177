# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file tree of a host, as data: which part of the machine appears where.

The machine's own root filesystem is the image. Its software is shown (/usr, /opt), its settings
as far as any of its users may read them (/etc), the state of its package manager, and nothing else:
no home, no logs, no data of its services.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sandbox.guest.plan import BOOT_DIR, CONTROL_DIR, GPU_PATH, PLAN_PATH
from sandbox.hosts.machine import SOFTWARE, desk_prefix, is_shown

MERGED = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
"""Links into /usr on a merged machine, folders of their own elsewhere."""
IN_MEMORY = {"tmp": 0o1777, "run": 0o755}
EMPTY = ("/boot", "/media", "/mnt", "/srv")
PACKAGE_STATE = (
    "/var/lib/alternatives",
    "/var/lib/apt",
    "/var/lib/dnf",
    "/var/lib/dpkg",
    "/var/lib/pacman",
    "/var/lib/pam",
    "/var/lib/rpm",
    "/var/lib/systemd/deb-systemd-helper-enabled",
    "/var/lib/ucf",
    "/var/cache/apt",
    "/var/cache/debconf",
    "/var/cache/ldconfig",
)
CACHE_TARGET = "/var/cache/gpgpu-sandbox"


@dataclass(frozen=True)
class Overlay:
    """Folders laid over one another, topmost first, with the host's disk above them."""

    target: str
    lowers: tuple[str, ...]
    upper: str
    work: str


@dataclass(frozen=True)
class Bind:
    """A file or folder of the desk, shown in the host."""

    source: str
    target: str
    writable: bool = False


@dataclass(frozen=True)
class Tmpfs:
    """An empty folder that is forgotten at power-off."""

    target: str
    mode: int = 0o755


@dataclass(frozen=True)
class Folder:
    """An empty folder, forgotten at power-off like everything on the root itself."""

    target: str


@dataclass(frozen=True)
class Link:
    """A symbolic link."""

    target: str
    to: str


@dataclass(frozen=True)
class Proc:
    """The process table of the host alone."""

    target: str = "/proc"


@dataclass(frozen=True)
class Devices:
    """/dev with null, zero, full, random, urandom, tty, pts and shm."""

    target: str = "/dev"


Step = Overlay | Bind | Tmpfs | Folder | Link | Proc | Devices


@dataclass(frozen=True)
class StateDir:
    """The folders of one host on the desk."""

    root: Path

    @property
    def disk(self) -> Path:
        """What survives stop and start."""
        return self.root / "disk"

    @property
    def machine(self) -> Path:
        """What is made anew at each boot: the sandbox's code, the boot plan, the pretend hardware."""
        return self.root / "machine"

    @property
    def control(self) -> Path:
        """Files by which the server speaks to the running host."""
        return self.root / "control"

    @property
    def console(self) -> Path:
        """What the console has shown."""
        return self.root / "console.log"


@dataclass(frozen=True)
class Desk:
    """What the hosts of one sandbox share."""

    image: Path
    """Folder of the shared image, see image.py."""
    packages: Path
    """Folder of downloaded packages."""
    one_user: bool
    """True where everything in a host belongs to one user id."""
    hidden: tuple[Path, ...] = ()
    """Folders that appear empty should they lie inside the machine's software."""


def host_layout(state: StateDir, desk: Desk, devices: tuple[str, ...]) -> list[Step]:
    """Return the mounts of a host, in order; `devices` are names of pretend devices below /dev."""
    return [
        *map(Folder, EMPTY),
        *_software(state, desk),
        *(Tmpfs(str(path)) for path in desk.hidden if is_shown(path)),
        _overlay(state, "/etc", str(desk.image / "etc")),
        _overlay(state, "/var", str(desk.image / "var")),
        *(_overlay(state, path, path) for path in PACKAGE_STATE if Path(path).is_dir()),
        Bind(str(desk.packages), CACHE_TARGET, writable=True),
        Bind(str(state.disk / "home"), "/home", writable=True),
        Bind(str(state.disk / "root"), "/root", writable=True),
        *_desk_python(),
        *(Tmpfs(f"/{name}", mode) for name, mode in IN_MEMORY.items()),
        *_hardware(state, devices),
        Bind(str(desk.image / "boot"), str(BOOT_DIR)),
        Bind(str(state.machine / "boot.json"), str(PLAN_PATH)),
        Bind(str(state.machine / "gpu.json"), str(GPU_PATH)),
        Bind(str(state.control), str(CONTROL_DIR)),
        Bind(str(state.console), "/var/log/cloud-init-output.log", writable=True),
    ]


def as_json(steps: list[Step]) -> list[dict[str, Any]]:
    """Return the steps in the form that enter.py reads."""
    return [{"step": type(step).__name__, **asdict(step)} for step in steps]


def _overlay(state: StateDir, target: str, *lowers: str) -> Overlay:
    name = target.strip("/").replace("/", "-")
    return Overlay(target, lowers, str(state.disk / "upper" / name), str(state.disk / "work" / name))


def _software(state: StateDir, desk: Desk) -> Iterator[Step]:
    for path in filter(os.path.isdir, SOFTWARE):
        owned = [f"{desk.image}{path}"] if desk.one_user else []
        yield _overlay(state, path, *owned, path)
    for path in MERGED:
        if os.path.islink(path):
            yield Link(path, os.readlink(path))
        elif os.path.isdir(path):
            yield _overlay(state, path, path)


def _desk_python() -> Iterator[Step]:
    prefix = str(desk_prefix())
    if not is_shown(desk_prefix()):
        yield Bind(prefix, prefix)


def _hardware(state: StateDir, devices: tuple[str, ...]) -> Iterator[Step]:
    yield Proc()
    yield Bind(str(state.machine / "driver"), "/proc/driver")
    yield Bind(str(state.machine / "boot_id"), "/proc/sys/kernel/random/boot_id")
    yield Devices()
    for name in devices:
        # A device that opens and does nothing; the real number would reach a GPU of the desk.
        yield Bind("/dev/null", f"/dev/{name}", writable=True)
    yield Bind(str(state.machine / "sys"), "/sys")
    yield Bind("/sys/devices/system", "/sys/devices/system")
