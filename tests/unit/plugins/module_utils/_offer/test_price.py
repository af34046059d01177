# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prices: the question that singles out one product, and the answers that must be left out."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.price import compute_terms, hourly_price, spot_by_zone

from tests.unit.fakes.rows import NOW


def product(*prices: str, unit: str = "Hrs", currency: str = "USD", kind: str = "OnDemand") -> str:
    """One product of the price list, cut down to what is read; one term for each price."""
    terms = {
        f"TERM.{number}": {"priceDimensions": {f"RATE.{number}": {"unit": unit, "pricePerUnit": {currency: price}}}}
        for number, price in enumerate(prices)
    }
    return json.dumps({"product": {"sku": "SKU"}, "terms": {kind: terms}})


@pytest.mark.parametrize(
    ("products", "price"),
    [
        pytest.param([product("0.5260000000")], 0.526, id="one"),
        pytest.param([product("0.0000000000"), product("1.0060000000")], 1.006, id="a row of no price beside it"),
        pytest.param([product("0.0000000000")], None, id="a row of no price alone"),
        pytest.param([product("0.3300000000", kind="Reserved")], None, id="reserved only"),
        pytest.param([product("0.3300000000", unit="Quantity")], None, id="paid once, not by the hour"),
        pytest.param([product("3.8", currency="CNY")], None, id="another currency"),
        pytest.param([product("1.2", "1.1")], 1.1, id="two terms"),
        pytest.param([json.dumps({"product": {}})], None, id="no terms"),
        pytest.param([], None, id="no product"),
    ],
)
def test_hourly_price(products: list[str], price: float | None) -> None:
    assert hourly_price(products) == price


def test_the_question_leaves_out_reserved_windows_dedicated_and_bundled_software() -> None:
    assert compute_terms("g5.xlarge", "eu-west-1") == {
        "instanceType": "g5.xlarge",
        "regionCode": "eu-west-1",
        "operatingSystem": "Linux",
        "tenancy": "Shared",
        "preInstalledSw": "NA",
        "capacitystatus": "Used",
    }


def spot(kind: str, zone: str, price: str, minutes: int) -> dict[str, Any]:
    """A row of DescribeSpotPriceHistory, so many minutes old."""
    stamp = NOW - timedelta(minutes=minutes)
    return {"InstanceType": kind, "AvailabilityZone": zone, "SpotPrice": price, "Timestamp": stamp}


def test_the_newest_spot_price_of_each_type_and_zone() -> None:
    rows = [
        spot("g5.xlarge", "a", "0.50", 30),
        spot("g5.xlarge", "a", "0.40", 10),
        spot("g5.xlarge", "a", "0.60", 50),
        spot("g5.xlarge", "b", "0.70", 90),
        spot("g6.xlarge", "a", "0.30", 20),
    ]
    assert spot_by_zone(rows) == {("g5.xlarge", "a"): 0.4, ("g5.xlarge", "b"): 0.7, ("g6.xlarge", "a"): 0.3}
    assert spot_by_zone([]) == {}
