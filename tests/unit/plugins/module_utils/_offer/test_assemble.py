# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of a region becomes offers, each with everything that stands against it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._money.tariff import Price
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.assemble import offers_of
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.ground import Ground
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import Wish
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import Volume

from tests.unit.fakes.offers import EIGHTH, H100, L4, facts, requirement
from tests.unit.fakes.rows import image, machine

BOTH = ("spot", "on-demand")
NO_ROUTE = {
    "us-west-2a": Ground("subnet-a", "us-west-2a", "", False),
    "us-west-2b": Ground("subnet-b", "us-west-2b", "", True),
}
ADDRESS_LIMIT = [{"QuotaCode": "L-0263D0A3", "QuotaName": "EC2-VPC Elastic IPs", "Value": 5.0}]


def places(offers: list[Offer]) -> list[tuple[str, str, str]]:
    """Type, market and zone of each offer."""
    return [(one.machine.name, one.market, one.zone) for one in offers]


def made(*machines: Any, wish: Wish | None = None, wanted: dict[str, Any] | None = None, **changes: Any) -> list[Offer]:
    """The offers of a region."""
    return list(offers_of(facts(*machines, **changes), requirement(**(wanted or {})), wish or Wish()))


def test_every_market_and_zone_is_an_offer_with_its_price() -> None:
    found = made(wanted={"markets": BOTH})
    assert [(one.market, one.zone, one.rate and one.rate.compute) for one in found] == [
        ("spot", "us-west-2a", 0.3),
        ("spot", "us-west-2b", 0.4),
        ("on-demand", "us-west-2a", 1.0),
        ("on-demand", "us-west-2b", 1.0),
    ]
    assert [(one.price_source, one.price_date) for one in found[1:3]] == [
        ("spot history", "now"),
        ("price list", "2026-11-01"),
    ]
    assert [(one.default_subnet, one.problems) for one in found[:2]] == [("subnet-a", ()), ("subnet-b", ())]


def test_where_aws_chooses_the_zone_the_dearest_spot_price_counts() -> None:
    found = made(wanted={"markets": BOTH}, zones=None)
    assert [(one.market, one.zone, one.rate and one.rate.compute) for one in found] == [
        ("spot", "", 0.4),
        ("on-demand", "", 1.0),
    ]


def test_wanted_zones_are_the_only_ones() -> None:
    wanted = {"zones": ("us-west-2b", "eu-west-1a")}
    assert places(made(wanted=wanted)) == [("g4dn.xlarge", "on-demand", "us-west-2b")]
    assert places(made(wanted=wanted, zones=None)) == [("g4dn.xlarge", "on-demand", "us-west-2b")]


@pytest.mark.parametrize(
    ("wanted", "changes", "wish", "words"),
    [
        pytest.param({"markets": ("capacity-block",)}, {}, {}, ["is not sold as capacity-block"], id="market"),
        pytest.param({}, {"on_demand": {}}, {}, ["No on-demand price could be read for g4dn.xlarge in"], id="price"),
        pytest.param(
            {"zones": ("us-west-2d",)}, {}, {}, ["not offered in us-west-2d: it is in us-west-2a, us"], id="zone"
        ),
        pytest.param({}, {"zones": {"g4dn.xlarge": []}}, {}, ["is in no zone of the region"], id="no zone"),
        pytest.param(
            {"max_hourly_usd": 1.0},
            {},
            {},
            ["One machine costs $1.0160/h, above the ceiling of $1.0000/h: raise gpu_max_hourly_usd"],
            id="ceiling, with disks and address",
        ),
        pytest.param(
            {"budget_usd": 10.0, "count": 2, "lease_hours": 10.0},
            {},
            {"traffic_gib": 0.0},
            ["The run costs $20.32 for 10 h, above the budget of $10.00: it would pay for 4.9 h (gpu_lease_hours)"],
            id="budget, all machines",
        ),
        pytest.param(
            {"budget_usd": 3.0},
            {},
            {"traffic_gib": 0.0},
            ["above the budget of $3.00: it would pay for 2.9 h (gpu_lease_hours), or raise gpu_budget_usd."],
            id="budget, hours rounded down",
        ),
        pytest.param(
            {"budget_usd": 0.05},
            {},
            {"traffic_gib": 0.0},
            ["above the budget of $0.05: raise gpu_budget_usd."],
            id="budget for no hour",
        ),
        pytest.param(
            {"vram_gib": 24.0, "max_hourly_usd": 1.0, "count": 17},
            {},
            {},
            ["set gpu_vram_gib to 16", "above the ceiling", "has room for 64"],
            id="wrong hardware and too dear and no room",
        ),
        pytest.param(
            {"count": 17}, {}, {}, ["has room for 64 vCPU and a run of 17 x g4dn.xlarge needs 68"], id="quota"
        ),
        pytest.param({"zones": ("us-west-2a",)}, {"grounds": NO_ROUTE}, {}, ["no route to an internet"], id="route"),
        pytest.param({"zones": ("us-west-2a",)}, {"grounds": {}}, {}, ["has no default subnet"], id="subnet"),
        pytest.param(
            {"count": 3},
            {"limits": ADDRESS_LIMIT, "addresses": 3},
            {"fixed_address": True},
            ["The quota of fixed addresses (L-0263D0A3) in us-west-2 has room for 2 and 3 are wanted"],
            id="addresses",
        ),
        pytest.param({}, {"images": {"x86_64": "There is none."}}, {}, ["There is none."], id="no image"),
        pytest.param({}, {"images": {"x86_64": image(ena=False)}}, {}, ["lacks the ENA network driver"], id="image"),
        pytest.param({}, {}, {"root_volume_gib": 50}, ["needs a root disk of 75 GiB and 50 were"], id="root disk"),
        pytest.param(
            {"max_hourly_usd": 0.5, "count": 17, "zones": ("us-west-2a",)},
            {"grounds": NO_ROUTE},
            {},
            ["above the ceiling", "has room for 64", "no route"],
            id="all at once",
        ),
    ],
)
def test_what_stands_against_an_offer(
    wanted: dict[str, Any], changes: dict[str, Any], wish: dict[str, Any], words: list[str]
) -> None:
    found = made(wanted=wanted, wish=Wish(**wish), **changes)
    assert found
    for one in found:
        assert len(one.problems) == len(words)
        assert all(word in sentence for word, sentence in zip(words, one.problems, strict=True))


