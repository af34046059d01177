# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A row of DescribeInstanceTypes becomes a machine; a fraction of a GPU counts as one."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType

from tests.unit.fakes.rows import machine


def row(gpus: list[dict[str, Any]] | None = None, **fields: Any) -> dict[str, Any]:
    """A row with these GPUs, as AWS words it."""
    info = {} if gpus is None else {"GpuInfo": {"Gpus": gpus}}
    return {
        "InstanceType": "g4dn.xlarge",
        "VCpuInfo": {"DefaultVCpus": 4},
        "MemoryInfo": {"SizeInMiB": 16384},
        "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
        "SupportedBootModes": ["legacy-bios", "uefi"],
        "SupportedUsageClasses": ["on-demand", "spot"],
        "SupportedVirtualizationTypes": ["hvm"],
        **info,
        **fields,
    }


def gpu(name: str, memory_mib: int, **counts: int) -> dict[str, Any]:
    """One kind of GPU of a machine."""
    return {"Name": name, "Manufacturer": "NVIDIA", "MemoryInfo": {"SizeInMiB": memory_mib}, **counts}


def test_a_row_is_read() -> None:
    assert MachineType.from_row(row([gpu("T4", 15360, Count=1)])) == machine()


@pytest.mark.parametrize(
    ("gpus", "count", "name", "memory_mib"),
    [
        pytest.param([gpu("A10G", 22888, Count=4)], 4, "NVIDIA A10G", 22888, id="four"),
        pytest.param([gpu("H100", 81559, Count=8, LogicalGpuCount=8)], 8, "NVIDIA H100", 81559, id="eight whole"),
        pytest.param([gpu("L4", 2861, Count=0, LogicalGpuCount=1)], 1, "NVIDIA L4", 2861, id="an eighth (g6f.large)"),
        pytest.param([gpu("L4", 2861, Count=0)], 1, "NVIDIA L4", 2861, id="a fraction in an older answer"),
        pytest.param([], 0, "", 0, id="none"),
        pytest.param(None, 0, "", 0, id="no GpuInfo"),
    ],
)
def test_gpus(gpus: list[dict[str, Any]] | None, count: int, name: str, memory_mib: int) -> None:
    found = MachineType.from_row(row(gpus))
    assert (found.gpu_count, found.gpu_name, found.gpu_memory_mib) == (count, name, memory_mib)


@pytest.mark.parametrize(
    ("architectures", "chosen"), [(["x86_64"], "x86_64"), (["i386", "x86_64"], "x86_64"), (["arm64"], "arm64")]
)
def test_the_architecture_to_choose_an_image_for(architectures: list[str], chosen: str) -> None:
    processor = {"SupportedArchitectures": architectures}
    assert MachineType.from_row(row(ProcessorInfo=processor)).architecture == chosen


def test_what_an_older_region_leaves_out() -> None:
    short = row()
    for name in ("SupportedBootModes", "SupportedUsageClasses", "SupportedVirtualizationTypes"):
        del short[name]
    found = MachineType.from_row(short)
    assert (found.boot_modes, found.markets, found.virtualization) == ((), ("on-demand", "spot"), ("hvm",))


def test_the_share_of_a_gpu() -> None:
    eighth = {**gpu("L4", 2861, Count=0, LogicalGpuCount=1), "GpuPartitionSize": 0.125}
    assert MachineType.from_row(row([eighth])).gpu_fraction == 0.125
    assert MachineType.from_row(row([gpu("L4", 22888, Count=1)])).gpu_fraction == 1
    assert MachineType.from_row(row()).gpu_fraction == 1


def test_the_family_of_a_type() -> None:
    assert MachineType.from_row(row(InstanceType="p6-b200.48xlarge")).family == "p6-b200"
