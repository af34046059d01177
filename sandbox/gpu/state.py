# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The GPUs of this guest as they are now: what the instance type carries, less what has been broken."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from sandbox.gpu.catalog import PretendGpu, pretend_gpu
from sandbox.gpu.faults import Faults, read_faults
from sandbox.gpu.identity import bus_ids, uuids

GPU_PATH = Path("/run/gpgpu-sandbox/gpu.json")
FAULTS_PATH = Path("/run/gpgpu-sandbox/control/gpu.json")


@dataclass(frozen=True)
class Device:
    """One GPU that the driver sees."""

    minor: int
    bus_id: str
    uuid: str


@dataclass(frozen=True)
class GpuState:
    """All GPUs of the guest."""

    model: PretendGpu
    devices: tuple[Device, ...]
    driver_version: str | None
    """Version of the loaded kernel module; None when none is loaded."""
    library_version: str | None
    """Version of the installed library, that nvidia-smi is part of."""
    throttle_reasons: tuple[str, ...]
    xids: tuple[tuple[str, int], ...]
    """Bus id and number of each Xid that the kernel has logged."""


def current_gpu(gpu_path: Path = GPU_PATH, faults_path: Path = FAULTS_PATH) -> GpuState | None:
    """Return the GPUs as of now; None on a machine without any."""
    facts = json.loads(gpu_path.read_text(encoding="utf-8"))
    if facts["gpu"] is None:
        return None
    return apply_faults(PretendGpu(**facts["gpu"]), facts["instance_id"], read_faults(faults_path))


def apply_faults(model: PretendGpu, instance_id: str, faults: Faults) -> GpuState:
    """Return the GPUs of a model with some of them missing, hot or without a driver."""
    names, ids = bus_ids(model), uuids(model, instance_id)
    driver_version = None if faults.driver_absent else model.driver_version
    devices = tuple(
        Device(minor, names[minor], ids[minor]) for minor in range(model.count) if minor not in faults.missing_gpu
    )
    return GpuState(
        model=model,
        devices=devices,
        driver_version=driver_version,
        library_version=faults.version_skew or model.driver_version,
        throttle_reasons=faults.throttle,
        xids=tuple((names[minor], number) for minor, number in faults.xid),
    )


EXAMPLE = apply_faults(cast(PretendGpu, pretend_gpu("g5.xlarge", "deep-learning")), "i-0123456789abcdef0", Faults())
"""A GPU to ask for the names of its readings where none is there."""
