# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From readings to one verdict: has this host the GPUs that were promised, ready to compute?

Pure: no file, no program, no Ansible. CHECKS is the whole decision, most basic cause first, so
the first finding is the one to act on. A new check is a function and a row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .host import STATUS_TIMED_OUT
from .observation import Observation
from .throttle import faults

# DescribeInstanceTypes and the driver differ by up to 8 % on a good machine: a T4 gives 15079 of
# 16384 MiB (ECC takes its part), an eighth of an L4 gives 3072 of 2861. Kinds of one GPU with
# different memory are a factor of two apart.
MEMORY_TOLERANCE = 0.10

# Verdict -> does a host with it pass?
VERDICTS: Mapping[str, bool] = {
    "ok": True,
    "missing_gpu": False,
    "driver_absent": False,
    "driver_skew": False,
    "throttled": False,
    "toolkit_absent": True,
}

NEXT_OK = "Nothing to do."
NEXT_REPLACE = "Tear this machine down and launch another; the instance type promises more than it has."
NEXT_INSTALL = "Install the NVIDIA driver, or launch again with an image that has it, such as family deep-learning."
NEXT_REBOOT = "Reboot the host. If it comes back, tear the machine down and launch another."
NEXT_MATCH = "Reboot the host, so that the kernel loads the module of the installed driver version."
NEXT_USERSPACE = "Install nvidia-smi and the NVML library of exactly the version of the kernel module."
NEXT_LOAD = "Load the kernel module with 'sudo modprobe nvidia' and read 'sudo dmesg' if that fails."
NEXT_DEVICE_FILES = "Create the device files with 'sudo nvidia-modprobe -u -c 0', or start nvidia-persistenced."
NEXT_COOL = "Let the GPU cool down and look again; tear the machine down and launch another if it stays."
NEXT_TOOLKIT = "Nothing, unless the workload compiles CUDA code: then install a CUDA toolkit."


