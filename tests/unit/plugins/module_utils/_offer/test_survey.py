# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Regions are read side by side, in a constant number of calls each; what can't be read is told and hides nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.survey import Survey, survey_offers
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import Wish

from tests.unit.fakes.aws import aws_error
from tests.unit.fakes.offers import requirement
from tests.unit.fakes.world import ZONES, World, products

DENIED = aws_error("UnauthorizedOperation", "You are not authorized.")
BOTH = ("spot", "on-demand")


def no_any_of(**params: Any) -> dict[str, Any]:
    """GetProducts where no filter takes several values."""
    if any(rule["Type"] == "ANY_OF" for rule in params["Filters"]):
        raise aws_error("InvalidParameterException")
    return products(**params)


def survey(world: World, wish: Wish | None = None, *, thorough: bool = True, **wanted: Any) -> Survey:
    """The survey of a world."""
    asked = requirement(**{"vram_gib": 24.0, **wanted})
    return survey_offers(world.clients_in, asked, wish or Wish(), thorough=thorough, measure_latency=False)


def told(found: Survey) -> dict[str, str]:
    """What could not be read, and why not."""
    return {row["what"]: row["reason"] for row in found.unread}


def test_every_fitting_type_zone_and_market_is_an_offer() -> None:
    found = survey(World(), markets=BOTH)
    assert found.unread == []
    assert {(one.machine.name, one.zone, one.market) for one in found.offers} == {
        (name, f"us-west-2{zone}", market)
        for name in ("g5.xlarge", "g6.xlarge", "g6e.xlarge")
        for zone in ZONES
        for market in BOTH
    }
    assert [one.machine.name for one in found.rejected] == ["g4dn.xlarge"]
    best = found.offers[0]
    assert (best.market, best.zone, best.placement_score, best.default_subnet) == ("spot", "us-west-2b", 9, "subnet-b")
    assert {one.quota.room for one in found.offers if one.market == "on-demand"} == {60.0}


THOROUGH = {
    "describe_instance_types": 1,
    "describe_instance_type_offerings": 1,
    "describe_spot_price_history": 1,
    "describe_instances": 1,
    "describe_subnets": 1,
    "describe_route_tables": 1,
    "describe_images": 1,
    "get_parameter": 1,
    "list_service_quotas": 1,
    # Compute of all types together, disks, addresses, traffic.
    "get_products": 4,
}


@pytest.mark.parametrize("regions", [("us-west-2",), ("us-west-2", "eu-west-1", "ap-northeast-1")])
def test_the_calls_of_a_region_are_constant_and_the_scores_are_asked_once(regions: tuple[str, ...]) -> None:
    world = World()
    survey(world, markets=BOTH, regions=regions)
    expected = Counter({name: number * len(regions) for name, number in THOROUGH.items()})
    assert world.calls() == expected + Counter({"get_spot_placement_scores": 1})
    ec2 = world.made["ec2", regions[0]]
    assert ec2.sent("get_spot_placement_scores")[0]["RegionNames"] == sorted(regions)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (
            {"instance_types": ("g5.xlarge",)},
            {"describe_instance_types": 1, "get_products": 1, "get_parameter": 1, "describe_images": 1},
        ),
        (
            {"instance_types": ("g5.xlarge", "g6.xlarge"), "markets": BOTH},
            {
                "describe_instance_types": 1,
                "get_products": 1,
                "get_parameter": 1,
                "describe_images": 1,
                "describe_spot_price_history": 1,
            },
        ),
    ],
)
def test_a_launch_asks_no_more_than_it_needs(wanted: dict[str, Any], expected: dict[str, int]) -> None:
    world = World()
    found = survey(world, thorough=False, **wanted)
    assert world.calls() == Counter(expected)
    assert [one.zone for one in found.offers] == [""] * len(found.offers)
    assert found.offers[0].price_source in ("price list", "spot history")


def test_all_regions_are_those_that_the_account_has() -> None:
    found = survey(World(), regions=("all",))
    assert {one.region for one in found.offers} == {"us-west-2", "eu-west-1"}
    assert set(found.tariffs) == {"us-west-2", "eu-west-1"}


def test_a_region_that_cant_be_read_hides_no_other() -> None:
    found = survey(World(), regions=("us-west-2", "eu-south-1"))
    assert {one.region for one in found.offers} == {"us-west-2"}
    assert found.unread == [
        {
            "region": "eu-south-1",
            "what": "region",
            "reason": "Region eu-south-1 is not a region of this account.",
            "code": "unknown_region",
        }
    ]


def test_an_unknown_name_hides_no_other() -> None:
    found = survey(World(), instance_types=("g6.xlarge", "g99.xlarge", "g5.xlarg"), vram_gib=0.0)
    assert {one.machine.name for one in found.offers} == {"g6.xlarge"}
    assert set(told(found)) == {"g99.xlarge", "g5.xlarg"}
    assert "Did you mean g5.xlarge?" in told(found)["g5.xlarg"]


