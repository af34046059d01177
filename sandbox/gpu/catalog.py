# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which GPU each instance type carries, as EC2, PCI and nvidia-smi name it.

Sources, read 2026-11-23:
* counts and memory per instance type: DescribeInstanceTypes (GpuInfo),
  https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GpuDeviceInfo.html
* compute capability: https://developer.nvidia.com/cuda-gpus
* PCI ids and classes: https://pci-ids.ucw.cz/read/PC/10de
* driver of the images: https://docs.aws.amazon.com/dlami/latest/devguide/appendix-ami-release-notes.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DISPLAY_3D = "0x030200"
"""PCI class '3D controller': a GPU without a display, as EC2 shows them."""

DRIVER_VERSIONS: Mapping[str, str | None] = {
    "deep-learning": "595.91.07",
    "nvidia-marketplace": "595.91.07",
    "ubuntu": None,
    "amazon-linux": None,
}
"""Image family to the NVIDIA driver it comes with; None where it comes without."""


@dataclass(frozen=True)
class GpuModel:
    """One product of NVIDIA."""

    product: str
    """Product name as nvidia-smi prints it."""
    architecture: str
    compute_capability: str
    pci_device: str
    """PCI device id, four hexadecimal digits; the vendor is 10de."""
    power_limit_watts: int


@dataclass(frozen=True)
class PretendGpu:
    """The GPUs of one host, all alike."""

    instance_type: str
    name: str
    """Labelled product name, such as 'SANDBOX NVIDIA A10G'."""
    count: int
    memory_mib: int
    """Memory of each, as DescribeInstanceTypes says."""
    compute_capability: str
    architecture: str
    pci_vendor: str
    pci_device: str
    pci_class: str
    power_limit_watts: int
    driver_version: str | None
    """None: the device is on the bus, but the image has no driver."""


MODELS: Mapping[str, GpuModel] = {
    "T4": GpuModel("Tesla T4", "Turing", "7.5", "1eb8", 70),
    "T4g": GpuModel("NVIDIA T4G", "Turing", "7.5", "1eb4", 70),
    "A10G": GpuModel("NVIDIA A10G", "Ampere", "8.6", "2237", 300),
    "L4": GpuModel("NVIDIA L4", "Ada Lovelace", "8.9", "27b8", 72),
    "L40S": GpuModel("NVIDIA L40S", "Ada Lovelace", "8.9", "26b9", 350),
    "RTX PRO 4500": GpuModel("NVIDIA RTX PRO 4500 Blackwell Server Edition", "Blackwell", "12.0", "2c3a", 165),
    "RTX PRO 6000": GpuModel("NVIDIA RTX PRO 6000 Blackwell Server Edition", "Blackwell", "12.0", "2bb5", 600),
    "V100": GpuModel("Tesla V100-SXM2-32GB", "Volta", "7.0", "1db5", 300),
    "A100-40": GpuModel("NVIDIA A100-SXM4-40GB", "Ampere", "8.0", "20b0", 400),
    "A100-80": GpuModel("NVIDIA A100-SXM4-80GB", "Ampere", "8.0", "20b2", 400),
    "H100": GpuModel("NVIDIA H100 80GB HBM3", "Hopper", "9.0", "2330", 700),
    "H200": GpuModel("NVIDIA H200", "Hopper", "9.0", "2335", 700),
    "B200": GpuModel("NVIDIA B200", "Blackwell", "10.0", "2901", 1000),
    "B300": GpuModel("NVIDIA B300 SXM6 AC", "Blackwell", "10.3", "3182", 1100),
}

_ONE = ("xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge")
_G5_SIZES = {**dict.fromkeys(_ONE, 1), "12xlarge": 4, "24xlarge": 4, "48xlarge": 8}
_G7_SIZES = {"2xlarge": 1, "4xlarge": 1, "8xlarge": 1, "12xlarge": 2, "24xlarge": 4, "48xlarge": 8}

FAMILIES: Mapping[str, tuple[str, int, Mapping[str, int]]] = {
    "g4dn": ("T4", 16384, {**dict.fromkeys(_ONE, 1), "12xlarge": 4, "metal": 8}),
    "g5": ("A10G", 22888, _G5_SIZES),
    "g5g": ("T4g", 16384, {"xlarge": 1, "2xlarge": 1, "4xlarge": 1, "8xlarge": 1, "16xlarge": 2, "metal": 2}),
    "g6": ("L4", 22888, _G5_SIZES),
    "gr6": ("L4", 22888, {"4xlarge": 1, "8xlarge": 1}),
    "g6e": ("L40S", 45776, _G5_SIZES),
    "g7": ("RTX PRO 4500", 32768, _G7_SIZES),
    "g7e": ("RTX PRO 6000", 98304, _G7_SIZES),
    "p3dn": ("V100", 32768, {"24xlarge": 8}),
    "p4d": ("A100-40", 40960, {"24xlarge": 8}),
    "p4de": ("A100-80", 81920, {"24xlarge": 8}),
    "p5": ("H100", 81920, {"4xlarge": 1, "48xlarge": 8}),
    "p5e": ("H200", 144384, {"48xlarge": 8}),
    "p5en": ("H200", 144384, {"48xlarge": 8}),
    "p6-b200": ("B200", 183359, {"48xlarge": 8}),
    "p6-b300": ("B300", 275040, {"48xlarge": 8}),
}
"""Instance family to model, memory of each GPU in MiB, and GPUs by size."""

FRACTIONS: Mapping[str, int] = {
    "g6f.large": 2861,
    "g6f.xlarge": 2861,
    "g6f.2xlarge": 5722,
    "g6f.4xlarge": 11444,
    "gr6f.4xlarge": 11444,
}
"""Instance types with a slice of one L4 (LogicalGpuCount 1): its memory in MiB."""


def _shape(instance_type: str) -> tuple[str, int, int] | None:
    """Return model, memory in MiB and count of an instance type; None for a type without GPU."""
    if instance_type in FRACTIONS:
        return "L4", FRACTIONS[instance_type], 1
    family, _, size = instance_type.partition(".")
    model, memory_mib, sizes = FAMILIES.get(family, ("", 0, {}))
    return (model, memory_mib, sizes[size]) if size in sizes else None


def pretend_gpu(instance_type: str, image_family: str) -> PretendGpu | None:
    """Return the GPUs of a host of this type, booted from this family of image.

    None for an instance type without an NVIDIA GPU. An image family that isn't in the table comes
    without a driver, as any stock image does.
    """
    shape = _shape(instance_type)
    if shape is None:
        return None
    model, memory_mib, count = MODELS[shape[0]], shape[1], shape[2]
    return PretendGpu(
        instance_type=instance_type,
        name=f"SANDBOX {model.product}",
        count=count,
        memory_mib=memory_mib,
        compute_capability=model.compute_capability,
        architecture=model.architecture,
        pci_vendor="10de",
        pci_device=model.pci_device,
        pci_class=DISPLAY_3D,
        power_limit_watts=model.power_limit_watts,
        driver_version=DRIVER_VERSIONS.get(image_family),
    )
