# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prices: the question to the Price List API and the reading of its answer. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any


def compute_terms(instance_types: str, region: str) -> dict[str, str]:
    """The terms that single out on-demand Linux compute on shared hardware.

    `capacitystatus=Used` leaves out the rows of reserved capacity, whose price is 0.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-types.html
    """
    return {
        "instanceType": instance_types,
        "regionCode": region,
        "operatingSystem": "Linux",
        "tenancy": "Shared",
        "preInstalledSw": "NA",
        "capacitystatus": "Used",
    }


def hourly_price(products: Iterable[str]) -> float | None:
    """The on-demand price in USD per hour of the one product in an answer, or None."""
    prices = [price for product in products for price in _on_demand(json.loads(product))]
    paid = [price for price in prices if price > 0]
    return min(paid) if paid else None


def _on_demand(product: dict[str, Any]) -> list[float]:
    return [
        float(dimension["pricePerUnit"]["USD"])
        for term in product.get("terms", {}).get("OnDemand", {}).values()
        for dimension in term["priceDimensions"].values()
        if dimension.get("unit") == "Hrs" and "USD" in dimension["pricePerUnit"]
    ]


def spot_by_zone(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, str], float]:
    """The newest spot price in USD per hour of each (type, zone)."""
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        key = (row["InstanceType"], row["AvailabilityZone"])
        if key not in newest or row["Timestamp"] > newest[key]["Timestamp"]:
            newest[key] = row
    return {key: float(row["SpotPrice"]) for key, row in newest.items()}
