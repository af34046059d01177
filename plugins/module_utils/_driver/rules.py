# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands against a device, a driver and a toolkit together. Pure: the tables of facts decide."""

from __future__ import annotations

from dataclasses import dataclass

from .device import Device
from .facts import GRID_BRANCHES, GRID_ONLY, Branch, Toolkit
from .words import as_numbers

DATA_CENTER = "data-center"
GRID = "grid"
KINDS = (DATA_CENTER, GRID)
OPEN = "open"
PROPRIETARY = "proprietary"
MODULES = (OPEN, PROPRIETARY)
# The first branch whose open modules drive data-centre GPUs: MODULES in facts.py.
FIRST_OPEN_BRANCH = 515


@dataclass(frozen=True)
class Combination:
    """One way to set up a host.

    Parameters:
        kind: `data-center` or `grid`, AWS's driver for slices of a GPU.
        module: kernel modules, `open` or `proprietary`.
    """

    kind: str
    branch: Branch
    module: str
    toolkit: Toolkit

    def __str__(self) -> str:
        return (
            f"{'the GRID driver' if self.kind == GRID else 'driver'} {self.branch.number} with {self.module} "
            f"modules and CUDA {self.toolkit.version}"
        )

    @property
    def native(self) -> bool:
        """Whether the driver is at least as new as the one the toolkit came with."""
        return as_numbers(self.toolkit.version) <= as_numbers(self.branch.cuda)


def objections(device: Device, way: Combination) -> list[str]:
    """Every reason why a combination can't work on a device; empty when it does."""
    return [*_kind(device, way), *_branch(device, way), *_module(device, way), *_toolkit(device, way)]


def _kind(device: Device, way: Combination) -> list[str]:
    if device.grid and way.kind != GRID:
        return [f"{device.family} has a slice of a GPU, which only AWS's GRID driver drives, not the data-centre one."]
    if not device.grid and way.kind == GRID:
        return [f"The GRID driver is for slices of a GPU ({', '.join(GRID_ONLY)}); whole GPUs compute without it."]
    if way.kind == GRID and way.branch.number not in GRID_BRANCHES.values():
        lowest, highest = GRID_ONLY[device.family]
        branches = " or ".join(str(branch) for branch in GRID_BRANCHES.values())
        return [
            f"AWS's GRID driver for {device.family} is version {lowest} to {highest} (branch {branches}), "
            f"not branch {way.branch.number}."
        ]
    return []


def _branch(device: Device, way: Combination) -> list[str]:
    if way.branch.number < device.lowest_branch:
        return [f"The {device.name} needs driver {device.lowest_branch} at least, not {way.branch.number}."]
    if device.last_branch and way.branch.number > device.last_branch:
        return [f"Driver {device.last_branch} is the last one for the {device.name}: {way.branch.number} dropped it."]
    return []


def _module(device: Device, way: Combination) -> list[str]:
    chip = device.architecture
    found = []
    if way.module == OPEN and not chip.open_modules:
        found.append(f"The open modules drive Turing and newer GPUs, and the {device.name} is {chip.name.title()}.")
    if way.module == PROPRIETARY and not chip.proprietary_modules:
        found.append(f"The {device.name} is {chip.name.title()}, which the proprietary modules do not drive.")
    if way.module == OPEN and not way.branch.open_modules:
        found.append(f"Driver {way.branch.number} has no open modules: they came with {FIRST_OPEN_BRANCH}.")
    if way.module == PROPRIETARY and not way.branch.proprietary_modules:
        found.append(f"Driver {way.branch.number} has no proprietary modules any more.")
    return found


def _toolkit(device: Device, way: Combination) -> list[str]:
    version, row = way.toolkit.version, device.capability
    found = []
    if way.branch.number < way.toolkit.lowest_branch:
        found.append(f"CUDA {version} needs driver {way.toolkit.lowest_branch} at least, not {way.branch.number}.")
    if as_numbers(version) < as_numbers(row.first):
        found.append(f"CUDA {version} does not know the {device.name}: {row.first} is the first that does.")
    if row.last and as_numbers(version) > as_numbers(row.last):
        found.append(
            f"CUDA {version} dropped the {device.name} (compute capability {row.version}): {row.last} is its last."
        )
    return found
