# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS has no machine, no quota, no network or no permission: what is bought instead, and what is left where."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.integration.desk import REAL, Desk

EAST, WEST = "us-east-1", "us-west-2"
G5, G6 = "g5.xlarge", "g6.xlarge"
SPOT_FIRST: dict[str, Any] = {"instance_types": [G5, G6], "markets": ["spot", "on-demand"], "measure_latency": False}


def empty(**where: str) -> dict[str, Any]:
    """No machine of these is left; what is not named is every one."""
    return {"instance_type": "*", "zone": "*", "market": "*", **where, "free": 0}


def tried(result: dict[str, Any]) -> list[str]:
    """The attempts of a launch in a few words."""
    return [
        f"{one['instance_type']} {one['market']} {one['zone'] or one['region']} {one['outcome']}"
        for one in result["attempts"]
    ]


@pytest.fixture
def wanted(desk: Desk) -> dict[str, Any]:
    """A run of two regions, each type, spot first."""
    return {"run_id": desk.cloud.name(), "regions": [WEST, EAST], **SPOT_FIRST}


def places(desk: Desk, run_id: str) -> dict[str, set[str]]:
    """The kinds of what a run owns, by region."""
    found: dict[str, set[str]] = {}
    for (region, kind, _id), row in desk.truth().items():
        if row["tags"].get("gpgpu:run") == run_id and row.get("state") not in ("closed", "cancelled"):
            found.setdefault(region, set()).add(kind)
    return found


def test_the_next_zone(desk: Desk, wanted: dict[str, Any]) -> None:
    first = desk.rent(**wanted, check_mode=True)
    best = first["chosen"]["zone"]
    desk.cloud.control("PUT", "stock", [empty(zone=best)])
    rented = desk.rent(**wanted)
    assert tried(rented)[0].endswith(f"spot {best} capacity")
    assert rented["attempts"][-1]["outcome"] == "bought"
    assert rented["hosts"][0]["zone"] not in (best, "")
    desk.remove(wanted["run_id"], regions=["all"])


def test_on_demand_after_spot(desk: Desk, wanted: dict[str, Any]) -> None:
    desk.cloud.control("PUT", "stock", [empty(market="spot")])
    rented = desk.rent(**wanted)
    assert {one["outcome"] for one in rented["attempts"][:-1]} == {"capacity"}
    assert (rented["chosen"]["market"], len(rented["hosts"])) == ("on-demand", 1)
    assert len(tried(rented)) == len(set(tried(rented))), "nothing is asked for twice"
    desk.remove(wanted["run_id"], regions=["all"])


def test_another_region_and_nothing_left_in_the_first(desk: Desk, wanted: dict[str, Any]) -> None:
    home = desk.rent(**wanted, check_mode=True)["region"]
    other = EAST if home == WEST else WEST
    desk.cloud.control("PUT", "stock", [empty(zone=f"{home}*")])
    rented = desk.rent(**wanted)
    assert rented["region"] == other
    assert set(places(desk, wanted["run_id"])) == {other}
    again = desk.rent(**wanted)
    assert (again["changed"], again["region"], again["hosts"]) == (False, other, rented["hosts"])
    assert desk.remove(wanted["run_id"], regions=["all"])["proof"]["left"] == []
    assert places(desk, wanted["run_id"]) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_a_group_is_bought_whole_or_not_at_all(desk: Desk, wanted: dict[str, Any], count: int) -> None:
    desk.cloud.control("PUT", "stock", [{**empty(), "free": count - 1}])
    failed = desk.rent(**wanted, count=count)
    assert (failed["error_code"], failed["left_traces"]) == ("InsufficientInstanceCapacity", True)
    assert "instances" not in desk.owned(wanted["run_id"])
    assert desk.remove(wanted["run_id"], regions=["all"])["proof"]["left"] == []


