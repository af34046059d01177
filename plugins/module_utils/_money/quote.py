# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole bill of a run before it begins: running, for its lease, and stopped. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import ROOT_FLOOR_GIB
from ansible_collections.gpgpu.aws.plugins.module_utils._money.tariff import HOURS_PER_MONTH, Price, Tariff
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import Wish, disks_of

HOURS_PER_DAY = 24


@dataclass(frozen=True)
class Item:
    """One line of a bill, of all machines together.

    Parameters:
        what: `compute`, `disks`, `public addresses`, `snapshots` or `traffic`.
        detail: how much of it, in words.
        hour: USD per hour while the run lasts.
        stopped_hour: USD per hour while its machines are stopped.
        price: the price that it is made from.
    """

    what: str
    detail: str
    hour: float
    stopped_hour: float
    price: Price

    def as_result(self, lease_hours: float) -> dict[str, Any]:
        """The line as plain data for a module's result."""
        return {
            "what": self.what,
            "detail": self.detail,
            **_amounts(self.hour, self.stopped_hour, lease_hours),
            "price_source": self.price.source,
            "price_date": self.price.date,
        }


def quote(offer: Offer, tariff: Tariff, wish: Wish, *, count: int, lease_hours: float) -> dict[str, Any]:
    """The bill of an offer for all machines.

    Traffic is an estimate for the whole run, spread over its lease. What is free of charge per account and month (100
    GiB of traffic) is not taken off, for other runs may have used it up.

    Parameters:
        offer: with a rate.
        tariff: the prices of its region.
        count: machines.
        lease_hours: hours of the lease.

    Returns:
        `items`, and their sums in USD per hour, per day, for the lease, and per day while stopped.
    """
    items = list(_items(offer, tariff, wish, count, lease_hours))
    hour, stopped = sum(item.hour for item in items), sum(item.stopped_hour for item in items)
    return {
        "instance_type": offer.machine.name,
        "region": offer.region,
        "zone": offer.zone,
        "market": offer.market,
        "count": count,
        "lease_hours": lease_hours,
        "currency": "USD",
        **_amounts(hour, stopped, lease_hours),
        "items": [item.as_result(lease_hours) for item in items],
    }


def _amounts(hour: float, stopped_hour: float, lease_hours: float) -> dict[str, float]:
    return {
        "usd_per_hour": round(hour, 6),
        "usd_per_day": round(hour * HOURS_PER_DAY, 4),
        "usd_for_lease": round(hour * lease_hours, 4),
        "usd_stopped_per_day": round(stopped_hour * HOURS_PER_DAY, 4),
    }


def _items(offer: Offer, tariff: Tariff, wish: Wish, count: int, lease_hours: float) -> Iterator[Item]:
    rate = offer.rate
    if rate is None:
        return
    compute = Price(rate.compute, offer.price_source, offer.price_date)
    yield Item("compute", f"{count} x {offer.machine.name} {offer.market}", rate.compute * count, 0.0, compute)
    disks = disks_of(wish, offer.image.root_gib if offer.image else 0, ROOT_FLOOR_GIB)
    sizes = " + ".join(f"{disk.size_gib} GiB" for disk in disks)
    disks_hour = rate.disks * count
    yield Item("disks", f"{count} x {sizes} gp3", disks_hour, disks_hour, tariff.disk_gib_month)
    if rate.address:
        kind = "fixed" if rate.idle else "automatic"
        address = tariff.address_hour
        yield Item("public addresses", f"{count} x {kind} IPv4", rate.address * count, rate.idle * count, address)
    if wish.snapshot_gib:
        kept = tariff.snapshot_gib_month.usd * wish.snapshot_gib / HOURS_PER_MONTH
        yield Item("snapshots", f"{wish.snapshot_gib:g} GiB", kept, kept, tariff.snapshot_gib_month)
    if wish.traffic_gib:
        sent = tariff.traffic_gib.usd * wish.traffic_gib / lease_hours
        yield Item("traffic", f"{wish.traffic_gib:g} GiB to the internet (estimate)", sent, 0.0, tariff.traffic_gib)
