# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look at a host and choose: which Python makes the environment, and which of the workload's devices computes.

Runs on the host and changes nothing: probe.py JSON, an object with `device` (auto, gpu or cpu), `allow_cpu`, `python`
(the oldest that will do, "3.11") and `devices` (those that the workload has requirements for). Prints JSON:
`python` (version and command, or null), `packages` (what to install to get one), `device` (or null), `gpus`, `problem`.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

# The system's own first: it needs no package. Then the newest that the locks are known to fit.
PYTHONS = ("python3", "python3.13", "python3.12", "python3.11")
ASK_PYTHON = "import sys; print('%d.%d' % sys.version_info[:2]); import ensurepip, venv; print('venv')"
ASK_GPU = ("nvidia-smi", "--query-gpu=name,driver_version,compute_cap", "--format=csv,noheader")

# Device, lowest driver, lowest compute capability; the first that all GPUs satisfy is taken.
# https://docs.jax.dev/en/latest/installation.html#nvidia-gpu, read 2026-11-23.
CUDA = (("cuda13", (580,), (7, 5)), ("cuda12", (525,), (5, 2)))


def run(command: tuple[str, ...]) -> str:
    """Return what a command prints, also when it fails; nothing where there is no such command."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    except OSError:
        return ""
    return done.stdout


def numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers that compare: "580.95" as (580, 95); what is no number ends it."""
    parts = []
    for part in version.strip().split("."):
        if not part.isdigit():
            break
        parts.append(int(part))
    return tuple(parts)


def pythons(floor: str) -> list[dict[str, object]]:
    """Return the host's Pythons that are new enough: command, version, and whether they make environments."""
    found = []
    for command in PYTHONS:
        version, _newline, rest = run((command, "-c", ASK_PYTHON)).partition("\n")
        if numbers(version) >= numbers(floor):
            found.append({"command": command, "version": version, "venv": "venv" in rest})
    return found


def packages(found: list[dict[str, object]], floor: str, release: str) -> list[str]:
    """Return the system packages that would make one of the Pythons usable, or bring one.

    Debian and its kin split `venv` off; the others ship it with Python.
    """
    fields = dict(line.split("=", 1) for line in release.splitlines() if "=" in line)
    kin = f"{fields.get('ID', '')} {fields.get('ID_LIKE', '')}".replace('"', "").split()
    debian = bool({"debian", "ubuntu"} & set(kin))
    if found and debian:
        return [f"{found[0]['command']}-venv"]
    name = f"python{max(floor, '3.11', key=numbers)}"
    return [name, f"{name}-venv"] if debian else [name]


def gpus(answer: str) -> list[dict[str, str]]:
    """Return the GPUs in nvidia-smi's answer; a driver that does not answer is no driver."""
    rows = [[field.strip() for field in line.split(",")] for line in answer.splitlines()]
    names = ("name", "driver", "compute_capability")
    return [dict(zip(names, row)) for row in rows if len(row) == len(names) and numbers(row[1])]


def choose(wanted: str, allow_cpu: bool, devices: list[str], found: list[dict[str, str]]) -> tuple[str | None, str]:
    """Choose the device; returns it and no problem, or None and what is wrong."""
    if wanted == "cpu" or (wanted == "auto" and allow_cpu and not found):
        return ("cpu", "") if "cpu" in devices else (None, "the workload has no requirements for a CPU")
    if not found:
        return None, (
            "nvidia-smi lists no GPU. Install the NVIDIA driver, rent a machine with a GPU, "
            "or set gpu_workload_allow_cpu to compute on the CPU"
        )
    for device, driver, capability in CUDA:
        fits = (numbers(g["driver"]) >= driver and numbers(g["compute_capability"]) >= capability for g in found)
        if device in devices and all(fits):
            return device, ""
    return None, (
        f"no requirements fit {found[0]['name']} with driver {found[0]['driver']}, "
        f"compute capability {found[0]['compute_capability']}. Take a newer driver or GPU"
    )


def probe(request: dict[str, Any]) -> dict[str, object]:
    """Look and choose, as the head of this file says."""
    floor = str(request["python"])
    found = pythons(floor)
    usable = next((python for python in found if python["venv"]), None)
    release = Path("/etc/os-release")
    text = release.read_text(encoding="utf-8") if release.is_file() else ""
    answer = gpus(run(ASK_GPU))
    devices = list(request["devices"])
    device, problem = choose(str(request["device"]), bool(request["allow_cpu"]), devices, answer)
    return {
        "device": device,
        "gpus": answer,
        "machine": platform.machine(),
        "packages": [] if usable else packages(found, floor, text),
        "problem": problem,
        "python": usable,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(probe(json.loads(sys.argv[1]))))
