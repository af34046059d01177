# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every verdict, from the readings that lead to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.host import STATUS_TIMED_OUT, Completed
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.observation import Observation
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.pci import PciGpu
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.smi import Gpu, SmiAnswer, parse_query
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.toolkit import Toolkit
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.verdict import (
    NEXT_INSTALL,
    NEXT_LOAD,
    NEXT_MATCH,
    NEXT_REBOOT,
    NEXT_REPLACE,
    NEXT_USERSPACE,
    VERDICTS,
    Expectation,
    evidence,
    judge,
    promised_count,
)

VERSION = "580.105.08"
LOST = "Unable to determine the device handle for GPU 0000:53:00.0: GPU is lost."


def gpus(count: int, **changed: Any) -> tuple[Gpu, ...]:
    """So many healthy H100, each changed alike."""
    log = "<nvidia_smi_log><gpu id='00000000:53:00.0'><uuid>GPU-0</uuid></gpu></nvidia_smi_log>"
    (gpu,) = parse_query(Completed(0, log)).gpus
    fields: dict[str, Any] = {"memory_mib": 81559, **changed}
    return tuple(replace(gpu, **{"index": index, "minor": index, **fields}) for index in range(count))


def machine(count: int = 1, **changed: Any) -> Observation:
    """A machine with so many H100 where everything is in order, except what is changed."""
    healthy = Observation(
        pci=tuple(PciGpu(f"0000:{53 + index}:00.0", "2330") for index in range(count)),
        kernel_version=VERSION,
        library_version=VERSION,
        smi=SmiAnswer(0, "", True, VERSION, "13.0", gpus(count)),
        device_files=tuple(f"/dev/nvidia{index}" for index in range(count)),
        toolkits=(Toolkit("/usr/local/cuda/bin/nvcc", "13.0"),),
    )
    return replace(healthy, **changed)


def driver(count: int, **changed: Any) -> SmiAnswer:
    """An answer of nvidia-smi with so many GPUs, each changed alike."""
    return SmiAnswer(0, "", True, VERSION, "13.0", gpus(count, **changed))


BARE = machine(kernel_version=None, library_version=None, smi=SmiAnswer(), device_files=(), toolkits=())
NO_GPU = replace(BARE, pci=())
SILENT = machine(smi=SmiAnswer(9, "couldn't communicate with the NVIDIA driver"), device_files=())
H100_8 = Expectation(8, 81920)

