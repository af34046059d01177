# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of a guest: name, network, accounts, ssh server, and the tools the sandbox stands in for."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from sandbox.gpu.state import current_gpu
from sandbox.guest.accounts import LOGIN_ID, guest_accounts
from sandbox.guest.plan import BOOT_DIR, BootPlan

SHIM = """#!/bin/sh
# SANDBOX: stands in for the real {name}.
exec {python} -IS {boot_dir} {module} {name} "$@"
"""

POWER_SHIMS: Mapping[str, str] = {
    "/usr/sbin/poweroff": "guest.power",
    "/usr/sbin/halt": "guest.power",
    "/usr/sbin/reboot": "guest.power",
    "/usr/sbin/shutdown": "guest.power",
    "/usr/bin/systemctl": "guest.power",
}
SHIMS: Mapping[str, str] = {
    "/usr/bin/cloud-init": "guest.status",
    "/usr/bin/dmesg": "guest.kernel_log",
}
NVIDIA_SMI = ("/usr/bin/nvidia-smi", "gpu.nvidia_smi")
LIBRARY_FOLDERS = (f"/usr/lib/{os.uname().machine}-linux-gnu", "/usr/lib64", "/usr/lib")
"""Where the driver's library lies, by distribution; the first that exists."""
SUDO_SHIM = ("/usr/bin/sudo", "guest.sudo")

SSHD_CONFIG = """# Written at boot by the sandbox.
{listen}
Port {port}
HostKey /etc/ssh/ssh_host_ed25519_key
PidFile /run/sshd.pid
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
UsePAM no
UseDNS no
StrictModes {strict_modes}
PrintMotd no
MaxStartups 100:30:200
MaxSessions 100
AcceptEnv LANG LC_*
Subsystem sftp internal-sftp
{set_env}
"""

SUDOERS = """Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
root ALL=(ALL:ALL) ALL
@includedir /etc/sudoers.d
"""

PAM_SU = "auth sufficient pam_succeed_if.so quiet use_uid user = {user}\n"
"""First line of /etc/pam.d/su where su plays sudo."""


def place(path: str, text: str, mode: int = 0o644) -> None:
    """Put a file in its place in one step, whatever was there before."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    draft = Path(f"{path}.gpgpu-sandbox")
    draft.write_text(text, encoding="utf-8")
    draft.chmod(mode)
    draft.replace(path)


def settle(plan: BootPlan) -> None:
    """Write the settings of this boot."""
    if not plan.systemd:
        place("/etc/hostname", f"{plan.hostname}\n")
        place("/etc/hosts", f"127.0.0.1 localhost\n::1 localhost\n{plan.address} {_names(plan.hostname)}\n")
        place("/etc/resolv.conf", plan.resolv_conf)
    place("/etc/environment", "".join(f'{name}="{value}"\n' for name, value in plan.environment.items()))
    for folder in ("/run/sshd", "/run/lock", "/run/user"):
        os.makedirs(folder, exist_ok=True)
    _add_tools(plan)
    _add_driver_library()
    _add_ssh_server(plan)
    if not Path(f"/home/{plan.login_user}").exists():
        _add_login_user(plan)


def _names(hostname: str) -> str:
    return " ".join(dict.fromkeys((hostname, hostname.partition(".")[0])))


def _add_tools(plan: BootPlan) -> None:
    Path(NVIDIA_SMI[0]).unlink(missing_ok=True)
    shims = {**SHIMS, **({} if plan.systemd else POWER_SHIMS), **dict([NVIDIA_SMI] if plan.driver_version else [])}
    if plan.pretend_root or not os.access("/usr/bin/sudo", os.X_OK):
        shims[SUDO_SHIM[0]] = SUDO_SHIM[1]
    for path, module in shims.items():
        name = os.path.basename(path)
        place(path, SHIM.format(python=sys.executable, name=name, boot_dir=BOOT_DIR, module=module), 0o755)
    for command, interpreter in plan.python_commands.items():
        if not os.path.lexists(command):
            # A link would make a virtual environment look for the standard library below /usr.
            place(command, f'#!/bin/sh\nexec {interpreter} "$@"\n', 0o755)


def _add_driver_library() -> None:
    """Put the driver's library in its place by name only: its version can be read, nothing can be called.

    A driver of the desk itself is taken away, since the host has none of its GPUs.
    """
    for folder in map(Path, LIBRARY_FOLDERS):
        for pattern in ("libnvidia-ml.so*", "libcuda.so*"):
            for path in folder.glob(pattern):
                path.unlink()
    gpu = current_gpu()
    folder = next(filter(Path.is_dir, map(Path, LIBRARY_FOLDERS)))
    if gpu is not None and gpu.library_version is not None:
        name = f"libnvidia-ml.so.{gpu.library_version}"
        place(f"{folder}/{name}", "SANDBOX: no library\n")
        (folder / "libnvidia-ml.so.1").symlink_to(name)


def _add_ssh_server(plan: BootPlan) -> None:
    pairs = " ".join(f"{name}={_quoted(value)}" for name, value in plan.environment.items())
    text = SSHD_CONFIG.format(
        listen=f"ListenAddress {plan.listen_address}" if plan.listen_address else "",
        port=plan.port,
        # With one user id only, the folders above the keys belong to nobody that sshd knows.
        strict_modes="no" if plan.pretend_root else "yes",
        set_env=f"SetEnv {pairs}" if pairs else "",
    )
    place("/etc/ssh/sshd_config", text)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _add_login_user(plan: BootPlan) -> None:
    user, home = plan.login_user, Path(f"/home/{plan.login_user}")
    shell = "/bin/bash" if os.path.exists("/bin/bash") else "/bin/sh"
    passwd, group = Path("/etc/passwd").read_text(), Path("/etc/group").read_text()
    accounts = guest_accounts(passwd, group, user, shell, one_id=plan.pretend_root)
    for path, text in accounts.items():
        place(path, text, 0o640 if path == "/etc/shadow" else 0o644)
    if os.access("/usr/bin/sudo", os.X_OK):
        # The machine's own is for its administrators' eyes, so it isn't in the image.
        place("/etc/sudoers", SUDOERS, 0o440)
    place("/etc/sudoers.d/90-cloud-init-users", f"{user} ALL=(ALL) NOPASSWD:ALL\n", 0o440)
    if os.path.exists("/etc/pam.d/su"):
        place("/etc/pam.d/su", PAM_SU.format(user=user) + Path("/etc/pam.d/su").read_text())
    shutil.copytree("/etc/skel", home) if os.path.isdir("/etc/skel") else home.mkdir()
    keys = home / ".ssh/authorized_keys"
    keys.parent.mkdir(mode=0o700)
    keys.write_text("".join(f"{key}\n" for key in plan.public_keys), encoding="utf-8")
    keys.chmod(0o600)
    home.chmod(0o750)
    if not plan.pretend_root:
        for entry in (home, *home.rglob("*")):
            os.chown(entry, LOGIN_ID, LOGIN_ID)
