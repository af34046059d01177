# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a GPU shows outside nvidia-smi: PCI entries, device files and the driver's own files."""

from __future__ import annotations

from pathlib import Path

from sandbox.gpu.catalog import PretendGpu
from sandbox.gpu.state import GpuState

DRIVER_DEVICES = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools")
DMI = {"sys_vendor": "Amazon EC2", "bios_vendor": "Amazon EC2", "chassis_vendor": "Amazon EC2"}
"""What the firmware of a Nitro machine says: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html"""

VERSION_TEXT = (
    "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  {version}  Release Build  (SANDBOX)\n"
    "GCC version:  SANDBOX: no kernel module was ever built\n"
)
INFORMATION_TEXT = """Model: \t\t {name}
IRQ:   \t\t 0
GPU UUID: \t {uuid}
Video BIOS: \t SANDBOX
Bus Type: \t PCIe
DMA Size: \t 47 bits
DMA Mask: \t 0x7fffffffffff
Bus Location: \t {bus_id}
Device Minor: \t {minor}
GPU Firmware: \t {version}
GPU Excluded:\t No
"""


def device_names(gpu: GpuState | None) -> tuple[str, ...]:
    """Return the names below /dev that the driver makes; none without a driver."""
    if gpu is None or gpu.driver_version is None:
        return ()
    return (*(f"nvidia{device.minor}" for device in gpu.devices), *DRIVER_DEVICES)


def write_sys_tree(gpu: GpuState | None, instance_type: str, instance_id: str, folder: Path) -> None:
    """Write the pretend /sys: devices on the bus, the loaded module, the firmware's identity."""
    (folder / "devices/system").mkdir(parents=True)
    (folder / "bus/pci/devices").mkdir(parents=True)
    _write(folder / "class/dmi/id", {**DMI, "product_name": instance_type, "board_asset_tag": instance_id})
    if gpu is None:
        return
    for device in gpu.devices:
        _write(folder / "bus/pci/devices" / device.bus_id.lower(), _pci_entry(gpu.model))
    if gpu.driver_version is not None:
        _write(folder / "module/nvidia", {"version": gpu.driver_version, "initstate": "live"})


def write_driver_tree(gpu: GpuState | None, folder: Path) -> None:
    """Write the pretend /proc/driver."""
    folder.mkdir(parents=True)
    if gpu is None or gpu.driver_version is None:
        return
    (folder / "nvidia").mkdir()
    (folder / "nvidia/version").write_text(VERSION_TEXT.format(version=gpu.driver_version), encoding="utf-8")
    for device in gpu.devices:
        text = INFORMATION_TEXT.format(
            name=gpu.model.name,
            uuid=device.uuid,
            bus_id=device.bus_id.lower(),
            minor=device.minor,
            version=gpu.driver_version,
        )
        entry = folder / "nvidia/gpus" / device.bus_id.lower()
        entry.mkdir(parents=True)
        (entry / "information").write_text(text, encoding="utf-8")


def _pci_entry(gpu: PretendGpu) -> dict[str, str]:
    return {
        "vendor": f"0x{gpu.pci_vendor}",
        "device": f"0x{gpu.pci_device}",
        "class": gpu.pci_class,
        "subsystem_vendor": f"0x{gpu.pci_vendor}",
        "label": "SANDBOX",
    }


def _write(folder: Path, values: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, value in values.items():
        (folder / name).write_text(f"{value}\n", encoding="ascii")