CASES = {
    "one_gpu": (machine(), Expectation(1, 81920), "ok", ""),
    "eight_gpus": (machine(8), H100_8, "ok", ""),
    "nothing_expected": (machine(), Expectation(), "ok", ""),
    "more_than_expected": (machine(8), Expectation(1), "ok", ""),
    "machine_without_gpu": (NO_GPU, Expectation(0), "ok", ""),
    "bus_not_readable": (machine(pci=None), Expectation(1), "ok", ""),
    "power_cap_at_full_load": (machine(smi=driver(1, throttle_reasons=("sw_power_cap",))), Expectation(1), "ok", ""),
    "minor_is_not_index": (machine(smi=driver(1, minor=3), device_files=("/dev/nvidia3",)), Expectation(1), "ok", ""),
    "t4_under_ecc": (machine(smi=driver(1, memory_mib=15079)), Expectation(1, 16384), "ok", ""),
    "l4_fraction": (machine(smi=driver(1, memory_mib=3072)), Expectation(1, 2861), "ok", ""),
    "a10g": (machine(smi=driver(1, memory_mib=23028)), Expectation(1, 22888), "ok", ""),
    "memory_not_given": (machine(smi=driver(1, memory_mib=None)), Expectation(1, 81920), "ok", ""),
    "bus_short": (machine(7), H100_8, "missing_gpu", "the PCI bus shows 7 of 8 NVIDIA GPUs"),
    "no_gpu_at_all": (NO_GPU, Expectation(), "missing_gpu", "the PCI bus shows 0 of 1 NVIDIA GPUs"),
    "driver_short": (machine(8, smi=driver(7)), H100_8, "missing_gpu", "the driver shows 7 of 8 GPUs"),
    "driver_short_of_bus": (machine(8, smi=driver(7)), Expectation(), "missing_gpu", "the driver shows 7 of 8 GPUs"),
    "file_short": (
        machine(2, device_files=("/dev/nvidia0",)),
        Expectation(2),
        "missing_gpu",
        "no device file /dev/nvidia1",
    ),
    "other_gpu": (
        machine(smi=driver(1, memory_mib=40960)),
        Expectation(1, 81920),
        "missing_gpu",
        "GPU 0 has 40960 MiB; promised are 81920 MiB each",
    ),
    "gpu_lost": (machine(smi=SmiAnswer(15, LOST)), Expectation(1), "missing_gpu", f"nvidia-smi ended with 15: {LOST}"),
    "no_devices": (
        machine(smi=SmiAnswer(6, "No devices were found")),
        Expectation(1),
        "missing_gpu",
        "nvidia-smi ended with 6: No devices were found",
    ),
    "stock_image": (
        BARE,
        Expectation(1),
        "driver_absent",
        "no NVIDIA kernel module is loaded and no NVML library is installed",
    ),
    "module_not_loaded": (
        replace(SILENT, kernel_version=None),
        Expectation(1),
        "driver_absent",
        f"driver {VERSION} is installed, but its kernel module is not loaded",
    ),
    "module_does_not_answer": (
        SILENT,
        Expectation(1),
        "driver_absent",
        "nvidia-smi ended with 9: couldn't communicate with the NVIDIA driver",
    ),
    "no_userspace": (
        machine(smi=SmiAnswer(), library_version=None),
        Expectation(1),
        "driver_absent",
        "the kernel module is loaded, but nvidia-smi is not installed",
    ),
    "no_library": (
        machine(smi=SmiAnswer(12, ""), library_version=None),
        Expectation(1),
        "driver_absent",
        "nvidia-smi ended with 12: no text",
    ),
    "hangs": (
        machine(smi=SmiAnswer(STATUS_TIMED_OUT, "no answer within 60 s")),
        Expectation(1),
        "driver_absent",
        "nvidia-smi ended with 124: no answer within 60 s",
    ),
    "unknown_failure": (
        machine(smi=SmiAnswer(255, "Unknown Error")),
        Expectation(1),
        "driver_absent",
        "nvidia-smi ended with 255: Unknown Error",
    ),
    "library_upgraded": (
        machine(library_version="580.126.09", smi=SmiAnswer(18, "Driver/library version mismatch")),
        Expectation(1),
        "driver_skew",
        "the kernel module is 580.105.08, but userspace is 580.126.09",
    ),
    "answer_of_another_version": (
        machine(smi=replace(driver(1), driver_version="570.172.08")),
        Expectation(1),
        "driver_skew",
        "the kernel module is 580.105.08, but userspace is 570.172.08",
    ),
    "mismatch_in_words_only": (
        machine(library_version=None, smi=SmiAnswer(1, "Driver/library version mismatch")),
        Expectation(1),
        "driver_skew",
        "nvidia-smi: Driver/library version mismatch",
    ),
    "mismatch_in_status_only": (
        machine(library_version=None, smi=SmiAnswer(18, "Unknown")),
        Expectation(1),
        "driver_skew",
        "nvidia-smi ended with 18: Unknown",
    ),
    "hot": (
        machine(2, smi=driver(2, throttle_reasons=("sw_power_cap", "hw_thermal_slowdown"))),
        Expectation(2),
        "throttled",
        "clocks are held down (GPU 0: hw_thermal_slowdown; GPU 1: hw_thermal_slowdown)",
    ),
    "no_nvcc": (machine(toolkits=()), Expectation(1), "toolkit_absent", "no nvcc on PATH or under /usr/local/cuda*"),
}


