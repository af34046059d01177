# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spot prices that move: made up from the on-demand price, the same on every run for a given time.

They have the shape of DescribeSpotPriceHistory: one row per change, per zone, the newest first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sandbox.services import price_table

# How often a price changes at most; each type and zone has its own phase.
PERIOD = timedelta(hours=6)

# Share of the on-demand price, as seen for G and P types in 2026: 0.25 to 0.70.
LOWEST, HIGHEST = 0.25, 0.70


@dataclass(frozen=True)
class SpotPrice:
    """A price in force from ``since`` on, in USD per hour."""

    instance_type: str
    zone: str
    price: str
    since: datetime


def history(instance_type: str, zone: str, start: datetime, end: datetime) -> Iterator[SpotPrice]:
    """Yield the changes between two instants, newest first, and the one in force at ``start``."""
    on_demand = price_table.on_demand(instance_type, zone[:-1])
    if on_demand is None:
        return
    change = _last_change(instance_type, zone, end)
    while True:
        yield SpotPrice(instance_type, zone, f"{on_demand * _share(instance_type, zone, change):.6f}", change)
        if change <= start:
            return
        change -= PERIOD


def current(instance_type: str, zone: str) -> float | None:
    """Return the price in force now in USD per hour, or None where the type has none."""
    now = datetime.now(UTC)
    return next((float(row.price) for row in history(instance_type, zone, now, now)), None)


def _last_change(instance_type: str, zone: str, instant: datetime) -> datetime:
    phase = timedelta(seconds=_unit(instance_type, zone, "phase") * PERIOD.total_seconds())
    origin = datetime(2026, 1, 1, tzinfo=UTC) + phase
    return (origin + (instant - origin) // PERIOD * PERIOD).replace(microsecond=0)


def _share(instance_type: str, zone: str, change: datetime) -> float:
    level = _unit(instance_type, zone, "level")
    drift = _unit(instance_type, zone, change.isoformat()) - 0.5
    return LOWEST + (HIGHEST - LOWEST) * min(1.0, max(0.0, level + 0.2 * drift))


def _unit(*parts: str) -> float:
    """Return a number in [0, 1) that depends on nothing but the parts."""
    digest = hashlib.sha256("/".join(parts).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
