# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The units of a guest with systemd; the machine's own enabled units stay on the machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sandbox.guest.plan import BOOT_DIR
from sandbox.hosts.base import HostError
from sandbox.hosts.machine import guest_python

_RUN = "{python} -IS {boot} {module} {module} {argument}"
_CONSOLE = "StandardOutput=append:/var/log/cloud-init-output.log\nStandardError=inherit\n"

UNITS: Mapping[str, str] = {
    "gpgpu-sandbox-early.service": "[Unit]\nDescription=SANDBOX settings and early user data\n"
    "Before=ssh.service sshd.service\nAfter=gpgpu-sandbox-metadata.socket\n"
    f"[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart={{early}}\n{_CONSOLE}",
    "gpgpu-sandbox-late.service": "[Unit]\nDescription=SANDBOX late user data\n"
    "After=gpgpu-sandbox-early.service ssh.service sshd.service\n"
    f"[Service]\nType=oneshot\nRemainAfterExit=yes\nTimeoutStartSec=infinity\nExecStart={{late}}\n{_CONSOLE}",
    # The address of the service on EC2; it exists in the guest's own network only.
    "gpgpu-sandbox-metadata.socket": "[Unit]\nDescription=SANDBOX instance metadata\n"
    "[Socket]\nListenStream=169.254.169.254:80\nFreeBind=yes\nExecStartPre=ip addr replace 169.254.169.254/32 dev lo\n",
    "gpgpu-sandbox-metadata.service": "[Unit]\nDescription=SANDBOX instance metadata\n"
    "[Service]\nExecStart={metadata}\n",
}
WANTS: Mapping[str, str] = {
    "multi-user.target.wants/gpgpu-sandbox-early.service": "../gpgpu-sandbox-early.service",
    "multi-user.target.wants/gpgpu-sandbox-late.service": "../gpgpu-sandbox-late.service",
    "sockets.target.wants/gpgpu-sandbox-metadata.socket": "../gpgpu-sandbox-metadata.socket",
}
MASKED = ("getty.target", "console-getty.service", "systemd-udevd.service", "systemd-remount-fs.service")
_VENDOR_UNITS = ("/usr/lib/systemd/system", "/lib/systemd/system")


def write_units(folder: Path) -> None:
    """Write the units of a new disk.

    Raises:
        HostError: the machine has no unit for its ssh server.
    """
    (folder / "multi-user.target.wants").mkdir(parents=True)
    (folder / "sockets.target.wants").mkdir()
    commands = {
        "early": _command("guest.unit", "early"),
        "late": _command("guest.unit", "late"),
        # systemd hands the listening socket over as descriptor 3.
        "metadata": _command("guest.imds", "3"),
    }
    for name, text in UNITS.items():
        (folder / name).write_text(text.format(**commands), encoding="utf-8")
    for name in MASKED:
        (folder / name).symlink_to("/dev/null")
    (folder / "default.target").symlink_to("/usr/lib/systemd/system/multi-user.target")
    ssh = _ssh_unit()
    for name, to in {**WANTS, f"multi-user.target.wants/{ssh.name}": str(ssh)}.items():
        (folder / name).symlink_to(to)


def _command(module: str, argument: str) -> str:
    return _RUN.format(python=guest_python(), boot=BOOT_DIR, module=module, argument=argument)


def _ssh_unit() -> Path:
    units = (Path(folder, name) for folder in _VENDOR_UNITS for name in ("ssh.service", "sshd.service"))
    found = next(filter(Path.exists, units), None)
    if found is None:
        raise HostError("Failed to make a host with systemd: this machine's openssh-server has no systemd unit.")
    return found
