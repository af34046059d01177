# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prices out of the answers of the Price List API and of the spot history. Pure.

https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-an-offer.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._money.tariff import Price, Tariff

PRICE_LIST = "price list"
SPOT_HISTORY = "spot history"
MIB_PER_GIB = 1024

# Field of a tariff, the end of its usage type, and what a unit of the price list is worth in ours. The usage type
# begins with the region's own prefix (none in us-east-1). https://docs.aws.amazon.com/cur/latest/userguide/
_TARIFF_ROWS: tuple[tuple[str, str, Mapping[str, float]], ...] = (
    ("disk_gib_month", "EBS:VolumeUsage.gp3", {"GB-Mo": 1}),
    ("iops_month", "EBS:VolumeP-IOPS.gp3", {"IOPS-Mo": 1}),
    ("mibps_month", "EBS:VolumeP-Throughput.gp3", {"GiBps-mo": MIB_PER_GIB, "MiBps-Mo": 1}),
    ("snapshot_gib_month", "EBS:SnapshotUsage", {"GB-Mo": 1}),
    ("address_hour", "PublicIPv4:InUseAddress", {"Hrs": 1}),
    ("traffic_gib", "DataTransfer-Out-Bytes", {"GB": 1}),
)


def compute_terms(region: str) -> dict[str, str]:
    """The terms that single out on-demand Linux compute on shared hardware.

    `capacitystatus=Used` leaves out the rows of reserved capacity, whose price is 0.
    https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html
    """
    return {
        "regionCode": region,
        "operatingSystem": "Linux",
        "tenancy": "Shared",
        "preInstalledSw": "NA",
        "capacitystatus": "Used",
    }


def hourly_prices(products: Iterable[str]) -> dict[str, Price]:
    """The on-demand price in USD per hour of each type; of several the dearest, so that bills err upwards."""
    found: dict[str, Price] = {}
    for text in products:
        product = json.loads(text)
        name = product["product"]["attributes"].get("instanceType", "")
        for usd, date in _paid(product, {"Hrs": 1}):
            if name not in found or usd > found[name].usd:
                found[name] = Price(usd, PRICE_LIST, date)
    return found


def with_listed(tariff: Tariff, products: Iterable[str]) -> Tariff:
    """A tariff with the prices that an answer holds; the others stay.

    Of a price in tiers, the dearest counts: a bill errs upwards.
    """
    listed: dict[str, Price] = {}
    for text in products:
        product = json.loads(text)
        usage = str(product["product"]["attributes"].get("usagetype", ""))
        for field, suffix, units in _TARIFF_ROWS:
            if usage == suffix or usage.endswith(f"-{suffix}"):
                prices = _paid(product, units)
                if prices:
                    usd, date = max(prices)
                    listed[field] = Price(usd, PRICE_LIST, date)
    return replace(tariff, **listed)


def _paid(product: Mapping[str, Any], units: Mapping[str, float]) -> list[tuple[float, str]]:
    """USD above 0 per unit of ours, each with the day from which it holds."""
    by_unit = {name.lower(): worth for name, worth in units.items()}
    return [
        (usd / by_unit[dimension["unit"].lower()], str(term.get("effectiveDate", ""))[:10])
        for term in product.get("terms", {}).get("OnDemand", {}).values()
        for dimension in term["priceDimensions"].values()
        if dimension.get("unit", "").lower() in by_unit and (usd := float(dimension["pricePerUnit"].get("USD", 0))) > 0
    ]


def spot_by_zone(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, str], Price]:
    """The newest spot price in USD per hour of each (type, zone)."""
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        key = (row["InstanceType"], row["AvailabilityZone"])
        if key not in newest or row["Timestamp"] > newest[key]["Timestamp"]:
            newest[key] = row
    return {
        key: Price(float(row["SpotPrice"]), SPOT_HISTORY, row["Timestamp"].strftime("%Y-%m-%dT%H:%MZ"))
        for key, row in newest.items()
    }
