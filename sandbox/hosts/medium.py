# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host boots from: the guest's code, its boot plan and its pretend hardware, made anew at each boot."""

from __future__ import annotations

import base64
import json
import shutil
import sys
import uuid
from dataclasses import asdict
from pathlib import Path

import sandbox
from sandbox.gpu.devices import device_names, write_driver_tree, write_sys_tree
from sandbox.guest.plan import BootPlan
from sandbox.hosts.base import HostSpec
from sandbox.hosts.environment import session_environment
from sandbox.hosts.layout import StateDir, desk_python
from sandbox.hosts.user_data import parse_user_data

GUEST_PACKAGES = ("guest", "gpu")
_PACKAGE = Path(sandbox.__file__).parent


def boot_plan(spec: HostSpec, pretend_root: bool) -> BootPlan:
    """Return what the guest is told."""
    return BootPlan(
        instance_id=spec.instance_id,
        hostname=spec.hostname,
        address=spec.address,
        port=spec.port,
        login_user=spec.login_user,
        public_keys=list(spec.public_keys),
        pretend_root=pretend_root,
        environment=session_environment(spec.address, spec.environment),
        metadata=dict(spec.metadata),
        imds_token_required=spec.imds_token_required,
        user_data=parse_user_data(spec.user_data),
        user_data_base64=base64.b64encode(spec.user_data).decode(),
        resolv_conf=Path("/etc/resolv.conf").read_text(encoding="utf-8"),
        python_links=python_links(),
        driver_version=spec.gpu.driver_version if spec.gpu else None,
        has_gpu=spec.gpu is not None,
    )


def write_medium(spec: HostSpec, state: StateDir, pretend_root: bool) -> tuple[str, ...]:
    """Write the boot medium of a host; return the names of its pretend devices."""
    shutil.rmtree(state.machine, ignore_errors=True)
    boot = state.machine / "boot"
    for package in GUEST_PACKAGES:
        _copy_code(_PACKAGE / package, boot / "sandbox" / package)
    _copy_file(_PACKAGE / "__init__.py", boot / "sandbox/__init__.py")
    _copy_file(_PACKAGE / "guest/__main__.py", boot / "__main__.py")
    boot_plan(spec, pretend_root).write(boot / "boot.json")
    gpu = {"instance_id": spec.instance_id, "gpu": asdict(spec.gpu) if spec.gpu else None}
    (boot / "gpu.json").write_text(json.dumps(gpu), encoding="utf-8")
    (boot / "gpu.json").chmod(0o644)
    (boot / "control").mkdir()
    (state.machine / "boot_id").write_text(f"{uuid.uuid4()}\n", encoding="ascii")
    write_sys_tree(spec.gpu, spec.instance_id, state.machine / "sys")
    write_driver_tree(spec.gpu, spec.instance_id, state.machine / "driver")
    for path in (state.machine, *state.machine.rglob("*")):
        path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o000))
    return device_names(spec.gpu)


def guest_python() -> str:
    """Return the interpreter that runs the guest's own programs."""
    return next((path for path in ("/usr/bin/python3", "/usr/local/bin/python3") if Path(path).exists()), _desk())


def python_links() -> dict[str, str]:
    """Return links that offer the desk's Python beside the system's, by version only."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return {f"/usr/local/bin/{name}": _desk()} if desk_python() else {}


def _desk() -> str:
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return str(Path(sys.base_prefix).resolve() / "bin" / name)


def _copy_code(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for path in source.glob("*.py"):
        _copy_file(path, target / path.name)


def _copy_file(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    target.chmod(0o644)
