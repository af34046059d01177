# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nvidia-smi says: the driver's own view of its GPUs.

``nvidia-smi -q -x`` is read, not the table for people; the names of its elements changed between
schemas v10 (driver 418) and v13 (driver 580), so each reading lists all of its names.
Source: https://docs.nvidia.com/deploy/nvidia-smi/index.html (read 2026-11-23)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from xml.etree import ElementTree

from .host import Completed, Host
from .pci import normal_bus_id

PROGRAM = "nvidia-smi"
QUERY = ("-q", "-x")

# The XML has no compute capability. A driver older than R510 does not know the field and exits with 2.
CAPABILITY_QUERY = ("--query-gpu=pci.bus_id,compute_cap", "--format=csv,noheader")

_NAMES = {
    "temperature_celsius": ("temperature/gpu_temp",),
    "power_watts": (
        "gpu_power_readings/instant_power_draw",
        "gpu_power_readings/power_draw",
        "gpu_power_readings/average_power_draw",
        "power_readings/power_draw",
    ),
    "power_limit_watts": ("gpu_power_readings/current_power_limit", "power_readings/power_limit"),
}
_REASON_GROUPS = ("clocks_event_reasons", "clocks_throttle_reasons")
_REASON_PREFIX = re.compile(r"clocks_(?:event|throttle)_reason_")


@dataclass(frozen=True)
class Gpu:
    """One GPU as its driver describes it; None stands for a reading that it does not give."""

    index: int
    minor: int | None
    uuid: str | None
    name: str | None
    pci_bus_id: str
    memory_mib: int | None
    compute_capability: str | None
    performance_state: str | None
    temperature_celsius: float | None
    power_watts: float | None
    power_limit_watts: float | None
    ecc_enabled: bool | None
    ecc_uncorrected: int | None
    mig_enabled: bool | None
    mig_devices: int
    throttle_reasons: tuple[str, ...]


@dataclass(frozen=True)
class SmiAnswer:
    """Outcome of nvidia-smi: what it described, or its exit status and complaint."""

    status: int | None = None
    complaint: str = ""
    answered: bool = False
    driver_version: str | None = None
    cuda_version: str | None = None
    gpus: tuple[Gpu, ...] = ()


def reading(node: ElementTree.Element, *names: str) -> str | None:
    """Text of the first of the named elements that holds a real reading, or None."""
    for name in names:
        text = (node.findtext(name) or "").strip().strip("[]")
        if text and text not in ("N/A", "Not Supported") and not text.startswith("Requested functionality"):
            return text
    return None


def number(text: str | None) -> float | None:
    """The number before a unit: 68.5 of ``68.50 W``, 81559 of ``81559 MiB``; None without one."""
    found = re.match(r"-?[0-9]+(?:\.[0-9]+)?", text or "")
    return float(found.group()) if found else None


def whole(text: str | None) -> int | None:
    """The whole number before a unit, or None."""
    value = number(text)
    return None if value is None else int(value)


def switch(text: str | None) -> bool | None:
    """True for ``Enabled``, False for ``Disabled``, else None."""
    return {"Enabled": True, "Disabled": False}.get(text or "")


def uncorrected_errors(gpu: ElementTree.Element) -> int | None:
    """Uncorrected memory errors since the driver was loaded, or None where none are counted."""
    volatile = gpu.find("ecc_errors/volatile")
    if volatile is None:
        return None
    names = [node.tag for node in volatile if "uncorrectable" in node.tag] or ["double_bit/total"]
    counts = [whole(reading(volatile, name)) for name in names]
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def throttle_reasons(gpu: ElementTree.Element) -> tuple[str, ...]:
    """Names of the active reasons for lowered clocks, in the order of NVML's bits."""
    nodes = [node for group in _REASON_GROUPS for node in gpu.findall(f"{group}/*")]
    return tuple(_REASON_PREFIX.sub("", node.tag) for node in nodes if (node.text or "").strip() == "Active")


def parse_gpu(index: int, node: ElementTree.Element) -> Gpu:
    """One ``gpu`` element of the answer; its place in the answer is its index."""
    return Gpu(
        index=index,
        minor=whole(reading(node, "minor_number")),
        uuid=reading(node, "uuid"),
        name=reading(node, "product_name"),
        pci_bus_id=normal_bus_id(reading(node, "pci/pci_bus_id") or node.get("id") or ""),
        memory_mib=whole(reading(node, "fb_memory_usage/total")),
        compute_capability=None,
        performance_state=reading(node, "performance_state"),
        ecc_enabled=switch(reading(node, "ecc_mode/current_ecc")),
        ecc_uncorrected=uncorrected_errors(node),
        mig_enabled=switch(reading(node, "mig_mode/current_mig")),
        mig_devices=len(node.findall("mig_devices/mig_device")),
        throttle_reasons=throttle_reasons(node),
        **{field: number(reading(node, *names)) for field, names in _NAMES.items()},
    )


def parse_query(done: Completed) -> SmiAnswer:
    """The answer of ``nvidia-smi -q -x``. One with a complaint can still describe some GPUs."""
    start = done.stdout.find("<nvidia_smi_log")
    try:
        log = ElementTree.fromstring(done.stdout[start:] if start >= 0 else "")
    except ElementTree.ParseError:
        return SmiAnswer(status=done.status, complaint=done.text)
    return SmiAnswer(
        status=done.status,
        complaint=" ".join(done.stderr.split()),
        answered=True,
        driver_version=reading(log, "driver_version"),
        # Drivers from R610 on call it the CUDA version of the user mode driver.
        cuda_version=reading(log, "cuda_version", "cuda_umd_version"),
        gpus=tuple(parse_gpu(index, node) for index, node in enumerate(log.findall("gpu"))),
    )


def parse_capabilities(text: str) -> dict[str, str]:
    """Compute capability (``9.0``) by bus address from the answer to CAPABILITY_QUERY."""
    rows = re.findall(r"^\s*([0-9A-Fa-f:.]+),\s*([0-9]+\.[0-9]+)\s*$", text, re.MULTILINE)
    return {normal_bus_id(bus): capability for bus, capability in rows}


def read_smi(host: Host) -> SmiAnswer:
    """Ask nvidia-smi; an answer without status means that the program is not there."""
    program = host.program(PROGRAM)
    if program is None:
        return SmiAnswer()
    answer = parse_query(host.run([program, *QUERY]))
    if not answer.gpus:
        return answer
    capabilities = parse_capabilities(host.run([program, *CAPABILITY_QUERY]).stdout)
    gpus = (replace(gpu, compute_capability=capabilities.get(gpu.pci_bus_id)) for gpu in answer.gpus)
    return replace(answer, gpus=tuple(gpus))
