# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spot prices that move: made up from the on-demand price, the same on every run for a given time.

One row per change, per zone and product, the newest first. Windows costs its licence more, as it does on AWS
(https://aws.amazon.com/ec2/spot/pricing/); a Linux price of 25 to 70 percent of on-demand is what was seen in 2026.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sandbox.services import price_table

# How often a price changes at most; each type and zone has its own phase.
PERIOD = timedelta(hours=6)

LINUX, WINDOWS = "Linux/UNIX", "Windows"

# Share of the on-demand price.
LOWEST, HIGHEST = 0.25, 0.70


@dataclass(frozen=True)
class SpotPrice:
    """A price in force from ``since`` on, in USD per hour."""

    instance_type: str
    zone: str
    price: str
    since: datetime
    product: str = LINUX


def history(instance_type: str, zone: str, start: datetime, end: datetime, product: str = LINUX) -> Iterator[SpotPrice]:
    """Yield the changes between two instants, newest first, and the one in force at ``start``."""
    region = zone[:-1]
    on_demand = price_table.on_demand(instance_type, region)
    if on_demand is None or (product == WINDOWS and not _runs_windows(instance_type)):
        return
    licence = price_table.windows_licence(instance_type, _vcpus(instance_type)) if product == WINDOWS else 0.0
    change = _last_change(instance_type, zone, end)
    while True:
        usd = on_demand * _share(instance_type, zone, change) + licence
        yield SpotPrice(instance_type, zone, f"{usd:.6f}", change, product)
        if change <= start:
            return
        change -= PERIOD


def current(instance_type: str, zone: str) -> float | None:
    """Return the Linux price in force now in USD per hour, or None where the type has none."""
    now = datetime.now(UTC)
    return next((float(row.price) for row in history(instance_type, zone, now, now)), None)


def _runs_windows(instance_type: str) -> bool:
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    return "x86_64" in INSTANCE_TYPES[instance_type]["ProcessorInfo"]["SupportedArchitectures"]


def _vcpus(instance_type: str) -> int:
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    vcpus: int = INSTANCE_TYPES[instance_type]["VCpuInfo"]["DefaultVCpus"]
    return vcpus


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
