# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The spot market before a launch: prices that move, and placement scores."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.strict.placement_scores import NEW_CONFIGURATIONS
from tests.sandbox.cloud import Cloud, Row, error_of, error_row


def history(cloud: Cloud, **request: Any) -> list[Row]:
    request = {"InstanceTypes": ["g5.xlarge"], "ProductDescriptions": ["Linux/UNIX"], **request}
    rows: list[Row] = cloud.client("ec2").describe_spot_price_history(**request)["SpotPriceHistory"]
    return rows


def test_price_in_force_now(cloud: Cloud) -> None:
    now = datetime.now(UTC)
    rows = history(cloud, StartTime=now)
    zones = cloud.client("ec2").describe_availability_zones()["AvailabilityZones"]
    ids = {row["ZoneName"]: row["ZoneId"] for row in zones}
    assert sorted(row["AvailabilityZone"] for row in rows) == ["us-west-2a", "us-west-2b", "us-west-2c"]
    for row in rows:
        assert row["AvailabilityZoneId"] == ids[row["AvailabilityZone"]]
        assert now - timedelta(hours=6, seconds=1) <= row["Timestamp"] <= now
        assert 0.2 * 1.006 < float(row["SpotPrice"]) < 1.006


def test_prices_move_and_repeat(cloud: Cloud) -> None:
    now = datetime.now(UTC)
    request = {"AvailabilityZone": "us-west-2a", "StartTime": now - timedelta(days=5), "EndTime": now}
    first, second = (history(cloud, **request) for _ in range(2))
    assert first == second
    assert len({row["SpotPrice"] for row in first}) > 10
    assert [row["Timestamp"] for row in first] == sorted((row["Timestamp"] for row in first), reverse=True)
    assert first[-1]["Timestamp"] <= now - timedelta(days=5) < first[-2]["Timestamp"]


def test_history_ends_ninety_days_ago(cloud: Cloud) -> None:
    now = datetime.now(UTC)
    rows = history(cloud, AvailabilityZone="us-west-2a", StartTime=now - timedelta(days=300))
    assert now - timedelta(days=90, hours=7) < rows[-1]["Timestamp"] <= now - timedelta(days=89)


def test_windows_costs_its_licence_more(cloud: Cloud) -> None:
    now = datetime.now(UTC)
    rows = history(cloud, ProductDescriptions=[], AvailabilityZone="us-west-2a", StartTime=now)
    price = {row["ProductDescription"]: float(row["SpotPrice"]) for row in rows}
    assert price["Windows"] == pytest.approx(price["Linux/UNIX"] + 4 * 0.046, abs=1e-5)


@pytest.mark.parametrize(
    ("instance_type", "product", "found"),
    [
        ("g5.xlarge", "Linux/UNIX (Amazon VPC)", True),
        ("g5.xlarge", "Windows", True),
        ("g5g.xlarge", "Windows", False),
        ("g5.xlarge", "SUSE Linux", False),
        ("p5e.48xlarge", "Linux/UNIX", False),
    ],
)
def test_products_with_a_spot_price(cloud: Cloud, instance_type: str, product: str, found: bool) -> None:
    assert bool(history(cloud, InstanceTypes=[instance_type], ProductDescriptions=[product])) == found


TYPES = ["g5.xlarge", "g6.xlarge", "g4dn.xlarge"]


def scores(cloud: Cloud, **request: Any) -> list[Row]:
    request = {"InstanceTypes": TYPES, "TargetCapacity": 1, **request}
    rows: list[Row] = cloud.client("ec2").get_spot_placement_scores(**request)["SpotPlacementScores"]
    return rows


def test_ten_best_regions(cloud: Cloud) -> None:
    rows = scores(cloud)
    assert len(rows) == 10
    assert all(set(row) == {"Region", "Score"} for row in rows)
    assert [row["Score"] for row in rows] == sorted((row["Score"] for row in rows), reverse=True)
    assert all(1 <= row["Score"] <= 10 for row in rows)
    assert scores(cloud) == rows


