# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host is given at each boot: its boot plan and its pretend hardware."""

from __future__ import annotations

import base64
import json
import shutil
import uuid
from dataclasses import asdict
from pathlib import Path

from sandbox.gpu.devices import device_names, write_driver_tree, write_sys_tree
from sandbox.gpu.state import current_gpu
from sandbox.guest.plan import BootPlan
from sandbox.hosts.base import HostSpec
from sandbox.hosts.environment import session_environment
from sandbox.hosts.layout import StateDir
from sandbox.hosts.machine import python_commands, require
from sandbox.hosts.user_data import parse_user_data


def boot_plan(spec: HostSpec, *, pretend_root: bool = False, systemd: bool = False) -> BootPlan:
    """Return what the guest is told; with systemd it has a network of its own as well."""
    return BootPlan(
        instance_id=spec.instance_id,
        hostname=spec.hostname,
        address=spec.address,
        listen_address=None if systemd else spec.address,
        port=spec.port,
        sshd=require("sshd"),
        login_user=spec.login_user,
        public_keys=list(spec.public_keys),
        pretend_root=pretend_root,
        systemd=systemd,
        environment=session_environment(None if systemd else spec.address, spec.environment),
        metadata=dict(spec.metadata),
        imds_token_required=spec.imds_token_required,
        user_data=parse_user_data(spec.user_data),
        user_data_base64=base64.b64encode(spec.user_data).decode(),
        resolv_conf=Path("/etc/resolv.conf").read_text(encoding="utf-8"),
        python_commands=python_commands(),
        driver_version=spec.gpu.driver_version if spec.gpu else None,
    )


def insert_medium(spec: HostSpec, state: StateDir, plan: BootPlan) -> tuple[str, ...]:
    """Write the files of the next boot of a host; return the names of its pretend devices."""
    shutil.rmtree(state.machine, ignore_errors=True)
    state.machine.mkdir()
    plan.write(state.machine / "boot.json")
    gpu = {"instance_id": spec.instance_id, "gpu": asdict(spec.gpu) if spec.gpu else None}
    (state.machine / "gpu.json").write_text(json.dumps(gpu), encoding="utf-8")
    (state.machine / "boot_id").write_text(f"{uuid.uuid4()}\n", encoding="ascii")
    instance_type = spec.metadata.get("instance-type", "")
    now = current_gpu(state.machine / "gpu.json", state.control / "gpu.json")
    write_sys_tree(now, instance_type, spec.instance_id, state.machine / "sys")
    write_driver_tree(now, state.machine / "driver")
    for path in state.machine.rglob("*"):
        if path.name != "boot.json":
            path.chmod(0o755 if path.is_dir() else 0o644)
    return device_names(now)