@pytest.mark.parametrize(
    ("call", "what", "offers"),
    [
        ("get_products", {"on-demand prices", "disk prices", "address prices", "traffic prices"}, 12),
        ("list_service_quotas", {"quotas"}, 12),
        ("describe_instances", {"usage"}, 12),
        ("describe_subnets", {"subnets"}, 12),
        ("describe_route_tables", {"routes"}, 12),
        ("get_spot_placement_scores", {"placement scores"}, 12),
        ("get_parameter", {"image"}, 0),
        ("describe_spot_price_history", {"spot prices"}, 6),
        ("describe_instance_type_offerings", {"zones"}, 6),
        ("describe_instance_types", {"types"}, 0),
    ],
)
def test_what_may_not_be_read_is_told_and_hides_nothing_else(call: str, what: set[str], offers: int) -> None:
    found = survey(World(**{call: DENIED}), markets=BOTH)
    assert len(found.offers) == offers
    assert set(told(found)) == what
    assert all("UnauthorizedOperation: You are not authorized." in reason for reason in told(found).values())
    assert {row["code"] for row in found.unread} == {"UnauthorizedOperation"}


def test_prices_of_the_bundled_table_serve_when_the_price_list_cant_be_read() -> None:
    found = survey(World(get_products=DENIED), instance_types=("g5.xlarge",))
    assert {(one.rate and one.rate.compute, one.price_source, one.price_date) for one in found.offers} == {
        (1.006, "bundled table, estimated from us-east-1", "2026-07-20")
    }
    assert found.tariffs["us-west-2"].disk_gib_month.source == "bundled table"


@pytest.mark.parametrize("answer", [no_any_of, products])
def test_a_price_list_without_lists_of_values_is_asked_for_each_type(answer: Any) -> None:
    world = World(get_products=answer)
    found = survey(world, thorough=False, instance_types=("g5.xlarge", "g6.xlarge"))
    assert found.unread == []
    assert {one.machine.name for one in found.offers} == {"g5.xlarge", "g6.xlarge"}
    assert world.calls()["get_products"] == (3 if answer is no_any_of else 1)


@pytest.mark.parametrize(
    ("wish", "call", "number"),
    [
        (Wish(public_address=False, traffic_gib=0.0), "get_products", 2),
        (Wish(snapshot_gib=10.0), "get_products", 5),
        (Wish(), "describe_addresses", 0),
        (Wish(fixed_address=True), "describe_addresses", 1),
    ],
)
def test_only_what_is_wanted_is_priced_and_counted(wish: Wish, call: str, number: int) -> None:
    world = World()
    survey(world, wish)
    assert world.calls()[call] == number


def test_fewer_than_three_types_are_not_scored() -> None:
    world = World()
    found = survey(world, markets=("spot",), instance_types=("g5.xlarge", "g6.xlarge"))
    assert world.calls()["get_spot_placement_scores"] == 0
    assert found.offers[0].placement_score is None


def test_round_trips_are_estimated_from_a_region() -> None:
    found = survey(World(), regions=("us-west-2", "ap-northeast-1"), near="ap-northeast-1", latency_weight=10.0)
    assert found.offers[0].region == "ap-northeast-1"
    assert {one.latency_ms for one in found.offers if one.region == "ap-northeast-1"} == {1.0}


def test_the_nearest_miss_comes_first() -> None:
    """The ceiling alone stands against on-demand; the quota too against cheaper spot, the GPU too against g6f."""
    names = {"L-DB2E81BA": 64.0, "L-3819A6DF": 0.0}
    quotas = {"Quotas": [{"QuotaCode": code, "QuotaName": code, "Value": value} for code, value in names.items()]}
    found = survey(World(list_service_quotas=quotas), markets=BOTH, max_hourly_usd=0.1)
    assert [len(one.problems) for one in found.rejected] == [1] * 6 + [2] * 7
    assert found.rejected[0].market == "on-demand"


@pytest.mark.parametrize(
    ("lease", "hours"), [(1.0, 24), (23.5, 24), (24.0, 48), (335.5, 336), (336.0, 504), (744.0, 840)]
)
def test_a_capacity_block_lasts_whole_days_and_then_whole_weeks(lease: float, hours: int) -> None:
    world = World()
    found = survey(world, markets=("capacity-block",), count=2, lease_hours=lease)
    sent = world.made["ec2", "us-west-2"].sent("describe_capacity_block_offerings")
    assert sent == [{"InstanceType": "g6e.xlarge", "InstanceCount": 2, "CapacityDurationHours": hours}]
    told_of_all = [problem for one in found.rejected for problem in one.problems]
    assert any(problem.startswith("No capacity block of g6e.xlarge is on offer") for problem in told_of_all)
