# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NVIDIA GPUs on the PCI bus: what the machine has, whatever the driver thinks of it.

Source: https://docs.kernel.org/PCI/sysfs-pci.html
"""

from __future__ import annotations

from dataclasses import dataclass

from .host import Host

DEVICES = "/sys/bus/pci/devices"
NVIDIA_VENDOR = "0x10de"

# Display controllers only: VGA (0300) and 3D (0302). An NVSwitch is a bridge (0680) and
# a graphics card's sound function is 0403; neither is a GPU. https://admin.pci-ids.ucw.cz/read/PD/03
GPU_CLASSES = ("0x0300", "0x0302")


@dataclass(frozen=True)
class PciGpu:
    """One NVIDIA GPU on the bus; ``pci_device_id`` is four hexadecimal digits."""

    pci_bus_id: str
    pci_device_id: str


def normal_bus_id(text: str) -> str:
    """The kernel's form of a bus address: ``00000000:00:1E.0`` becomes ``0000:00:1e.0``."""
    domain, _colon, rest = text.strip().lower().partition(":")
    return f"{domain[-4:].rjust(4, '0')}:{rest}"


def read_pci_gpus(host: Host) -> tuple[PciGpu, ...] | None:
    """NVIDIA GPUs on the bus in address order, or None where the bus cannot be read."""
    addresses = host.names(DEVICES, r"[0-9a-fA-F:.]+")
    if addresses is None:
        return None
    return tuple(
        PciGpu(normal_bus_id(address), (host.read(f"{DEVICES}/{address}/device") or "0x").lower()[2:])
        for address in addresses
        if host.read(f"{DEVICES}/{address}/vendor") == NVIDIA_VENDOR
        and (host.read(f"{DEVICES}/{address}/class") or "").startswith(GPU_CLASSES)
    )
