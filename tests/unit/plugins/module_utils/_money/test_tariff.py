# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prices of what goes with a machine, and the bundled table."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._money.price_table import (
    DISK_ELSEWHERE,
    DISK_GB_MONTH,
    ON_DEMAND_HOUR,
    REGION_FACTOR,
    TABLE_DATE,
    bundled_hour,
    bundled_tariff,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.retired import CURRENT
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import Volume


@pytest.mark.parametrize(
    ("region", "volume", "month"),
    [
        pytest.param("us-west-2", Volume(100), 8.0, id="free IOPS and throughput"),
        pytest.param("eu-west-1", Volume(100), 8.8, id="another region"),
        pytest.param("sa-east-1", Volume(100), 9.6, id="a region of no row costs the dearest"),
        pytest.param("us-west-2", Volume(100, iops=4000), 13.0, id="1000 IOPS more"),
        pytest.param("us-west-2", Volume(100, throughput_mibps=225), 12.0, id="100 MiB/s more"),
        pytest.param("us-west-2", Volume(100, iops=100, throughput_mibps=1), 8.0, id="never less"),
    ],
)
def test_disk(region: str, volume: Volume, month: float) -> None:
    tariff = bundled_tariff(region)
    assert tariff.disk_hour(volume) == pytest.approx(month / 730)
    assert tariff.disks_hour([volume, volume]) == pytest.approx(2 * month / 730)


@pytest.mark.parametrize(
    ("name", "region", "usd", "source"),
    [
        ("g5.xlarge", "us-east-1", 1.006, "bundled table"),
        ("g5.xlarge", "us-west-2", 1.006, "bundled table, estimated from us-east-1"),
        ("g5.xlarge", "ap-northeast-1", 1.459002, "bundled table, estimated from us-east-1"),
        ("g5.xlarge", "sa-east-1", 1.459002, "bundled table, estimated from us-east-1"),
    ],
)
def test_a_bundled_price_says_how_good_it_is(name: str, region: str, usd: float, source: str) -> None:
    found = bundled_hour(name, region)
    assert found is not None
    assert found.usd == pytest.approx(usd)
    assert (found.source, found.date) == (source, TABLE_DATE)


def test_a_type_of_no_row_has_no_price() -> None:
    assert bundled_hour("p5e.48xlarge", "us-east-1") is None


def test_the_table_holds_prices_of_types_on_offer_and_has_a_date() -> None:
    assert date.fromisoformat(TABLE_DATE)
    offered = {f"{family}.{size}" for family, sizes in CURRENT.items() for size in sizes}
    assert set(ON_DEMAND_HOUR) <= offered
    assert all(0.1 < usd < 200 for usd in ON_DEMAND_HOUR.values())
    assert {price["date"] for price in asdict(bundled_tariff("us-west-2")).values()} == {TABLE_DATE}


def test_elsewhere_errs_upwards() -> None:
    assert max(DISK_GB_MONTH.values()) == DISK_ELSEWHERE
    dearest = bundled_hour("g5.xlarge", "xx-none-1")
    assert dearest is not None
    assert dearest.usd == pytest.approx(ON_DEMAND_HOUR["g5.xlarge"] * max(REGION_FACTOR.values()))
