# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pretend GPU, held to EC2's instance types and NVIDIA's forms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from moto.ec2.models.instance_types import INSTANCE_TYPES

from sandbox.gpu.catalog import PretendGpu, pretend_gpu
from sandbox.gpu.faults import Faults
from sandbox.gpu.nvidia_smi import NvidiaSmiError, answer
from sandbox.gpu.state import GpuState, apply_faults

FIXTURES = Path(__file__).resolve().parents[1] / "unit/fixtures/nvidia"
WITH_GPU = sorted(
    name
    for name, row in INSTANCE_TYPES.items()
    if row.get("GpuInfo", {}).get("Gpus", [{}])[0].get("Manufacturer") == "NVIDIA"
)


def state(instance_type: str = "g5.12xlarge", faults: Faults | None = None) -> GpuState:
    gpu = pretend_gpu(instance_type, "deep-learning")
    assert isinstance(gpu, PretendGpu)
    return apply_faults(gpu, "i-0123456789abcdef0", faults or Faults())


@pytest.mark.parametrize("instance_type", WITH_GPU)
def test_every_type_has_the_gpus_that_ec2_says(instance_type: str) -> None:
    said = INSTANCE_TYPES[instance_type]["GpuInfo"]["Gpus"][0]
    gpu = pretend_gpu(instance_type, "ubuntu")
    assert gpu is not None
    # A fraction of a GPU is counted as none by Count and as one by LogicalGpuCount.
    assert (gpu.count, gpu.memory_mib) == (said["Count"] or 1, said["MemoryInfo"]["SizeInMiB"])
    assert gpu.driver_version is None


@pytest.mark.parametrize("instance_type", ["t3.micro", "g4ad.xlarge", "g5.metal", "nonsense"])
def test_other_types_have_none(instance_type: str) -> None:
    assert pretend_gpu(instance_type, "deep-learning") is None


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            "--query-gpu=name,memory.total --format=csv -i 0",
            "name, memory.total [MiB]\nSANDBOX NVIDIA A10G, 22888 MiB\n",
        ),
        (
            "--query-gpu=gpu_name,memory.total --format=csv,nounits -i 3",
            "name, memory.total\nSANDBOX NVIDIA A10G, 22888\n",
        ),
        ("--query-gpu=index --format=csv,noheader", "0\n1\n2\n3\n"),
        ("--query-gpu=mig.mode.current,compute_cap --format=csv,noheader -i 1", "[N/A], 8.6\n"),
        ("--query-gpu=gpu_bus_id,driver_version --format csv,noheader -i 3", "00000000:00:1E.0, 595.91.07\n"),
        ("--query-gpu=clocks_throttle_reasons.hw_slowdown --format=csv,noheader -i 0", "Not Active\n"),
        ("--query-compute-apps=pid,name --format=csv", "pid, name\n"),
    ],
)
def test_questions(arguments: str, expected: str) -> None:
    assert answer(arguments.split(), state()) == expected


@pytest.mark.parametrize(
    ("arguments", "faults", "status", "text"),
    [
        ("--query-gpu=nonsense --format=csv", Faults(), 2, '"nonsense" is not a valid field'),
        ("--query-gpu=name", Faults(), 2, "missing the required csv format"),
        ("--nonsense", Faults(), 2, "Invalid combination"),
        ("-i 9 -L", Faults(), 6, "No devices were found"),
        ("-L", Faults(missing_gpu=(0, 1, 2, 3)), 6, "No devices were found"),
        ("-L", Faults(driver_absent=True), 9, "couldn't communicate with the NVIDIA driver"),
        ("-L", Faults(version_skew="580.105.08"), 18, "NVML library version: 580.105\n"),
    ],
)
def test_failures_have_nvidias_exit_status(arguments: str, faults: Faults, status: int, text: str) -> None:
    with pytest.raises(NvidiaSmiError, match=text) as raised:
        answer(arguments.split(), state(faults=faults))
    assert raised.value.status == status


def test_a_missing_gpu_keeps_the_numbers_of_the_others() -> None:
    lines = answer(["-L"], state(faults=Faults(missing_gpu=(1,)))).splitlines()
    assert [line.split(":")[0] for line in lines] == ["GPU 0", "GPU 2", "GPU 3"]


def test_a_throttled_gpu_says_why() -> None:
    hot = state(faults=Faults(throttle=("hw_thermal_slowdown",)))
    fields = "clocks_event_reasons.active,clocks_event_reasons.hw_thermal_slowdown,clocks_event_reasons.gpu_idle"
    line = answer(["-i", "0", f"--query-gpu={fields}", "--format=csv,noheader"], hot)
    assert line == "0x0000000000000040, Active, Not Active\n"


def paths(element: ElementTree.Element, above: str = "") -> Iterator[str]:
    yield f"{above}/{element.tag}"
    for child in element:
        yield from paths(child, f"{above}/{element.tag}")


def test_the_xml_has_no_element_that_nvidia_has_not() -> None:
    known = {path for file in FIXTURES.glob("smi_*.xml") for path in paths(ElementTree.parse(file).getroot())}
    assert set(paths(ElementTree.fromstring(answer(["-q", "-x"], state())))) - known == set()


def test_the_xml_says_what_the_query_says() -> None:
    gpus = ElementTree.fromstring(answer(["-q", "-x"], state("p5.48xlarge"))).findall("gpu")
    said = [(gpu.findtext("uuid"), gpu.findtext("fb_memory_usage/total")) for gpu in gpus]
    asked = answer(["--query-gpu=uuid,memory.total", "--format=csv,noheader"], state("p5.48xlarge"))
    assert [", ".join(map(str, pair)) for pair in said] == asked.splitlines()


@pytest.mark.parametrize("instance_type", ["g4dn.xlarge", "g7e.48xlarge"])
def test_the_table_is_straight_and_labelled(instance_type: str) -> None:
    lines = answer([], state(instance_type)).splitlines()[1:]
    assert {len(line) for line in lines if line} == {91}
    assert sum("SANDBOX" in line for line in lines) == state(instance_type).model.count + 1
