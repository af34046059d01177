# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the desk tells a guest at boot: one file, read by everything that runs inside."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

BOOT_DIR = Path("/run/gpgpu-sandbox")
"""Where a guest finds the sandbox: its code, its boot plan, its GPU; read-only."""
PLAN_PATH = BOOT_DIR / "boot.json"
GPU_PATH = BOOT_DIR / "gpu.json"
POWER_SOCKET = Path("/run/gpgpu-sandbox-power")
PROC_DIR = Path("/run/gpgpu-sandbox-proc")
"""What a guest with systemd must show below /proc by itself, since runc refuses to."""
CONTROL_DIR = BOOT_DIR / "control"
"""Files by which the desk speaks to a running guest; read-only inside."""

EXIT_POWEROFF = 10
EXIT_REBOOT = 11

IMDS_PORT = 1338
"""TCP port of the metadata service on the host's own loopback address."""

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass
class UserData:
    """User data after parsing; the keys keep cloud-init's names.

    https://docs.cloud-init.io/en/latest/reference/modules.html
    """

    ssh_deletekeys: bool = True
    ssh_keys: dict[str, str] = field(default_factory=dict)
    write_files: list[dict[str, Any]] = field(default_factory=list)
    bootcmd: list[Any] = field(default_factory=list)
    runcmd: list[Any] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What could not be understood, for the console."""


@dataclass
class BootPlan:
    """Everything that a guest needs to boot."""

    instance_id: str
    hostname: str
    address: str
    """Address at which the desk reaches the guest."""
    listen_address: str | None
    """Address on which its ssh server listens; None in a network of its own."""
    port: int
    sshd: str
    """Path of the ssh server."""
    login_user: str
    public_keys: list[str]
    pretend_root: bool
    """True where the guest has one user id only, so that root is played by `unshare -r`."""
    systemd: bool
    """True where systemd is the guest's first process and podman gave it name and network."""
    environment: dict[str, str]
    metadata: dict[str, str]
    imds_token_required: bool
    user_data: UserData
    user_data_base64: str
    resolv_conf: str
    python_commands: dict[str, str]
    """Command below /usr/local/bin for an interpreter of the desk that isn't under /usr."""
    driver_version: str | None
    """Version of the NVIDIA driver that the image comes with."""

    def write(self, path: Path) -> None:
        """Write the plan for its owner only: it may hold a private host key."""
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")


def read_plan(path: Path = PLAN_PATH) -> BootPlan:
    """Return the plan that BootPlan.write() wrote."""
    values = json.loads(path.read_text(encoding="utf-8"))
    return BootPlan(**{**values, "user_data": UserData(**values["user_data"])})
