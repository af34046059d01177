# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole way from a host to the module's result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.host import Completed, Host
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.observation import observe
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.report import report
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.smi import CAPABILITY_QUERY, QUERY
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.toolkit import Toolkit
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.verdict import Expectation

MakeHost = Callable[..., Host]
DEVICES = "/sys/bus/pci/devices"
MODULE_VERSION = "/sys/module/nvidia/version"
LIBRARY = "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so"


@pytest.fixture
def h100_host(make_host: MakeHost, recorded: Callable[[str], str]) -> Host:
    """A host with one H100, driver 580 and CUDA 13."""
    return make_host(
        files={
            f"{DEVICES}/0000:53:00.0/vendor": "0x10de",
            f"{DEVICES}/0000:53:00.0/device": "0x2330",
            f"{DEVICES}/0000:53:00.0/class": "0x030200",
            MODULE_VERSION: "580.105.08\n",
            f"{LIBRARY}.580.105.08": "",
            "/dev/nvidia0": "",
            "/dev/nvidiactl": "",
        },
        links={f"{LIBRARY}.1": "libnvidia-ml.so.580.105.08"},
        programs={
            "/usr/bin/nvidia-smi": {
                " ".join(QUERY): Completed(0, recorded("smi_h100_v13.xml")),
                " ".join(CAPABILITY_QUERY): Completed(0, "00000000:53:00.0, 9.0\n"),
            },
            "/usr/local/cuda/bin/nvcc": {"--version": Completed(0, recorded("nvcc_13.txt"))},
        },
    )


def test_a_healthy_host(h100_host: Host) -> None:
    result = report(observe(h100_host), Expectation(1, 81920))
    assert (result["verdict"], result["passed"], result["findings"]) == ("ok", True, [])
    assert result["counts"] == {"expected": 1, "pci": 1, "driver": 1, "device_files": 1}
    assert result["driver"] == {
        "kernel_version": "580.105.08",
        "userspace_version": "580.105.08",
        "cuda_version": "13.0",
    }
    assert result["toolkits"] == [{"nvcc": "/usr/local/cuda/bin/nvcc", "version": "13.0"}]
    assert result["pci_gpus"] == [{"pci_bus_id": "0000:53:00.0", "pci_device_id": "2330"}]
    assert [(gpu["compute_capability"], gpu["throttle_reasons"]) for gpu in result["gpus"]] == [("9.0", ["gpu_idle"])]


def test_the_table_for_people(h100_host: Host) -> None:
    assert report(observe(h100_host), Expectation(1, 81920))["summary"] == [
        "verdict  ok",
        "GPUs     expected 1, PCI 1, driver 1, device files 1",
        "driver   kernel 580.105.08, userspace 580.105.08",
        "CUDA     driver up to 13.0, toolkit 13.0",
        "GPU 0    NVIDIA H100 80GB HBM3, 81559 MiB, compute capability 9.0, 31 C, 68.75 W of 700 W",
        "next     Nothing to do.",
    ]


def test_the_table_says_what_is_missing(make_host: MakeHost) -> None:
    assert report(observe(make_host(files={f"{DEVICES}/.keep": ""})), Expectation(1))["summary"] == [
        "verdict  missing_gpu",
        "GPUs     expected 1, PCI 0, driver 0, device files 0",
        "driver   kernel -, userspace -",
        "CUDA     driver up to -, toolkit -",
        "finding  missing_gpu: the PCI bus shows 0 of 1 NVIDIA GPUs",
        "finding  driver_absent: no NVIDIA kernel module is loaded and no NVML library is installed",
        "finding  toolkit_absent: no nvcc on PATH or under /usr/local/cuda*",
        "next     Tear this machine down and launch another; the instance type promises more than it has.",
    ]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (
            "smi_a100_mig_v12.xml",
            "GPU 0    NVIDIA A100-SXM4-40GB, 40960 MiB, compute capability -, 36 C, 66.92 W of 400 W, "
            "MIG on with 2 devices",
        ),
        (
            "smi_a10g_v11.xml",
            "GPU 0    NVIDIA A10G, 23028 MiB, compute capability -, 27 C, 25.58 W of 300 W, "
            "3 uncorrected memory errors, sw_power_cap",
        ),
        (
            "smi_fraction_not_supported_v13.xml",
            "GPU 0    NVIDIA L4-3Q, 3072 MiB, compute capability -, - C, - W of - W",
        ),
    ],
)
def test_the_line_of_an_unusual_gpu(make_host: MakeHost, recorded: Callable[[str], str], name: str, line: str) -> None:
    answers: Mapping[str, Any] = {
        " ".join(QUERY): Completed(0, recorded(name)),
        " ".join(CAPABILITY_QUERY): Completed(2, ""),
    }
    result = report(observe(make_host(programs={"/usr/bin/nvidia-smi": answers})), Expectation())
    assert line in result["summary"]


def test_a_toolkit_behind_two_compilers_is_named_once(h100_host: Host) -> None:
    seen = observe(h100_host)
    twice = replace(seen, toolkits=(Toolkit("/usr/local/bin/nvcc", "13.0"), *seen.toolkits, Toolkit("/opt/nvcc", None)))
    assert "CUDA     driver up to 13.0, toolkit 13.0, unknown" in report(twice, Expectation())["summary"]


def test_device_files_made_by_nvidia_smi_are_seen(h100_host: Host) -> None:
    h100_host.path("/dev/nvidia0").unlink()

    def run(argv: Sequence[str]) -> Completed:
        h100_host.path("/dev/nvidia0").touch()
        return h100_host.run(argv)

    assert report(observe(Host(h100_host.root, h100_host.folders, run)), Expectation(1))["verdict"] == "ok"
