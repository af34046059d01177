# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hardware of an instance type, as DescribeInstanceTypes tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class MachineType:
    """What one machine of a type has.

    Parameters:
        name: the instance type.
        vcpu: virtual processors.
        memory_mib: main memory in MiB.
        gpu_name: manufacturer and model, empty without a GPU.
        gpu_count: GPUs a driver will show (a fraction counts as one).
        gpu_memory_mib: memory of each GPU in MiB, slightly below the nominal figure.
        architectures: EC2's architecture names.
        boot_modes: the boot modes it starts.
        markets: `on-demand`, `spot`, `capacity-block`.
        virtualization: `hvm` or `paravirtual`.
        gpu_fraction: the share of a GPU that a machine has of each; 1 for whole ones.
        fabric: the type of interface of each network card, with elastic fabric adapters ("": none on this card);
            empty where the type takes none.
    """

    name: str
    vcpu: int
    memory_mib: int
    gpu_name: str
    gpu_count: int
    gpu_memory_mib: int
    architectures: tuple[str, ...]
    boot_modes: tuple[str, ...]
    markets: tuple[str, ...]
    virtualization: tuple[str, ...]
    gpu_fraction: float = 1.0
    fabric: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The part of the name before the dot."""
        return self.name.split(".", 1)[0]

    @property
    def architecture(self) -> str:
        """The architecture to choose an image for."""
        return "arm64" if "arm64" in self.architectures else "x86_64"

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> MachineType:
        """Read one row of DescribeInstanceTypes.

        LogicalGpuCount counts fractions of a GPU, for which Count is 0; GpuPartitionSize is the fraction.
        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GpuDeviceInfo.html
        """
        gpus = row.get("GpuInfo", {}).get("Gpus", [])
        count = sum(int(gpu.get("LogicalGpuCount") or gpu.get("Count") or 0) for gpu in gpus)
        first = gpus[0] if gpus else {}
        return cls(
            name=row["InstanceType"],
            vcpu=int(row["VCpuInfo"]["DefaultVCpus"]),
            memory_mib=int(row["MemoryInfo"]["SizeInMiB"]),
            gpu_name=f"{first.get('Manufacturer', '')} {first.get('Name', '')}".strip(),
            gpu_count=max(count, 1) if gpus else 0,
            gpu_memory_mib=int(first.get("MemoryInfo", {}).get("SizeInMiB", 0)),
            architectures=tuple(row["ProcessorInfo"]["SupportedArchitectures"]),
            boot_modes=tuple(row.get("SupportedBootModes", ())),
            markets=tuple(row.get("SupportedUsageClasses", ("on-demand", "spot"))),
            virtualization=tuple(row.get("SupportedVirtualizationTypes", ("hvm",))),
            gpu_fraction=float(first.get("GpuPartitionSize") or 1.0),
            fabric=_fabric(row.get("NetworkInfo", {})),
        )


def _fabric(network: dict[str, Any]) -> tuple[str, ...]:
    """One interface for each network card: adapters on the cards that take one, the first with an IP address.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-acc-inst-types.html
    """
    if not network.get("EfaSupported"):
        return ()
    cards = sorted(network.get("NetworkCards", []), key=lambda card: int(card["NetworkCardIndex"]))
    offered = [card.get("InterfaceTypes", ["interface", "efa", "efa-only"]) for card in cards]
    first = "efa" if "efa" in offered[0] else "interface"
    return (first, *(next((kind for kind in ("efa-only", "efa") if kind in kinds), "") for kinds in offered[1:]))
