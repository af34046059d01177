# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many machines are left: without end, until a test says otherwise.

A rule is {"instance_type": glob, "zone": glob, "market": glob, "free": machines}; what it doesn't name is "*", a market
is on-demand, spot or capacity-block. Of several rules the first that fits decides. Each type, zone and market that fits
has a pool of its own: a launch takes machines out of it, and those that are stopped or terminated come back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import inf
from typing import Any

FIELDS = {"instance_type", "zone", "market", "free"}

# Instances in these states have given their machine back.
_GONE = ("stopped", "terminated")

Pool = tuple[str, str, str]
"""Instance type, zone, market."""


@dataclass(frozen=True)
class StockRule:
    """How many machines the pools that fit have left at the start."""

    free: int
    instance_type: str = "*"
    zone: str = "*"
    market: str = "*"

    def fits(self, pool: Pool) -> bool:
        """Tell whether the rule speaks of a pool."""
        globs = (self.instance_type, self.zone, self.market)
        return all(fnmatchcase(value, glob) for value, glob in zip(pool, globs, strict=True))


class Stock:
    """The pools and what was taken out of them since the rules were put in force."""

    def __init__(self) -> None:
        self._rules: tuple[StockRule, ...] = ()
        self._taken: dict[Pool, dict[str, Any]] = {}

    def replace(self, rows: list[Mapping[str, Any]]) -> None:
        """Put rules in force and fill the pools; machines that run already are outside of them.

        Raises:
            ValueError: a field that isn't one, or a number of machines that is none.
            TypeError: no list of objects.
        """
        rules = tuple(_rule(row) for row in rows)
        self._rules, self._taken = rules, {}

    def left(self, pool: Pool) -> float:
        """Return how many machines a pool still has; infinity where no rule fits."""
        rule = next((rule for rule in self._rules if rule.fits(pool)), None)
        if rule is None:
            return inf
        return rule.free - sum(row.state not in _GONE for row in self._taken.get(pool, {}).values())

    def take(self, pool: Pool, instance: Any) -> None:
        """Note that an instance runs on a machine of a pool, until it is stopped or terminated."""
        self._taken.setdefault(pool, {})[instance.id] = instance


def _rule(row: Mapping[str, Any]) -> StockRule:
    unknown = set(row) - FIELDS
    if unknown:
        raise ValueError(f"Unknown fields of a stock rule: {', '.join(sorted(unknown))}. Known: {sorted(FIELDS)}")
    free = row.get("free")
    if not isinstance(free, int) or isinstance(free, bool) or free < 0:
        raise ValueError(f"A stock rule says how many machines are free, a number from 0 on: {free!r}")
    return StockRule(**row)


STOCK = Stock()