@dataclass(frozen=True)
class Expectation:
    """What the instance type promises, per machine; None where nothing is known."""

    count: int | None = None
    memory_mib: int | None = None

    @classmethod
    def from_options(cls, expected_count: int, expected_memory_mib: int) -> Expectation:
        """From the module's options, where a negative count and a memory of 0 mean that nothing is known."""
        count = None if expected_count < 0 else expected_count
        return cls(count, expected_memory_mib or None)


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be: its verdict, the reason, and what to do."""

    verdict: str
    reason: str
    next: str


@dataclass(frozen=True)
class Judgement:
    """The verdict of a host and every finding behind it, the decisive one first."""

    verdict: str
    passed: bool
    findings: tuple[Finding, ...]
    next: str


def promised_count(seen: Observation, expected: Expectation) -> int:
    """GPUs that each source must show: the expected count, else the most that any source shows, at least 1."""
    if expected.count is not None:
        return expected.count
    return max(1, *(count for _source, count in seen.counts))


def check_pci(seen: Observation, expected: Expectation) -> Finding | None:
    """Fewer GPUs on the bus than promised: nothing that is installed on the host can help."""
    promised = promised_count(seen, expected)
    if seen.pci is None or len(seen.pci) >= promised:
        return None
    return Finding("missing_gpu", f"the PCI bus shows {len(seen.pci)} of {promised} NVIDIA GPUs", NEXT_REPLACE)


def check_kernel_module(seen: Observation, expected: Expectation) -> Finding | None:
    """No kernel module, although there should be a GPU to drive."""
    if seen.kernel_version or seen.smi.answered or promised_count(seen, expected) == 0:
        return None
    if seen.userspace_version:
        reason = f"driver {seen.userspace_version} is installed, but its kernel module is not loaded"
        return Finding("driver_absent", reason, NEXT_LOAD)
    return Finding("driver_absent", "no NVIDIA kernel module is loaded and no NVML library is installed", NEXT_INSTALL)


def check_skew(seen: Observation, _expected: Expectation) -> Finding | None:
    """Kernel module and userspace of different versions."""
    kernel, userspace = seen.kernel_version, seen.userspace_version
    if kernel is None or userspace is None or kernel == userspace:
        return None
    return Finding("driver_skew", f"the kernel module is {kernel}, but userspace is {userspace}", NEXT_MATCH)


# Exit status of nvidia-smi -> verdict and next step.
# https://docs.nvidia.com/deploy/nvidia-smi/index.html#return-value, and nvmlReturn_t for 18.
SMI_FAILURES: Mapping[int, tuple[str, str]] = {
    6: ("missing_gpu", NEXT_REBOOT),
    9: ("driver_absent", NEXT_LOAD),
    12: ("driver_absent", NEXT_USERSPACE),
    15: ("missing_gpu", NEXT_REBOOT),
    18: ("driver_skew", NEXT_MATCH),
    STATUS_TIMED_OUT: ("driver_absent", NEXT_REBOOT),
}


def check_answer(seen: Observation, expected: Expectation) -> Finding | None:
    """A loaded kernel module, but nvidia-smi is missing or describes nothing."""
    smi = seen.smi
    if seen.kernel_version is None or smi.answered or promised_count(seen, expected) == 0:
        return None
    if smi.status is None:
        return Finding("driver_absent", "the kernel module is loaded, but nvidia-smi is not installed", NEXT_USERSPACE)
    if "version mismatch" in smi.complaint:
        return Finding("driver_skew", f"nvidia-smi: {smi.complaint}", NEXT_MATCH)
    verdict, next_step = SMI_FAILURES.get(smi.status, ("driver_absent", NEXT_REBOOT))
    return Finding(verdict, f"nvidia-smi ended with {smi.status}: {smi.complaint or 'no text'}", next_step)


def check_driver_count(seen: Observation, expected: Expectation) -> Finding | None:
    """The driver describes fewer GPUs than promised."""
    promised = promised_count(seen, expected)
    if not seen.smi.answered or len(seen.smi.gpus) >= promised:
        return None
    return Finding("missing_gpu", f"the driver shows {len(seen.smi.gpus)} of {promised} GPUs", NEXT_REBOOT)


def check_device_files(seen: Observation, _expected: Expectation) -> Finding | None:
    """The driver describes GPUs for which there is no device file, so no program can open them."""
    wanted = [f"/dev/nvidia{gpu.index if gpu.minor is None else gpu.minor}" for gpu in seen.smi.gpus]
    absent = [path for path in wanted if path not in seen.device_files]
    if not absent:
        return None
    return Finding("missing_gpu", f"no device file {', '.join(absent)}", NEXT_DEVICE_FILES)


def check_memory(seen: Observation, expected: Expectation) -> Finding | None:
    """A GPU with another amount of memory than promised is another GPU."""
    promised = expected.memory_mib
    if promised is None:
        return None
    allowed = promised * MEMORY_TOLERANCE
    sizes = [(gpu.index, gpu.memory_mib) for gpu in seen.smi.gpus if gpu.memory_mib is not None]
    others = [f"GPU {index} has {size} MiB" for index, size in sizes if abs(size - promised) > allowed]
    if not others:
        return None
    return Finding("missing_gpu", f"{', '.join(others)}; promised are {promised} MiB each", NEXT_REPLACE)


def check_throttle(seen: Observation, _expected: Expectation) -> Finding | None:
    """Clocks held down by heat or by the power supply."""
    held = [(gpu.index, faults(gpu.throttle_reasons)) for gpu in seen.smi.gpus]
    shown = [f"GPU {index}: {', '.join(reasons)}" for index, reasons in held if reasons]
    return Finding("throttled", f"clocks are held down ({'; '.join(shown)})", NEXT_COOL) if shown else None


def check_toolkit(seen: Observation, expected: Expectation) -> Finding | None:
    """No CUDA compiler. Frameworks bring their own CUDA libraries, so this is a note, no failure."""
    if seen.toolkits or promised_count(seen, expected) == 0:
        return None
    return Finding("toolkit_absent", "no nvcc on PATH or under /usr/local/cuda*", NEXT_TOOLKIT)


CHECKS: tuple[Callable[[Observation, Expectation], Finding | None], ...] = (
    check_pci,
    check_kernel_module,
    check_skew,
    check_answer,
    check_driver_count,
    check_device_files,
    check_memory,
    check_throttle,
    check_toolkit,
)


def judge(seen: Observation, expected: Expectation) -> Judgement:
    """The verdict on one host's readings. More GPUs than expected is no failure."""
    found = (check(seen, expected) for check in CHECKS)
    findings = tuple(finding for finding in found if finding is not None)
    first = findings[0] if findings else Finding("ok", "", NEXT_OK)
    return Judgement(first.verdict, VERDICTS[first.verdict], findings, first.next)


def evidence(seen: Observation, expected: Expectation) -> list[dict[str, str]]:
    """What was read where, in the order of the checks: dicts of ``source`` and ``reading``."""
    bus = "not readable" if seen.pci is None else ", ".join(gpu.pci_bus_id for gpu in seen.pci) or "no NVIDIA GPU"
    rows = (
        ("instance type", "nothing expected" if expected.count is None else f"{expected.count} expected"),
        ("PCI bus", bus),
        ("kernel module", seen.kernel_version or "not loaded"),
        ("NVML library", seen.library_version or "not found"),
        ("nvidia-smi", _smi_reading(seen)),
        ("device files", ", ".join(seen.device_files) or "none"),
        ("nvcc", ", ".join(f"{tool.nvcc} ({tool.version or 'unknown'})" for tool in seen.toolkits) or "not found"),
    )
    return [{"source": source, "reading": text} for source, text in rows]


def _smi_reading(seen: Observation) -> str:
    smi = seen.smi
    if smi.status is None:
        return "not installed"
    if not smi.answered:
        return f"exit status {smi.status}: {smi.complaint or 'no text'}"
    return f"exit status {smi.status}, {len(smi.gpus)} GPUs, driver {smi.driver_version or 'unknown'}"
