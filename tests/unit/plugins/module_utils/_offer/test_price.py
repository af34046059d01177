# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prices out of answers of AWS."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._money.price_table import bundled_tariff
from ansible_collections.gpgpu.aws.plugins.module_utils._money.tariff import Price
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.price import (
    compute_terms,
    hourly_prices,
    spot_by_zone,
    with_listed,
)

from tests.unit.fakes.rows import NOW


def product(*prices: str, unit: str = "Hrs", currency: str = "USD", kind: str = "OnDemand", **attributes: str) -> str:
    """One product of the price list, cut down to what is read; one term for each price."""
    terms = {
        f"TERM.{number}": {
            "effectiveDate": "2026-11-01T00:00:00Z",
            "priceDimensions": {f"RATE.{number}": {"unit": unit, "pricePerUnit": {currency: price}}},
        }
        for number, price in enumerate(prices)
    }
    names = {"instanceType": "g5.xlarge", **attributes}
    return json.dumps({"product": {"sku": "SKU", "attributes": names}, "terms": {kind: terms}})


@pytest.mark.parametrize(
    ("products", "price"),
    [
        pytest.param([product("0.5260000000")], 0.526, id="one"),
        pytest.param([product("0.0000000000"), product("1.0060000000")], 1.006, id="a row of no price beside it"),
        pytest.param([product("0.0000000000")], None, id="a row of no price alone"),
        pytest.param([product("0.3300000000", kind="Reserved")], None, id="reserved only"),
        pytest.param([product("0.3300000000", unit="Quantity")], None, id="paid once, not by the hour"),
        pytest.param([product("3.8", currency="CNY")], None, id="another currency"),
        pytest.param([product("1.2", "1.1")], 1.2, id="two terms"),
        pytest.param([json.dumps({"product": {"attributes": {}}})], None, id="no terms"),
        pytest.param([], None, id="no product"),
    ],
)
def test_hourly_price(products: list[str], price: float | None) -> None:
    found = hourly_prices(products).get("g5.xlarge")
    assert (found.usd if found else None) == price


def test_each_type_has_its_price_and_its_day() -> None:
    both = [product("1.006"), product("0.8048", instanceType="g6.xlarge")]
    assert hourly_prices(both) == {
        "g5.xlarge": Price(1.006, "price list", "2026-11-01"),
        "g6.xlarge": Price(0.8048, "price list", "2026-11-01"),
    }


def test_the_question_leaves_out_reserved_windows_dedicated_and_bundled_software() -> None:
    assert compute_terms("eu-west-1") == {
        "regionCode": "eu-west-1",
        "operatingSystem": "Linux",
        "tenancy": "Shared",
        "preInstalledSw": "NA",
        "capacitystatus": "Used",
    }


@pytest.mark.parametrize(
    ("usage", "unit", "price", "field", "usd"),
    [
        ("EBS:VolumeUsage.gp3", "GB-Mo", "0.08", "disk_gib_month", 0.08),
        ("APN1-EBS:VolumeUsage.gp3", "GB-Mo", "0.096", "disk_gib_month", 0.096),
        ("APN1-EBS:VolumeP-IOPS.gp3", "IOPS-Mo", "0.006", "iops_month", 0.006),
        ("EBS:VolumeP-Throughput.gp3", "GiBps-mo", "40.96", "mibps_month", 0.04),
        ("EUW1-EBS:SnapshotUsage", "GB-Mo", "0.05", "snapshot_gib_month", 0.05),
        ("USE1-PublicIPv4:InUseAddress", "Hrs", "0.005", "address_hour", 0.005),
        ("APN1-DataTransfer-Out-Bytes", "GB", "0.114", "traffic_gib", 0.114),
    ],
)
def test_a_listed_price_replaces_the_bundled_one(usage: str, unit: str, price: str, field: str, usd: float) -> None:
    before = bundled_tariff("us-west-2")
    after = with_listed(before, [product(price, unit=unit, usagetype=usage)])
    found = getattr(after, field)
    assert found.usd == pytest.approx(usd)
    assert (found.source, found.date) == ("price list", "2026-11-01")
    others = {"disk_gib_month", "iops_month", "mibps_month", "snapshot_gib_month", "address_hour", "traffic_gib"} - {
        field
    }
    assert all(getattr(after, name) == getattr(before, name) for name in others)


@pytest.mark.parametrize(
    "usage",
    [
        "EBS:VolumeUsage.gp2",
        "EBS:SnapshotArchiveStorage",
        "USE1-PublicIPv4:IdleAddress",
        "EBS:directAPI.snapshot.Get",
        "XEBS:VolumeUsage.gp3",
    ],
)
def test_a_price_of_something_else_changes_nothing(usage: str) -> None:
    before = bundled_tariff("us-west-2")
    assert with_listed(before, [product("9", unit="GB-Mo", usagetype=usage)]) == before


def test_of_a_price_in_tiers_the_dearest_counts() -> None:
    tiers = product("0.0", "0.09", "0.085", unit="GB", usagetype="DataTransfer-Out-Bytes")
    assert with_listed(bundled_tariff("us-west-2"), [tiers]).traffic_gib.usd == 0.09


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
    assert spot_by_zone(rows) == {
        ("g5.xlarge", "a"): Price(0.4, "spot history", "2026-11-23T11:50Z"),
        ("g5.xlarge", "b"): Price(0.7, "spot history", "2026-11-23T10:30Z"),
        ("g6.xlarge", "a"): Price(0.3, "spot history", "2026-11-23T11:40Z"),
    }
    assert spot_by_zone([]) == {}
