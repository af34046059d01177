# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Python and which device a host gets."""

from __future__ import annotations

from types import ModuleType

import pytest

T4 = "Tesla T4, 580.95.05, 7.5\n"
V100 = "Tesla V100-SXM2-16GB, 580.95.05, 7.0\n"
OLDER_DRIVER = "NVIDIA A10G, 550.144.03, 8.6\n"
OLD_DRIVER = "NVIDIA A10G, 470.82.01, 8.6\n"
K80 = "Tesla K80, 525.60.13, 3.7\n"
NO_DRIVER = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n"
ALL = ["cpu", "cuda12", "cuda13"]

DEVICES = {
    "newest that fits": ("auto", False, ALL, T4, "cuda13"),
    "lowest driver of a line": ("auto", False, ALL, "Tesla T4, 580, 7.5\n", "cuda13"),
    "GPU before CPU, even where the CPU is allowed": ("auto", True, ALL, T4, "cuda13"),
    "driver too old for 13": ("auto", False, ALL, OLDER_DRIVER, "cuda12"),
    "GPU too old for 13": ("gpu", False, ALL, V100, "cuda12"),
    "weakest GPU decides": ("gpu", False, ALL, T4 + V100, "cuda12"),
    "workload without 13": ("gpu", False, ["cuda12"], T4, "cuda12"),
    "CPU on demand, whatever is there": ("cpu", False, ALL, T4, "cpu"),
    "CPU allowed": ("auto", True, ALL, NO_DRIVER, "cpu"),
}

PROBLEMS = {
    "no GPU": ("auto", False, ALL, "", "nvidia-smi lists no GPU"),
    "driver that does not answer": ("auto", False, ALL, NO_DRIVER, "nvidia-smi lists no GPU"),
    "GPU demanded, CPU allowed": ("gpu", True, ALL, "", "nvidia-smi lists no GPU"),
    "driver too old": ("auto", True, ALL, OLD_DRIVER, "no requirements fit NVIDIA A10G with driver 470.82.01"),
    "GPU too old": ("gpu", False, ALL, K80, "compute capability 3.7"),
    "no requirements for a CPU": ("cpu", True, ["cuda13"], T4, "no requirements for a CPU"),
}

DEBIAN, UBUNTU, AMAZON = "ID=debian\n", "ID=ubuntu\nID_LIKE=debian\n", 'ID="amzn"\nID_LIKE="fedora"\n'
PACKAGES = {
    "venv split off": (["python3"], DEBIAN, ["python3-venv"]),
    "venv of another Python": (["python3.12"], UBUNTU, ["python3.12-venv"]),
    "none new enough": ([], UBUNTU, ["python3.11", "python3.11-venv"]),
    "none new enough, venv within": ([], AMAZON, ["python3.11"]),
}


@pytest.mark.parametrize(("wanted", "allow", "devices", "answer", "device"), DEVICES.values(), ids=DEVICES.keys())
def test_device(probe: ModuleType, wanted: str, allow: bool, devices: list[str], answer: str, device: str) -> None:
    assert probe.choose(wanted, allow, devices, probe.gpus(answer)) == (device, "")


@pytest.mark.parametrize(("wanted", "allow", "devices", "answer", "words"), PROBLEMS.values(), ids=PROBLEMS.keys())
def test_problem(probe: ModuleType, wanted: str, allow: bool, devices: list[str], answer: str, words: str) -> None:
    device, problem = probe.choose(wanted, allow, devices, probe.gpus(answer))
    assert device is None
    assert words in problem


@pytest.mark.parametrize(("commands", "release", "expected"), PACKAGES.values(), ids=PACKAGES.keys())
def test_packages(probe: ModuleType, commands: list[str], release: str, expected: list[str]) -> None:
    assert probe.packages([{"command": command} for command in commands], "3.11", release) == expected


@pytest.mark.parametrize(("floor", "some"), [("3.9", True), ("3.99", False)])
def test_floor(probe: ModuleType, floor: str, some: bool) -> None:
    assert bool(probe.pythons(floor)) is some