@pytest.mark.parametrize(
    ("wanted", "changes", "wish"),
    [
        pytest.param({"max_hourly_usd": 1.017}, {}, {}, id="just below the ceiling"),
        pytest.param({"budget_usd": 8.22}, {}, {}, id="just within the budget, with traffic"),
        pytest.param({"count": 16}, {}, {}, id="all of the quota"),
        pytest.param({"zones": ("us-west-2a",)}, {"grounds": NO_ROUTE}, {"public_address": False}, id="private"),
        pytest.param({"count": 2}, {"limits": ADDRESS_LIMIT, "addresses": 3}, {"fixed_address": True}, id="addresses"),
        pytest.param({"count": 99}, {"limits": ADDRESS_LIMIT, "addresses": 3}, {}, id="no fixed address wanted"),
        pytest.param(
            {"count": 99}, {"limits": [], "grounds": None, "addresses": None}, {"fixed_address": True}, id="unread"
        ),
    ],
)
def test_what_is_no_problem(wanted: dict[str, Any], changes: dict[str, Any], wish: dict[str, Any]) -> None:
    assert all(one.problems == () for one in made(wanted=wanted, wish=Wish(**wish), **changes))


def test_the_rate_holds_disks_and_addresses() -> None:
    wish = Wish(root_volume_gib=200, volumes=(Volume(100),), fixed_address=True, public_address=False)
    rate = made(wish=wish)[0].rate
    assert rate is not None
    assert rate.disks == pytest.approx(0.08 * 300 / 730)
    assert (rate.address, rate.idle) == (0.005, 0.005)
    private = made(wish=Wish(public_address=False))[0].rate
    assert private is not None
    assert private.disks == pytest.approx(0.08 * 100 / 730)
    assert private.address == 0.0


def test_the_wrong_hardware_is_rejected_once_at_its_price() -> None:
    (found,) = made(EIGHTH, wanted={"markets": BOTH}, on_demand={})
    assert places([found]) == [("g6f.large", "on-demand", "")]
    assert "has a part of a GPU" in found.problems[0]
    assert (found.rate and found.rate.compute, found.price_source) == (0.202, "bundled table, estimated from us-east-1")


def test_refusals_of_the_last_minutes_are_noted() -> None:
    refusals = {"g4dn.xlarge|us-west-2|us-west-2b|on-demand": 1.0}
    assert [(one.zone, one.refused_recently) for one in made(refusals=refusals)] == [
        ("us-west-2a", False),
        ("us-west-2b", True),
    ]


BLOCK = {
    "CapacityBlockOfferingId": "cb-1",
    "InstanceType": "p5.48xlarge",
    "AvailabilityZone": "us-west-2b",
    "InstanceCount": 2,
    "StartDate": datetime(2026, 12, 1, 11, 30, tzinfo=UTC),
    "UpfrontFee": "2304.00",
}


def test_a_capacity_block_costs_its_fee_over_the_lease() -> None:
    wanted = {"markets": ("capacity-block",), "count": 2, "lease_hours": 12.0}
    (found,) = made(H100, wanted=wanted, blocks=[BLOCK])
    assert (found.zone, found.block_id, found.starts) == ("us-west-2b", "cb-1", "2026-12-01T11:30Z")
    assert found.rate is not None
    assert found.rate.compute * 2 * 12 == pytest.approx(2304)
    assert found.price_source == "capacity block offerings"
    assert found.problems == (), "blocks don't count against the on-demand quota"


def test_without_a_capacity_block_on_offer_there_is_none() -> None:
    (found,) = made(H100, wanted={"markets": ("capacity-block",)})
    assert "No capacity block of p5.48xlarge is on offer in us-west-2 for 8 h" in found.problems[0]


def test_each_architecture_starts_its_own_image() -> None:
    arm = machine(name="g5g.xlarge", architectures=("arm64",))
    images = {"x86_64": image(), "arm64": image(image_id="ami-arm", architecture="arm64")}
    found = made(L4, arm, images=images)
    assert [one.image and one.image.image_id for one in found[::2]] == ["ami-0123456789abcdef0", "ami-arm"]


def test_a_bundled_price_says_so() -> None:
    source = {"g4dn.xlarge": Price(0.5, "bundled table", "2026-07-20")}
    assert made(on_demand=source)[0].price_source == "bundled table"
