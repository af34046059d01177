# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `nvidia-smi --query-gpu` can be asked, and what an idle GPU answers.

Names and order follow `nvidia-smi --help-query-gpu` of driver 580,
https://docs.nvidia.com/deploy/nvidia-smi/index.html
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from sandbox.gpu.state import Device, GpuState

NOT_AVAILABLE = "N/A"
RESERVED_MIB = 450
IDLE_WATTS_SHARE = 0.08
"""Share of the power limit that an idle GPU draws."""

THROTTLE_REASONS: Mapping[str, int] = {
    "gpu_idle": 0x1,
    "applications_clocks_setting": 0x2,
    "sw_power_cap": 0x4,
    "hw_slowdown": 0x8,
    "hw_thermal_slowdown": 0x40,
    "hw_power_brake_slowdown": 0x80,
    "sync_boost": 0x10,
    "sw_thermal_slowdown": 0x20,
}
"""Reasons for clocks below their maximum, and their bits.

https://docs.nvidia.com/deploy/nvml-api/group__nvmlClocksEventReasons.html
"""

UNITS: Mapping[str, str] = {
    **dict.fromkeys(("memory.total", "memory.reserved", "memory.used", "memory.free"), "MiB"),
    **dict.fromkeys(("utilization.gpu", "utilization.memory", "fan.speed"), "%"),
    **dict.fromkeys(("power.draw", "power.draw.average", "power.draw.instant", "power.limit"), "W"),
    **dict.fromkeys(("enforced.power.limit", "power.default_limit", "power.min_limit", "power.max_limit"), "W"),
    **dict.fromkeys(("clocks.current.graphics", "clocks.current.sm"), "MHz"),
    **dict.fromkeys(("clocks.current.memory", "clocks.current.video"), "MHz"),
    **dict.fromkeys(("clocks.max.graphics", "clocks.max.sm", "clocks.max.memory"), "MHz"),
}

ALIASES: Mapping[str, str] = {
    "gpu_name": "name",
    "gpu_serial": "serial",
    "gpu_uuid": "uuid",
    "gpu_bus_id": "pci.bus_id",
    "clocks.gr": "clocks.current.graphics",
    "clocks.sm": "clocks.current.sm",
    "clocks.mem": "clocks.current.memory",
    "clocks.video": "clocks.current.video",
    "clocks.max.gr": "clocks.max.graphics",
    "clocks.max.mem": "clocks.max.memory",
    "clocks_throttle_reasons.supported": "clocks_event_reasons.supported",
    "clocks_throttle_reasons.active": "clocks_event_reasons.active",
    **{f"clocks_throttle_reasons.{name}": f"clocks_event_reasons.{name}" for name in THROTTLE_REASONS},
}


def readings(state: GpuState, device: Device) -> dict[str, str]:
    """Return every field of one GPU by its canonical name, without unit."""
    return {
        **_identity(state, device),
        **_throttling(state),
        **_memory_and_use(state),
        **_power_and_clocks(state),
        **_health(),
    }


def _identity(state: GpuState, device: Device) -> dict[str, str]:
    model = state.model
    domain, bus, rest = device.bus_id.split(":")
    return {
        "timestamp": time.strftime("%Y/%m/%d %H:%M:%S.000"),
        "driver_version": state.driver_version or NOT_AVAILABLE,
        "count": str(len(state.devices)),
        "name": model.name,
        "serial": NOT_AVAILABLE,
        "uuid": device.uuid,
        "pci.bus_id": f"0000{device.bus_id}",
        "pci.domain": f"0x{domain}",
        "pci.bus": f"0x{bus}",
        "pci.device": f"0x{rest.partition('.')[0]}",
        "pci.device_id": f"0x{model.pci_device.upper()}{model.pci_vendor.upper()}",
        "index": str(device.minor),
        "compute_cap": model.compute_capability,
        "vbios_version": "SANDBOX",
        "display_mode": "Disabled",
        "display_active": "Disabled",
        "persistence_mode": "Enabled",
        "compute_mode": "Default",
        "mig.mode.current": NOT_AVAILABLE,
        "mig.mode.pending": NOT_AVAILABLE,
        "pcie.link.gen.current": "1",
        "pcie.link.gen.max": "4",
        "pcie.link.width.current": "16",
        "pcie.link.width.max": "16",
        "fan.speed": NOT_AVAILABLE,
        "pstate": "P8",
    }


def _throttling(state: GpuState) -> dict[str, str]:
    active = state.throttle_reasons or ("gpu_idle",)
    bits = sum(THROTTLE_REASONS[name] for name in active)
    return {
        "clocks_event_reasons.supported": f"0x{0x1FF:016X}",
        "clocks_event_reasons.active": f"0x{bits:016X}",
        **{f"clocks_event_reasons.{name}": "Active" if name in active else "Not Active" for name in THROTTLE_REASONS},
    }


def _memory_and_use(state: GpuState) -> dict[str, str]:
    total = state.model.memory_mib
    return {
        "memory.total": str(total),
        "memory.reserved": str(RESERVED_MIB),
        "memory.used": "0",
        "memory.free": str(total - RESERVED_MIB),
        "utilization.gpu": "0",
        "utilization.memory": "0",
    }


def _power_and_clocks(state: GpuState) -> dict[str, str]:
    limit = state.model.power_limit_watts
    draw = f"{limit * IDLE_WATTS_SHARE:.2f}"
    limits = dict.fromkeys(("power.limit", "enforced.power.limit", "power.default_limit", "power.max_limit"))
    return {
        "temperature.gpu": "88" if any("thermal" in reason for reason in state.throttle_reasons) else "27",
        "temperature.memory": NOT_AVAILABLE,
        **dict.fromkeys(("power.draw", "power.draw.average", "power.draw.instant"), draw),
        **dict.fromkeys(limits, f"{limit:.2f}"),
        "power.min_limit": f"{limit / 3:.2f}",
        "clocks.current.graphics": "210",
        "clocks.current.sm": "210",
        "clocks.current.memory": "405",
        "clocks.current.video": "555",
        "clocks.max.graphics": "1710",
        "clocks.max.sm": "1710",
        "clocks.max.memory": "6251",
    }


def _health() -> dict[str, str]:
    errors = {
        f"ecc.errors.{kind}.{span}.total": "0"
        for kind in ("corrected", "uncorrected")
        for span in ("volatile", "aggregate")
    }
    return {
        "ecc.mode.current": "Enabled",
        "ecc.mode.pending": "Enabled",
        **errors,
        "remapped_rows.correctable": "0",
        "remapped_rows.uncorrectable": "0",
        "remapped_rows.pending": "No",
        "remapped_rows.failure": "No",
    }
