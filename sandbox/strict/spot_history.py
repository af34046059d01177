# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DescribeSpotPriceHistory: prices that move, back to 90 days ago, the newest first and the one in force at StartTime.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotPriceHistory.html
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.services import price_table, spot_prices
from sandbox.strict.rule import Ec2Call, Proceed, Rule
from sandbox.strict.zones import zones_with

# Product descriptions that can be asked for, and those of the answer.
PRODUCTS = {
    "Linux/UNIX": spot_prices.LINUX,
    "Linux/UNIX (Amazon VPC)": spot_prices.LINUX,
    "Windows": spot_prices.WINDOWS,
    "Windows (Amazon VPC)": spot_prices.WINDOWS,
}
HISTORY = timedelta(days=90)


def price_history(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer DescribeSpotPriceHistory: newest first, and the price in force at StartTime."""
    now = datetime.now(UTC)
    end = min(_instant(call.param("EndTime"), now), now)
    start = max(min(_instant(call.param("StartTime"), end), end), now - HISTORY)
    filters = call.filters()
    zones = set(filters.get("availability-zone", [])) | {call.param("AvailabilityZone")} - {None}
    rows = [
        row
        for instance_type in _types(call, filters)
        for zone in zones_with(call.region, instance_type)
        if not zones or zone in zones
        for product in _products(call, filters)
        for row in spot_prices.history(instance_type, zone, start, end, product)
    ]
    rows.sort(key=lambda row: row.since, reverse=True)
    ids = {row.name: row.zone_id for row in call.backend.describe_availability_zones()}
    return {
        "SpotPriceHistory": [
            {
                "AvailabilityZone": row.zone,
                "AvailabilityZoneId": ids[row.zone],
                "InstanceType": row.instance_type,
                "ProductDescription": row.product,
                "SpotPrice": row.price,
                "Timestamp": row.since,
            }
            for row in rows
        ]
    }


def _types(call: Ec2Call, filters: dict[str, list[str]]) -> list[str]:
    return list(call.param("InstanceTypes") or filters.get("instance-type") or price_table.ON_DEMAND)


def _products(call: Ec2Call, filters: dict[str, list[str]]) -> list[str]:
    """Return the products that are asked for; all of them where none is."""
    wanted = [*call.param("ProductDescriptions", []), *filters.get("product-description", [])]
    return sorted({PRODUCTS[name] for name in wanted or PRODUCTS if name in PRODUCTS})


def _instant(value: Any, default: datetime) -> datetime:
    if value is None:
        return default
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


RULES: dict[str, Rule] = {"DescribeSpotPriceHistory": price_history}