def test_zones_by_their_ids(cloud: Cloud) -> None:
    rows = scores(cloud, SingleAvailabilityZone=True, RegionNames=["us-west-2"])
    assert {row["Region"] for row in rows} == {"us-west-2"}
    assert {row["AvailabilityZoneId"] for row in rows} == {f"usw2-az{number}" for number in (1, 2, 3, 4)}
    assert len({row["Score"] for row in rows}) > 1


def test_named_regions_only(cloud: Cloud) -> None:
    assert {row["Region"] for row in scores(cloud, RegionNames=["us-west-2", "eu-west-1"])} == {
        "us-west-2",
        "eu-west-1",
    }


def test_types_that_a_region_lacks_have_no_score(cloud: Cloud) -> None:
    assert scores(cloud, InstanceTypes=["g6.xlarge"], RegionNames=["eu-west-1"]) == []


@pytest.mark.parametrize("types", [["g5.xlarge"], ["g5.xlarge", "g6.xlarge"], ["g5.xlarge"] * 3])
def test_fewer_than_three_types_score_low(cloud: Cloud, types: list[str]) -> None:
    assert max(row["Score"] for row in scores(cloud, InstanceTypes=types)) <= 3 < scores(cloud)[0]["Score"]


@pytest.mark.parametrize("unit", ["units", "vcpu"])
def test_scores_fall_with_the_capacity(cloud: Cloud, unit: str) -> None:
    few, many = (
        scores(cloud, TargetCapacity=capacity, TargetCapacityUnitType=unit, RegionNames=["us-west-2"])[0]["Score"]
        for capacity in (1, 400_000)
    )
    assert many < few


def test_scores_fall_when_the_stock_is_gone(cloud: Cloud) -> None:
    zone = cloud.client("ec2").describe_availability_zones(ZoneIds=["usw2-az1"])["AvailabilityZones"][0]["ZoneName"]
    request = {"SingleAvailabilityZone": True, "RegionNames": ["us-west-2"], "TargetCapacity": 2}

    def by_zone() -> dict[str, int]:
        return {row["AvailabilityZoneId"]: row["Score"] for row in scores(cloud, **request)}

    before = by_zone()
    cloud.control("PUT", "stock", [{"zone": zone, "market": "spot", "free": 0}])
    assert by_zone() == {**before, "usw2-az1": 1}
    cloud.control("PUT", "stock", [{"instance_type": "*", "market": "on-demand", "free": 0}])
    assert by_zone() == before


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"InstanceTypes": []}, "MissingParameter"),
        ({"InstanceTypes": ["g5.tiny"]}, "InvalidParameterValue"),
        ({"TargetCapacity": 0}, "InvalidParameterValue"),
        ({"TargetCapacityUnitType": "gpus"}, "InvalidParameterValue"),
        ({"RegionNames": ["us-west-9"]}, "InvalidParameterValue"),
        ({"RegionNames": ["me-central-1"]}, "InvalidParameterValue"),
        ({"RegionNames": ["us-west-2"] * 11}, "InvalidParameterValue"),
        ({"MaxResults": 9}, "InvalidParameterValue"),
        ({"MaxResults": 10}, None),
        ({"DryRun": True}, "DryRunOperation"),
        ({"InstanceTypes": [], "InstanceRequirementsWithMetadata": {"ArchitectureTypes": ["arm64"]}}, "InvalidAction"),
    ],
)
def test_requests_for_scores_are_checked(cloud: Cloud, request_: Row, code: str | None) -> None:
    assert error_of(scores, cloud=cloud, **request_) == code


def test_new_configurations_are_limited(cloud: Cloud) -> None:
    stockholm = dataclasses.replace(cloud, region="eu-north-1")
    for capacity in range(1, NEW_CONFIGURATIONS + 1):
        scores(stockholm, TargetCapacity=capacity, RegionNames=["eu-north-1"])
    code, words = error_row(scores, cloud=stockholm, TargetCapacity=999, RegionNames=["eu-north-1"])
    assert code == "MaxConfigLimitExceeded"
    assert words.startswith("You have exceeded your maximum allowed Spot placement configurations.")
    assert scores(stockholm, TargetCapacity=1, RegionNames=["eu-north-1"])
