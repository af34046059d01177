# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole bill of a run before it begins."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._money.price_table import bundled_tariff
from ansible_collections.gpgpu.aws.plugins.module_utils._money.quote import quote
from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import Rate
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import Wish
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.fakes.offers import offer

RATE = Rate(compute=1.0, disks=0.02, address=0.005)
FIXED = Rate(compute=1.0, disks=0.02, address=0.005, idle=0.005)
PRIVATE = Rate(compute=1.0, disks=0.02, address=0.0)


def bill(rate: Rate = RATE, wish: Wish | None = None, count: int = 1, lease_hours: float = 10.0) -> dict[str, Any]:
    """The bill of an offer in us-west-2."""
    tariff = bundled_tariff("us-west-2")
    return quote(offer(rate=rate), tariff, wish or Wish(traffic_gib=0.0), count=count, lease_hours=lease_hours)


def amounts(row: dict[str, Any]) -> list[float]:
    """What a row costs per hour, per day, for the lease, and per day while stopped."""
    return [row["usd_per_hour"], row["usd_per_day"], row["usd_for_lease"], row["usd_stopped_per_day"]]


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        pytest.param({}, [1.025, 24.6, 10.25, 0.48], id="one machine"),
        pytest.param({"count": 3}, [3.075, 73.8, 30.75, 1.44], id="three"),
        pytest.param({"lease_hours": 2.0}, [1.025, 24.6, 2.05, 0.48], id="a shorter lease"),
        pytest.param({"rate": FIXED}, [1.025, 24.6, 10.25, 0.6], id="a fixed address bills while stopped"),
        pytest.param({"rate": FIXED, "count": 2}, [2.05, 49.2, 20.5, 1.2], id="two of them"),
        pytest.param({"rate": PRIVATE}, [1.02, 24.48, 10.2, 0.48], id="no address"),
        pytest.param({"wish": Wish(traffic_gib=100.0)}, [1.925, 46.2, 19.25, 0.48], id="traffic once, over the lease"),
        pytest.param(
            {"wish": Wish(traffic_gib=0.0, snapshot_gib=1460.0)}, [1.125, 27.0, 11.25, 2.88], id="snapshots, always"
        ),
        pytest.param({"wish": Wish(traffic_gib=100.0), "count": 2}, [2.95, 70.8, 29.5, 0.96], id="traffic of the run"),
    ],
)
def test_totals(given_: dict[str, Any], expected: list[float]) -> None:
    assert amounts(bill(**given_)) == pytest.approx(expected)


def test_each_item_names_its_price() -> None:
    found = bill(rate=FIXED, wish=Wish(snapshot_gib=10.0))
    assert [(item["what"], item["detail"], item["price_source"], item["price_date"]) for item in found["items"]] == [
        ("compute", "1 x g4dn.xlarge on-demand", "price list", "2026-11-01"),
        ("disks", "1 x 100 GiB gp3", "bundled table", "2026-07-20"),
        ("public addresses", "1 x fixed IPv4", "bundled table", "2026-07-20"),
        ("snapshots", "10 GiB", "bundled table", "2026-07-20"),
        ("traffic", "1 GiB to the internet (estimate)", "bundled table", "2026-07-20"),
    ]
    assert (found["currency"], found["market"], found["zone"]) == ("USD", "on-demand", "us-west-2a")


def test_an_offer_without_a_price_has_an_empty_bill() -> None:
    found = quote(offer(None), bundled_tariff("us-west-2"), Wish(), count=1, lease_hours=8)
    assert (found["items"], found["usd_for_lease"]) == ([], 0)


@given(
    st.integers(1, 100),
    st.floats(0.1, 744),
    st.floats(0, 10_000),
    st.floats(0, 10_000),
    st.sampled_from([RATE, FIXED, PRIVATE]),
)
def test_the_items_are_the_bill(count: int, lease: float, traffic: float, snapshots: float, rate: Rate) -> None:
    found = bill(rate, Wish(traffic_gib=traffic, snapshot_gib=snapshots), count, lease)
    for name in ("usd_per_hour", "usd_per_day", "usd_for_lease", "usd_stopped_per_day"):
        assert found[name] == pytest.approx(sum(item[name] for item in found["items"]), abs=1e-3)
    assert found["usd_stopped_per_day"] <= found["usd_per_day"]
