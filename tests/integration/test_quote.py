# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a quote says, seen beside a real API: the same truth, read by boto3 alone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from ansible_collections.gpgpu.aws.plugins.modules import ec2_gpu_offer_info

from tests.integration.desk import Desk, refusal

PACIFIC = ["us-west-2", "ap-northeast-1", "ap-northeast-2", "us-east-1"]
TOKYO = {"vram_gib": 24, "near": "ap-northeast-1", "markets": ["spot", "on-demand"], "max_hourly_usd": 2}


@pytest.fixture(autouse=True)
def _nothing_is_made(desk: Desk) -> Any:
    """A quote makes nothing."""
    before = set(desk.truth())
    yield
    assert set(desk.truth()) == before


def quote(desk: Desk, **options: Any) -> dict[str, Any]:
    """The result of a quote."""
    return desk.run(ec2_gpu_offer_info, **options)


def test_24_gib_near_tokyo_under_two_dollars(desk: Desk) -> None:
    result = quote(desk, regions=PACIFIC, **TOKYO)
    offers = result["offers"]
    assert offers
    assert result["unread"] == []
    assert all(offer["vram_gib"] >= 24 and offer["bill_usd_per_hour"] <= 2 for offer in offers)
    markets = [offer["market"] for offer in offers]
    assert markets == sorted(markets, reverse=True), "spot is preferred"
    worth = [
        offer["bill_usd_per_hour"] + 0.05 * offer["latency_ms"] / 100 + 0.01 * (10 - (offer["placement_score"] or 5))
        for offer in offers
        if offer["market"] == "spot"
    ]
    assert worth == pytest.approx(sorted(worth), abs=1e-5)
    assert all(row["problems"] for row in result["rejected"])
    assert set(result) >= set(yaml.safe_load(ec2_gpu_offer_info.RETURN))


def test_each_weight_changes_the_best(desk: Desk) -> None:
    def best(**weights: float) -> dict[str, Any]:
        offer: dict[str, Any] = quote(desk, regions=PACIFIC, **{**TOKYO, **weights})["offers"][0]
        return offer

    cheapest = best(latency_weight=0, capacity_weight=0)
    nearest = best(latency_weight=100, capacity_weight=0)
    surest = best(latency_weight=0, capacity_weight=100)
    assert nearest["region"] == "ap-northeast-1"
    assert cheapest["bill_usd_per_hour"] < nearest["bill_usd_per_hour"]
    assert (surest["placement_score"] or 0) >= max(cheapest["placement_score"] or 0, nearest["placement_score"] or 0)


def test_calls_grow_with_regions_alone_and_scores_are_asked_once(desk: Desk) -> None:
    one = Counter((quote(desk, regions=PACIFIC[:1], **TOKYO), desk.calls)[1])
    four = Counter((quote(desk, regions=PACIFIC, **TOKYO), desk.calls)[1])
    assert one.pop("GetSpotPlacementScores") == four.pop("GetSpotPlacementScores") == 1
    assert {action: 4 * number for action, number in one.items()} == dict(four)


def test_spot_prices_and_zones_are_those_of_aws(desk: Desk) -> None:
    offers = quote(desk, instance_types=["g5.xlarge"], markets=["spot"])["offers"]
    ec2 = desk.cloud.client("ec2")
    rows = ec2.describe_spot_price_history(
        InstanceTypes=["g5.xlarge"], ProductDescriptions=["Linux/UNIX"], StartTime=datetime.now(UTC)
    )["SpotPriceHistory"]
    truth = {row["AvailabilityZone"]: float(row["SpotPrice"]) for row in rows}
    assert {offer["zone"]: offer["usd_per_hour"] for offer in offers} == pytest.approx(truth)
    filters = [{"Name": "instance-type", "Values": ["g5.xlarge"]}]
    ask = ec2.describe_instance_type_offerings(LocationType="availability-zone", Filters=filters)
    assert sorted(truth) == sorted(row["Location"] for row in ask["InstanceTypeOfferings"])


def test_the_bill_is_the_sum_of_its_items(desk: Desk) -> None:
    options: dict[str, Any] = {
        "count": 3,
        "lease_hours": 24,
        "fixed_address": True,
        "volumes": [{"size_gib": 500, "iops": 6000}],
        "snapshot_gib": 100,
        "traffic_gib": 50,
    }
    bill = quote(desk, **options)["quote"]
    assert [item["what"] for item in bill["items"]] == ["compute", "disks", "public addresses", "snapshots", "traffic"]
    for name in ("usd_per_hour", "usd_for_lease", "usd_stopped_per_day"):
        assert bill[name] == pytest.approx(sum(item[name] for item in bill["items"]), abs=1e-3)
    prices = {item["what"]: item["usd_per_hour"] for item in bill["items"]}
    assert prices["disks"] == pytest.approx(3 * (0.08 * 600 + 0.005 * 3000) / 730, rel=1e-3)
    assert prices["public addresses"] == pytest.approx(3 * 0.005)
    assert bill["usd_for_lease"] == pytest.approx(bill["usd_per_day"], rel=1e-3)
    assert {item["price_source"] for item in bill["items"]} == {"price list"}


@pytest.mark.parametrize(
    ("action", "what"),
    [
        ("GetProducts", "on-demand prices"),
        ("ListServiceQuotas", "quotas"),
        ("DescribeRouteTables", "routes"),
        ("DescribeSpotPriceHistory", "spot prices"),
        ("GetSpotPlacementScores", "placement scores"),
        ("DescribeInstanceTypeOfferings", "zones"),
    ],
)
def test_what_may_not_be_read_is_told(desk: Desk, action: str, what: str) -> None:
    code = "AccessDeniedException" if action in ("GetProducts", "ListServiceQuotas") else "UnauthorizedOperation"
    desk.faults(refusal(action, code))
    result = quote(desk, models=["L4"], markets=["on-demand", "spot"])
    assert not result.get("failed")
    assert result["offers"]
    assert what in {row["what"] for row in result["unread"]}
    bundled = result["offers"][0]["price_source"].startswith("bundled table")
    assert bundled is (action == "GetProducts")


@pytest.mark.parametrize(
    ("options", "code", "word"),
    [
        ({"models": ["L5"], "markets": ["sopt"]}, "bad_input", "did you mean L4?"),
        ({"models": ["L5"], "markets": ["sopt"]}, "bad_input", "did you mean spot?"),
        ({"instance_types": ["g5.xlarg"]}, "unknown_instance_type", "Did you mean g5.xlarge?"),
        ({"instance_types": ["g2.2xlarge"]}, "bad_input", "Today's equivalent is g4dn.xlarge"),
        ({"regions": ["us-west2"]}, "bad_input", "did you mean us-west-2?"),
        ({"budget_usd": -1}, "bad_input", "gpu_budget_usd can't be -1"),
    ],
)
def test_what_cant_be_meant_is_refused(desk: Desk, options: dict[str, Any], code: str, word: str) -> None:
    result = quote(desk, **options)
    assert (result["failed"], result["error_code"]) == (True, code)
    assert word in result["msg"]


def test_where_nothing_fits_the_nearest_miss_says_what_to_relax(desk: Desk) -> None:
    result = quote(desk, models=["L40S"], max_hourly_usd=1)
    assert (result["offers"], result["quote"]) == ([], {})
    assert result["summary"][0] == "No offer fits."
    told = next(line for line in result["summary"] if line.startswith("  dearer than the ceiling"))
    assert "g6e.xlarge (1 x L40S 48 GiB) on-demand in us-west-2" in told
    assert "above the ceiling of $1.0000/h: raise gpu_max_hourly_usd" in told
