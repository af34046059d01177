# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host's readings and verdict as a module result, and as a short table for people."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from .observation import Observation
from .smi import Gpu
from .verdict import Expectation, Judgement, evidence, judge


def _shown(value: float | None, unit: str) -> str:
    return f"{value:g} {unit}" if value is not None else f"- {unit}"


def gpu_line(gpu: Gpu) -> str:
    """One GPU in a sentence: name, memory, capability, heat, power, and what is unusual."""
    parts = [
        gpu.name or "unnamed",
        _shown(gpu.memory_mib, "MiB"),
        f"compute capability {gpu.compute_capability or '-'}",
        _shown(gpu.temperature_celsius, "C"),
        f"{_shown(gpu.power_watts, 'W')} of {_shown(gpu.power_limit_watts, 'W')}",
    ]
    if gpu.mig_enabled:
        parts.append(f"MIG on with {gpu.mig_devices} devices")
    if gpu.ecc_uncorrected:
        parts.append(f"{gpu.ecc_uncorrected} uncorrected memory errors")
    return ", ".join([*parts, *(reason for reason in gpu.throttle_reasons if reason != "gpu_idle")])


def summary(seen: Observation, expected: Expectation, judgement: Judgement) -> list[str]:
    """Lines for a terminal: the verdict first, what to do last."""
    counts = dict(seen.counts)
    known = {"expected": expected.count, "PCI": counts.get("pci"), "driver": counts["driver"]}
    known["device files"] = counts["device_files"]
    rows: list[tuple[str, str]] = [
        ("verdict", judgement.verdict),
        ("GPUs", ", ".join(f"{name} {'-' if count is None else count}" for name, count in known.items())),
        ("driver", f"kernel {seen.kernel_version or '-'}, userspace {seen.userspace_version or '-'}"),
        ("CUDA", f"driver up to {seen.smi.cuda_version or '-'}, toolkit {_toolkit_versions(seen)}"),
        *((f"GPU {gpu.index}", gpu_line(gpu)) for gpu in seen.smi.gpus),
        *(("finding", f"{finding.verdict}: {finding.reason}") for finding in judgement.findings),
        ("next", judgement.next),
    ]
    return [f"{label:<8} {text}" for label, text in rows]


def _toolkit_versions(seen: Observation) -> str:
    versions = dict.fromkeys(tool.version or "unknown" for tool in seen.toolkits)
    return ", ".join(versions) or "-"


def report(seen: Observation, expected: Expectation) -> dict[str, Any]:
    """The module's result; the keys are its RETURN documentation."""
    judgement = judge(seen, expected)
    counts = dict(seen.counts)
    return {
        "verdict": judgement.verdict,
        "passed": judgement.passed,
        "findings": [asdict(finding) for finding in judgement.findings],
        "next": judgement.next,
        "evidence": evidence(seen, expected),
        "summary": summary(seen, expected, judgement),
        "counts": {
            "expected": expected.count,
            "pci": counts.get("pci"),
            "driver": counts["driver"],
            "device_files": counts["device_files"],
        },
        "driver": {
            "kernel_version": seen.kernel_version,
            "userspace_version": seen.userspace_version,
            "cuda_version": seen.smi.cuda_version,
        },
        "toolkits": [asdict(tool) for tool in seen.toolkits],
        "pci_gpus": [asdict(gpu) for gpu in seen.pci or ()],
        "gpus": [{**asdict(gpu), "throttle_reasons": list(gpu.throttle_reasons)} for gpu in seen.smi.gpus],
    }
