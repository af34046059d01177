# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`nvidia-smi -q -x`: the readings in the schema nvsmi_device_v13.

Element names and their order follow outputs that others published,
https://github.com/influxdata/telegraf/tree/master/plugins/inputs/nvidia_smi/testdata
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

from sandbox.gpu.cuda import cuda_version
from sandbox.gpu.readings import NOT_AVAILABLE, THROTTLE_REASONS, UNITS, readings
from sandbox.gpu.state import Device, GpuState

HEAD = '<?xml version="1.0" ?>\n<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v13.dtd">\n'


def xml_report(state: GpuState, devices: tuple[Device, ...]) -> str:
    """Return the whole document."""
    head = {
        "timestamp": time.strftime("%a %b %d %H:%M:%S %Y"),
        "driver_version": state.driver_version,
        "cuda_version": cuda_version(state.driver_version or ""),
        "attached_gpus": str(len(state.devices)),
    }
    lines = ["<nvidia_smi_log>", *_elements(head, 1)]
    for device in devices:
        lines += [f'\t<gpu id="0000{device.bus_id}">', *_elements(_gpu(state, device), 2), "\t</gpu>"]
    return HEAD + "\n".join([*lines, "</nvidia_smi_log>"]) + "\n"


def _elements(tree: Mapping[str, Any], depth: int) -> Iterator[str]:
    indent = "\t" * depth
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield f"{indent}<{name}>"
            yield from _elements(value, depth + 1)
            yield f"{indent}</{name}>"
        else:
            yield f"{indent}<{name}>{escape(str(value))}</{name}>"


def _gpu(state: GpuState, device: Device) -> dict[str, Any]:
    shown = {name: _with_unit(name, text) for name, text in readings(state, device).items()}
    return {
        "product_name": shown["name"],
        "product_brand": "NVIDIA",
        "product_architecture": state.model.architecture,
        "display_active": shown["display_active"],
        "persistence_mode": shown["persistence_mode"],
        "addressing_mode": "None",
        "mig_mode": {"current_mig": shown["mig.mode.current"], "pending_mig": shown["mig.mode.pending"]},
        "mig_devices": "None",
        "serial": shown["serial"],
        "uuid": shown["uuid"],
        "minor_number": shown["index"],
        "vbios_version": shown["vbios_version"],
        "gpu_virtualization_mode": {"virtualization_mode": "Pass-Through", "host_vgpu_mode": NOT_AVAILABLE},
        "gpu_recovery_action": "None",
        "gsp_firmware_version": shown["driver_version"],
        "pci": _pci(shown),
        "fan_speed": shown["fan.speed"],
        "performance_state": shown["pstate"],
        "clocks_event_reasons": {
            f"clocks_event_reason_{name}": shown[f"clocks_event_reasons.{name}"] for name in THROTTLE_REASONS
        },
        **_memory(shown),
        "compute_mode": shown["compute_mode"],
        "utilization": {"gpu_util": shown["utilization.gpu"], "memory_util": shown["utilization.memory"]},
        **_errors(shown),
        "temperature": {
            "gpu_temp": f"{shown['temperature.gpu']} C",
            "gpu_temp_max_threshold": "98 C",
            "memory_temp": shown["temperature.memory"],
        },
        **_power_and_clocks(shown),
        "processes": {},
    }


def _with_unit(name: str, text: str) -> str:
    return text if text == NOT_AVAILABLE or name not in UNITS else f"{text} {UNITS[name]}"


def _pci(shown: Mapping[str, str]) -> dict[str, Any]:
    return {
        "pci_bus": shown["pci.bus"][2:],
        "pci_device": shown["pci.device"][2:],
        "pci_domain": shown["pci.domain"][2:],
        "pci_base_class": "3",
        "pci_sub_class": "2",
        "pci_device_id": shown["pci.device_id"][2:],
        "pci_bus_id": shown["pci.bus_id"],
        "pci_gpu_link_info": {
            "pcie_gen": {
                "max_link_gen": shown["pcie.link.gen.max"],
                "current_link_gen": shown["pcie.link.gen.current"],
            },
            "link_widths": {
                "max_link_width": f"{shown['pcie.link.width.max']}x",
                "current_link_width": f"{shown['pcie.link.width.current']}x",
            },
        },
    }


def _memory(shown: Mapping[str, str]) -> dict[str, Any]:
    names = ("total", "reserved", "used", "free")
    return {
        "fb_memory_usage": {name: shown[f"memory.{name}"] for name in names},
        "bar1_memory_usage": {"total": "32768 MiB", "used": "1 MiB", "free": "32767 MiB"},
    }


def _errors(shown: Mapping[str, str]) -> dict[str, Any]:
    kinds = ("sram_correctable", "sram_uncorrectable_parity", "sram_uncorrectable_secded")
    counts = dict.fromkeys((*kinds, "dram_correctable", "dram_uncorrectable"), "0")
    rows = {"corr": "correctable", "unc": "uncorrectable", "pending": "pending", "failure": "failure"}
    return {
        "ecc_mode": {"current_ecc": shown["ecc.mode.current"], "pending_ecc": shown["ecc.mode.pending"]},
        "ecc_errors": {"volatile": counts, "aggregate": {**counts, "sram_threshold_exceeded": "No"}},
        "remapped_rows": {f"remapped_row_{short}": shown[f"remapped_rows.{name}"] for short, name in rows.items()},
    }


def _power_and_clocks(shown: Mapping[str, str]) -> dict[str, Any]:
    kinds = {"graphics": "graphics", "sm": "sm", "mem": "memory"}
    return {
        "gpu_power_readings": {
            "power_state": shown["pstate"],
            "average_power_draw": shown["power.draw.average"],
            "instant_power_draw": shown["power.draw.instant"],
            "current_power_limit": shown["power.limit"],
            "requested_power_limit": shown["power.limit"],
            "default_power_limit": shown["power.default_limit"],
            "min_power_limit": shown["power.min_limit"],
            "max_power_limit": shown["power.max_limit"],
        },
        "clocks": {f"{short}_clock": shown[f"clocks.current.{name}"] for short, name in kinds.items()},
        "max_clocks": {f"{short}_clock": shown[f"clocks.max.{name}"] for short, name in kinds.items()},
    }