@pytest.mark.parametrize(("seen", "expected", "verdict", "reason"), CASES.values(), ids=CASES.keys())
def test_verdict(seen: Observation, expected: Expectation, verdict: str, reason: str) -> None:
    judgement = judge(seen, expected)
    assert (judgement.verdict, judgement.passed) == (verdict, VERDICTS[verdict])
    assert [finding.reason for finding in judgement.findings[:1]] == ([reason] if reason else [])


def test_every_verdict_is_reached() -> None:
    assert {verdict for _seen, _expected, verdict, _reason in CASES.values()} == set(VERDICTS)


def test_who_passes() -> None:
    assert {verdict for verdict, passed in VERDICTS.items() if passed} == {"ok", "toolkit_absent"}


@pytest.mark.parametrize(
    ("case", "step"),
    [
        ("no_gpu_at_all", NEXT_REPLACE),
        ("stock_image", NEXT_INSTALL),
        ("module_not_loaded", NEXT_LOAD),
        ("module_does_not_answer", NEXT_LOAD),
        ("no_library", NEXT_USERSPACE),
        ("library_upgraded", NEXT_MATCH),
        ("mismatch_in_words_only", NEXT_MATCH),
        ("gpu_lost", NEXT_REBOOT),
        ("hangs", NEXT_REBOOT),
    ],
)
def test_next_step_fits_the_cause(case: str, step: str) -> None:
    seen, expected, _verdict, _reason = CASES[case]
    assert judge(seen, expected).next == step


def test_the_most_basic_cause_decides_and_the_rest_is_kept() -> None:
    hot_and_short = machine(8, smi=driver(7, throttle_reasons=("hw_slowdown",)), toolkits=())
    judgement = judge(hot_and_short, Expectation(8))
    assert [finding.verdict for finding in judgement.findings] == ["missing_gpu", "throttled", "toolkit_absent"]
    assert judgement.verdict == "missing_gpu"


@pytest.mark.parametrize(
    ("seen", "expected", "count"),
    [
        (machine(8), Expectation(1), 1),
        (machine(8, smi=driver(7)), Expectation(), 8),
        (NO_GPU, Expectation(), 1),
        (NO_GPU, Expectation(0), 0),
    ],
)
def test_promised_count(seen: Observation, expected: Expectation, count: int) -> None:
    assert promised_count(seen, expected) == count


@pytest.mark.parametrize(
    ("options", "expected"),
    [((-1, 0), Expectation(None, None)), ((0, 0), Expectation(0, None)), ((8, 81920), Expectation(8, 81920))],
)
def test_expectation_from_options(options: tuple[int, int], expected: Expectation) -> None:
    assert Expectation.from_options(*options) == expected


@pytest.mark.parametrize(
    ("seen", "source", "text"),
    [
        (machine(2), "PCI bus", "0000:53:00.0, 0000:54:00.0"),
        (NO_GPU, "PCI bus", "no NVIDIA GPU"),
        (machine(pci=None), "PCI bus", "not readable"),
        (machine(), "kernel module", VERSION),
        (BARE, "kernel module", "not loaded"),
        (BARE, "NVML library", "not found"),
        (BARE, "nvidia-smi", "not installed"),
        (SILENT, "nvidia-smi", "exit status 9: couldn't communicate with the NVIDIA driver"),
        (machine(2), "nvidia-smi", "exit status 0, 2 GPUs, driver 580.105.08"),
        (BARE, "device files", "none"),
        (machine(), "nvcc", "/usr/local/cuda/bin/nvcc (13.0)"),
        (BARE, "nvcc", "not found"),
        (machine(), "instance type", "nothing expected"),
    ],
)
def test_evidence_names_source_and_reading(seen: Observation, source: str, text: str) -> None:
    assert {"source": source, "reading": text} in evidence(seen, Expectation())


def test_recorded_h100_is_ok(recorded: Callable[[str], str]) -> None:
    smi = parse_query(Completed(0, recorded("smi_h100_v13.xml")))
    assert judge(machine(smi=smi), Expectation(1, 81920)).verdict == "ok"
