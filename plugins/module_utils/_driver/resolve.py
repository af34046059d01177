# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Choose driver branch, kernel modules and CUDA toolkit for a GPU, or say what is impossible and what would work.

Pure, and the same on the controller and on a rented host: all combinations of the tables are tried, so what is
named as working has passed the very rules that refused the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from itertools import product
from typing import Any

from .device import Device, find_device
from .facts import AWS_GRID, BRANCHES, DATE, GRID_ONLY, PREFERRED, TOOLKITS, Branch, Toolkit
from .rules import DATA_CENTER, GRID, KINDS, MODULES, OPEN, Combination, objections
from .words import as_numbers, nearest


@dataclass(frozen=True)
class Decision:
    """What to install, or why nothing can be.

    Parameters:
        branch: driver branch, as `580`; empty with problems.
        cuda: newest toolkit that fits, as `13.0`, or the one asked for.
        module: `open` or `proprietary` kernel modules.
        kind: `data-center` or `grid`.
        reasons: why this choice, a sentence each, with the source of the rows that decided.
        problems: why what was asked for can't work, a sentence each.
        works: what would work instead, nearest to what was asked for first.
    """

    branch: str = ""
    cuda: str = ""
    module: str = ""
    kind: str = ""
    reasons: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    works: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.problems:
            return f"driver {self.branch} ({self.kind}, {self.module} modules) and CUDA {self.cuda}"
        hint = f" What would work: {'; or '.join(self.works)}." if self.works else ""
        return f"{' '.join(self.problems)}{hint}"

    def as_result(self) -> dict[str, Any]:
        """The decision as plain data for a module's result."""
        return asdict(self)


@dataclass(frozen=True)
class _Wish:
    """The rows that each word of a person leaves open."""

    kinds: tuple[str, ...]
    branches: tuple[Branch, ...]
    modules: tuple[str, ...]
    toolkits: tuple[Toolkit, ...]

    def combinations(self) -> list[Combination]:
        return [Combination(*way) for way in product(self.kinds, self.branches, self.modules, self.toolkits)]


_ANYTHING = _Wish(KINDS, BRANCHES, MODULES, TOOLKITS)


@cache
def resolve(
    *,
    gpu: str = "",
    compute_capability: str = "",
    family: str = "",
    cuda: str = "",
    branch: str = "",
    module: str = "",
    kind: str = "",
) -> Decision:
    """Choose what a person left open.

    Parameters:
        gpu: GPU model or PCI device id.
        compute_capability: as `8.9`.
        family: EC2 instance family or type; needed to know that a type has a slice of a GPU only.
        cuda: toolkit, as `12.9`, `13` or `13.0.2`; empty for the newest that fits.
        branch: driver branch or version, as `580` or `580.95.05`; empty for the preferred one.
        module: `open`, `proprietary`, or empty.
        kind: `data-center`, `grid`, or empty.

    Returns:
        a decision without problems, or one with problems and what would work. Never raises.
    """
    device, problems = find_device(gpu, compute_capability, family)
    wish, unknown = _read(cuda, branch, module, kind)
    if device is None or unknown:
        return Decision(problems=(*problems, *unknown))
    fitting = _fitting(device, wish)
    if fitting:
        return _decision(device, _best(fitting))
    closest = min((objections(device, way) for way in _likely(device, wish)), key=len)
    return Decision(problems=tuple(closest), works=tuple(_works(device, wish)))


def _read(cuda: str, branch: str, module: str, kind: str) -> tuple[_Wish, list[str]]:
    """The rows that the words name, and a problem for each word that names none."""
    problems: list[str] = []
    wanted = ".".join(cuda.split(".")[:2])
    toolkits = tuple(row for row in TOOLKITS if wanted in ("", row.version, row.version.split(".", 1)[0]))
    number = branch.lower().lstrip("r").split(".", 1)[0]
    branches = tuple(row for row in BRANCHES if number in ("", str(row.number)))
    modules = tuple(row for row in MODULES if module in ("", row))
    kinds = tuple(row for row in KINDS if kind in ("", row))
    for noun, word, rows, known in (
        ("CUDA toolkit", wanted, toolkits, [row.version for row in TOOLKITS]),
        ("driver branch", number, branches, [str(row.number) for row in BRANCHES]),
        ("flavour of kernel modules", module, modules, list(MODULES)),
        ("kind of driver", kind, kinds, list(KINDS)),
    ):
        if not rows:
            problems.append(f"There is no {noun} {word}. {nearest(word, known)}Known are {', '.join(known)}.")
    return _Wish(kinds, branches, modules, toolkits), problems


def _fitting(device: Device, wish: _Wish) -> list[Combination]:
    return [way for way in wish.combinations() if not objections(device, way)]


def _likely(device: Device, wish: _Wish) -> list[Combination]:
    """The combinations to explain a refusal by: the kind that was left open is the one the device needs."""
    own = GRID if device.grid else DATA_CENTER
    return [way for way in wish.combinations() if len(wish.kinds) == 1 or way.kind == own]


def _ended(branch: Branch) -> bool:
    """Whether a branch has no support at the date of the tables."""
    return branch.kind == "legacy" or (bool(branch.support_end) and branch.support_end < DATE[:7])


def _rank(way: Combination) -> tuple[Any, ...]:
    """The smaller the better: supported, with a toolkit of its own age, preferred, newest, open."""
    number = way.branch.number
    place = PREFERRED.index(number) if number in PREFERRED else len(PREFERRED)
    older_toolkit = tuple(-part for part in as_numbers(way.toolkit.version))
    return _ended(way.branch), not way.native, place, -number, older_toolkit, way.module != OPEN


def _best(ways: Iterable[Combination]) -> Combination:
    return min(ways, key=_rank)


def _works(device: Device, wish: _Wish) -> list[str]:
    """What works when one word is given up, else when all are: each once."""
    looser = [
        _Wish(wish.kinds, wish.branches, wish.modules, TOOLKITS),
        _Wish(wish.kinds, BRANCHES, wish.modules, wish.toolkits),
        _Wish(wish.kinds, wish.branches, MODULES, wish.toolkits),
        _Wish(KINDS, wish.branches, wish.modules, wish.toolkits),
    ]
    found = [_fitting(device, one) for one in looser]
    ways = [_best(ways) for ways in found if ways] or [_best(_fitting(device, _ANYTHING))]
    return list(dict.fromkeys(str(way) for way in ways))


def _decision(device: Device, way: Combination) -> Decision:
    branch = way.branch
    reasons = [f"The {device.name} is {device.architecture.name.title()} ({device.capability.source})."]
    if _ended(branch):
        reasons.append(f"Driver {branch.number} has no support any more ({branch.source}).")
    elif branch.support_end:
        reasons.append(f"Driver {branch.number} is supported until {branch.support_end} ({branch.source}).")
    if device.last_branch:
        reasons.append(f"Driver {device.last_branch} is the last one for this GPU.")
    if not way.native:
        reasons.append(
            f"CUDA {way.toolkit.version} came with driver {way.toolkit.driver}: on {branch.number} its programs run, "
            f"but PTX is not compiled at run time ({way.toolkit.source})."
        )
    if device.grid:
        lowest, highest = GRID_ONLY[device.family]
        reasons.append(f"{device.family} needs AWS's GRID driver, version {lowest} to {highest} ({AWS_GRID}).")
    return Decision(str(branch.number), way.toolkit.version, way.module, way.kind, tuple(reasons))