def test_a_quota_is_asked_for_once(desk: Desk, wanted: dict[str, Any]) -> None:
    """What Service Quotas shows lags behind what EC2 enforces: EC2 has the last word."""
    refusal = {"code": "MaxSpotInstanceCountExceeded", "message": "Max spot instance count exceeded", "status": 400}
    spot = {"match": {**REAL["match"], "InstanceMarketOptions.MarketType": "spot"}}
    desk.faults({"action": "RunInstances", "error": refusal, **spot})
    rented = desk.rent(**wanted)
    assert [one["outcome"] for one in rented["attempts"]] == ["quota", "quota", "bought"]
    assert {one["region"] for one in rented["attempts"][:2]} == {EAST, WEST}
    assert rented["chosen"]["market"] == "on-demand"
    desk.faults()
    desk.remove(wanted["run_id"], regions=["all"])


def test_attempts_end_where_they_are_told_to(desk: Desk, wanted: dict[str, Any]) -> None:
    desk.cloud.control("PUT", "stock", [empty()])
    failed = desk.rent(**wanted, max_attempts=3)
    assert [one["market"] for one in failed["attempts"]] == ["spot"] * 3 + ["on-demand"] * 3
    assert "raise gpu_max_attempts" in failed["msg"]
    desk.remove(wanted["run_id"], regions=["all"])


@pytest.mark.parametrize(
    ("denied", "words"),
    [
        (["ec2:RunInstances"], ["ec2:RunInstances"]),
        (
            ["ec2:RunInstances", "ec2:ImportKeyPair", "ec2:CreateSecurityGroup"],
            ["ec2:RunInstances", "ec2:ImportKeyPair", "ec2:CreateSecurityGroup"],
        ),
    ],
)
def test_missing_permissions_are_told_before_anything_is_made(desk: Desk, denied: list[str], words: list[str]) -> None:
    run_id, before = desk.cloud.name(), desk.truth()
    desk.cloud.control("PUT", "denied", [{"action": action} for action in denied])
    failed = desk.rent(run_id)
    assert failed["error_code"] == "UnauthorizedOperation"
    assert [word for word in words if word not in failed["msg"]] == []
    assert desk.truth() == before


def test_what_may_not_be_read_hides_nothing(desk: Desk) -> None:
    run_id = desk.cloud.name()
    desk.cloud.control("PUT", "denied", [{"action": "servicequotas:*"}, {"action": "pricing:*"}])
    rented = desk.rent(run_id)
    assert len(rented["hosts"]) == 1
    assert rented["cost"]["running_usd_per_hour"] == pytest.approx(0.542, abs=0.01), "by the bundled prices"
    desk.cloud.control("PUT", "denied", [])
    desk.remove(run_id)


def test_free_terms_are_accepted_when_asked_to(desk: Desk) -> None:
    desk.cloud.control("PUT", "marketplace", {"agreements": [], "subscription_calls": 1})
    run_id = desk.cloud.name()
    planned = desk.rent(run_id, image="nvidia-marketplace", accept_marketplace_terms=True, check_mode=True)
    assert planned["actions"][0].startswith("accept the free Marketplace terms")
    rented = desk.rent(run_id, image="nvidia-marketplace", accept_marketplace_terms=True)
    assert (len(rented["hosts"]), rented["actions"][0]) == (1, planned["actions"][0])
    desk.remove(run_id)


def test_a_removal_finds_a_run_wherever_it_is(desk: Desk) -> None:
    run_id = desk.cloud.name()
    desk.rent(run_id, region=WEST)
    refused = desk.rent(run_id, region=EAST)
    assert refused["error_code"] == "run_elsewhere", "this machine has its keys"
    shutil.rmtree(Path.home() / ".ssh")
    desk.rent(run_id, region=EAST)
    assert set(places(desk, run_id)) == {WEST, EAST}
    refused = desk.rent(run_id, regions=[WEST, EAST])
    assert refused["error_code"] == "run_in_two_regions"
    removed = desk.remove(run_id, regions=["all"])
    assert removed["proof"]["left"] == []
    assert places(desk, run_id) == {}
