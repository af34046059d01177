# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which GPU is meant: by its name, its PCI id, its compute capability or the instance type that has it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .facts import (
    ARCHITECTURES,
    CAPABILITIES,
    GPUS_OF_EC2,
    GRID_ONLY,
    LOWEST_DRIVER,
    TOOLKITS,
    Architecture,
    Capability,
    Gpu,
)
from .words import as_numbers, nearest

# Words of a product's name that tell no two of these GPUs apart.
_NOISE = ("nvidia", "tesla", "grid", "server", "edition", "blackwell", "generation")


@dataclass(frozen=True)
class Device:
    """What a driver and a toolkit must fit.

    Parameters:
        name: the GPU, or its compute capability where no more is known.
        family: the EC2 instance family; empty where it is not known.
        lowest_branch: the oldest driver branch that drives it.
        last_branch: the newest one; 0 while it goes on.
        grid: whether only AWS's GRID driver drives it.
    """

    name: str
    family: str
    architecture: Architecture
    capability: Capability
    lowest_branch: int
    last_branch: int
    grid: bool


def family_of(name: str) -> str:
    """The family of an instance type, or the family itself."""
    return name.partition(".")[0].lower()


def find_device(gpu: str = "", compute_capability: str = "", family: str = "") -> tuple[Device | None, list[str]]:
    """The device that all given words mean.

    Parameters:
        gpu: a model as EC2, nvidia-smi or people say it, or its PCI device id.
        compute_capability: as `8.9`.
        family: an instance family or type.

    Returns:
        the device and no problem, or None and every problem.
    """
    problems: list[str] = []
    by_gpu = _gpu_named(gpu, problems) if gpu else None
    by_family = _gpu_of_family(family_of(family), problems) if family else None
    row = _capability(compute_capability, problems) if compute_capability else None
    found = by_gpu or by_family
    if by_gpu and by_family and by_gpu != by_family:
        problems.append(f"{family_of(family)} has the {by_family.name}, not the {by_gpu.name}: name one of them.")
    if found and row and found.capability != row.version:
        problems.append(f"The {found.name} has compute capability {found.capability}, not {row.version}.")
    row = row or (_capability(found.capability, problems) if found else None)
    if not problems and row is None:
        problems.append("Name a GPU, a compute capability or an instance type.")
    if problems or row is None:
        return None, problems
    return _device(found, row, family_of(family)), []


def _device(gpu: Gpu | None, row: Capability, family: str) -> Device:
    architecture = next(one for one in ARCHITECTURES if one.name == row.architecture)
    # A driver older than the first toolkit for the chip does not know the chip.
    first = next(one.driver for one in TOOLKITS if as_numbers(one.version) >= as_numbers(row.first))
    named = as_numbers(LOWEST_DRIVER[family])[0] if family in LOWEST_DRIVER else 0
    last = (gpu.last_branch if gpu else 0) or architecture.last_branch
    return Device(
        name=gpu.name if gpu else f"GPU of compute capability {row.version}",
        family=family,
        architecture=architecture,
        capability=row,
        lowest_branch=max(as_numbers(first)[0], named),
        last_branch=last,
        grid=family in GRID_ONLY,
    )


def _key(text: str) -> str:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return "".join(word for word in words if word not in _NOISE)


def _gpu_named(word: str, problems: list[str]) -> Gpu | None:
    key = _key(word)
    for gpu in GPUS_OF_EC2:
        if key in {_key(gpu.name), _key(gpu.product), *gpu.pci} - {""}:
            return gpu
    # nvidia-smi adds form factor and memory: "Tesla V100-SXM2-32GB".
    for gpu in sorted(GPUS_OF_EC2, key=lambda one: -len(_key(one.name))):
        if key.startswith(_key(gpu.name)) and not key[len(_key(gpu.name)) :][:1].isdigit():
            return gpu
    names = [gpu.name for gpu in GPUS_OF_EC2]
    problems.append(f"There is no GPU {word} on EC2. {nearest(word, names)}Known are {', '.join(names)}.")
    return None


def _gpu_of_family(family: str, problems: list[str]) -> Gpu | None:
    for gpu in GPUS_OF_EC2:
        if family in gpu.families:
            return gpu
    families = [one for gpu in GPUS_OF_EC2 for one in gpu.families]
    problems.append(f"Instance family {family} has no NVIDIA GPU. {nearest(family, families)}".rstrip())
    return None


def _capability(word: str, problems: list[str]) -> Capability | None:
    known = {row.version: row for row in CAPABILITIES}
    if word not in known:
        problems.append(f"Compute capability {word} is not known. {nearest(word, known)}Known are {', '.join(known)}.")
    return known.get(word)
