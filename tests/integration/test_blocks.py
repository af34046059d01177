# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Launches into reserved capacity: what a person named, what the run has bought, and what it may buy."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._run import block as block_of_run

from tests.integration.desk import Desk, refusal

KIND = "p5.48xlarge"
HERE = "us-west-2"
WISH: dict[str, Any] = {"instance_types": [KIND], "markets": ["capacity-block"], "lease_hours": 20, "region": HERE}
YES: dict[str, Any] = {**WISH, "buy_capacity_block": True, "budget_usd": 100_000}


def offerings(desk: Desk, hours: int = 24) -> list[dict[str, Any]]:
    """Blocks on offer, the first to begin first."""
    ask = desk.cloud.client("ec2").describe_capacity_block_offerings
    rows = ask(InstanceType=KIND, InstanceCount=1, CapacityDurationHours=hours)["CapacityBlockOfferings"]
    return sorted(rows, key=lambda row: row["StartDate"])


def block(desk: Desk, which: int = 0) -> str:
    """Buy a block by hand; the last one begins tomorrow."""
    id = offerings(desk)[which]["CapacityBlockOfferingId"]
    bought = desk.cloud.client("ec2").purchase_capacity_block(CapacityBlockOfferingId=id, InstancePlatform="Linux/UNIX")
    return str(bought["CapacityReservation"]["CapacityReservationId"])


def reservation(desk: Desk, kind: str = "g5.xlarge", zone: str = "us-west-2b", count: int = 1) -> str:
    """Reserve machines by hand."""
    wish = {"InstanceType": kind, "AvailabilityZone": zone, "InstanceCount": count, "InstancePlatform": "Linux/UNIX"}
    made = desk.cloud.client("ec2").create_capacity_reservation(**wish, InstanceMatchCriteria="targeted")
    return str(made["CapacityReservation"]["CapacityReservationId"])


def bought_for(desk: Desk, run_id: str) -> list[str]:
    """The reservations that carry a run's tag."""
    filters = [{"Name": "tag:gpgpu:run", "Values": [run_id]}]
    rows = desk.cloud.client("ec2").describe_capacity_reservations(Filters=filters)["CapacityReservations"]
    return [row["CapacityReservationId"] for row in rows]


def held_by(desk: Desk, result: dict[str, Any]) -> list[str]:
    """The reservation in which each machine of a result stands."""
    ids = [host["instance_id"] for host in result["hosts"]]
    return [str(desk.cloud.instance(one).get("CapacityReservationId")) for one in ids]


def test_a_named_reservation_brings_type_and_zone_and_its_price(desk: Desk) -> None:
    run_id, held = desk.cloud.name(), reservation(desk)
    rented = desk.rent(run_id, capacity_reservation_id=held)
    (host,) = rented["hosts"]
    assert (host["instance_type"], host["zone"], held_by(desk, rented)) == ("g5.xlarge", "us-west-2b", [held])
    assert rented["cost"]["running_usd_per_hour"] > 1.0
    assert [note for note in rented["summary"] if held in note and "used or not" in note]
    assert desk.calls.count("DescribeCapacityReservations") == 1
    again = desk.rent(run_id, capacity_reservation_id=held)
    assert (again["changed"], again["hosts"]) == (False, rented["hosts"])
    assert "DescribeCapacityReservations" not in desk.calls
    assert desk.remove(run_id)["proof"]["left"] == []


def test_a_named_block_is_paid_and_tells_when_it_ends(desk: Desk) -> None:
    run_id, held = desk.cloud.name(), block(desk)
    rented = desk.rent(run_id, capacity_reservation_id=held, lease_hours=20)
    assert (rented["chosen"]["market"], held_by(desk, rented)) == ("capacity-block", [held])
    assert rented["cost"]["running_usd_per_hour"] < 0.1, "disks and address only"
    assert any("30 minutes before the block ends" in note for note in rented["notes"])
    desk.remove(run_id)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param({"instance_types": ["g6.xlarge"]}, "set gpu_instance_types to p5.48xlarge", id="type"),
        pytest.param({"zones": ["us-west-2d"]}, "set gpu_zones to", id="zone"),
        pytest.param({"count": 2}, "has 1 free machines and 2 are wanted", id="count"),
        pytest.param({"lease_hours": 24}, "set gpu_lease_hours to at most 23.4", id="lease"),
        pytest.param({"vram_gib": 100}, "set gpu_vram_gib to 80", id="hardware"),
    ],
)
def test_what_does_not_fit_a_block_is_told_before_anything_is_made(
    desk: Desk, options: dict[str, Any], told: str
) -> None:
    run_id, held = desk.cloud.name(), block(desk)
    before = set(desk.truth())
    refused = desk.rent(run_id, **{"capacity_reservation_id": held, "lease_hours": 2, **options})
    assert told in refused["msg"]
    assert set(desk.truth()) == before


def test_a_reservation_that_is_not_there_or_not_yet_is_told(desk: Desk) -> None:
    run_id = desk.cloud.name()
    refused = desk.rent(run_id, capacity_reservation_id="cr-0123456789abcdef0")
    assert (refused["error_code"], desk.owned(run_id)) == ("no_reservation", {})
    refused = desk.rent(run_id, capacity_reservation_id=block(desk, -1), lease_hours=2)
    assert "is scheduled and begins at" in refused["msg"]
    assert desk.owned(run_id) == {}


def test_another_market_follows_only_when_it_is_named_beside_the_own_one(desk: Desk) -> None:
    run_id = desk.cloud.name()
    full = reservation(desk, count=1)
    other = desk.cloud.name()
    desk.rent(other, capacity_reservation_id=full)
    refused = desk.rent(run_id, capacity_reservation_id=full)
    assert "has 0 free machines" in refused["msg"]
    rented = desk.rent(run_id, capacity_reservation_id=full, markets=["on-demand", "spot"])
    assert (rented["chosen"]["market"], rented["chosen"]["instance_type"]) == ("spot", "g5.xlarge")
    assert held_by(desk, rented) == ["None"]
    for one in (run_id, other):
        desk.remove(one)


@pytest.mark.parametrize("options", [WISH, {**WISH, "buy_capacity_block": True}, {**WISH, "budget_usd": 100_000}])
def test_nothing_is_bought_without_a_yes_and_a_budget(desk: Desk, options: dict[str, Any]) -> None:
    run_id = desk.cloud.name()
    refused = desk.rent(run_id, **options)
    assert "set gpu_buy_capacity_block to true and gpu_budget_usd" in refused["msg"]
    assert f"{1} x {KIND} in" in refused["msg"]
    assert "PurchaseCapacityBlock" not in desk.calls


def test_a_fee_above_the_budget_is_not_paid(desk: Desk) -> None:
    refused = desk.rent(desk.cloud.name(), **{**YES, "budget_usd": 10})
    assert "above the budget of $10.00" in refused["msg"]
    assert "PurchaseCapacityBlock" not in desk.calls


def test_a_block_is_bought_once_and_its_machines_with_it(desk: Desk) -> None:
    run_id = desk.cloud.name()
    planned = desk.rent(run_id, check_mode=True, **YES)
    assert bought_for(desk, run_id) == []
    assert desk.calls.count("PurchaseCapacityBlock") == 1, "a dry run"
    rented = desk.rent(run_id, **YES)
    shapes = [[action.split(" cbr-")[0] for action in one["actions"]] for one in (planned, rented)]
    assert shapes[0] == shapes[1]
    (held,) = bought_for(desk, run_id)
    assert held_by(desk, rented) == [held]
    (buying,) = [action for action in rented["actions"] if action.startswith("buy capacity block")]
    assert "for 24 h from" in buying
    assert f"${rented['cost']['upfront_usd']:,.2f} at once" in buying
    assert rented["cost"]["worst_case_usd"] > rented["cost"]["upfront_usd"] > 1000
    assert desk.rent(run_id, **YES)["changed"] is False
    removed = desk.remove(run_id)
    assert (removed["proof"]["left"], len(removed["kept"])) == ([], 1)
    assert held_by(desk, desk.rent(run_id, **YES)) == [held], "the block is paid: a next life uses it"
    assert bought_for(desk, run_id) == [held]
    desk.remove(run_id)


def test_a_block_that_begins_later_is_bought_now_and_used_then(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = desk.cloud.name()
    with monkeypatch.context() as patch:
        patch.setattr(block_of_run, "SOON", timedelta(days=-1))
        bought = desk.rent(run_id, **YES)
    (held,) = bought_for(desk, run_id)
    assert (bought["changed"], bought["hosts"], bought["waits_for"]) == (True, [], held)
    assert bought["actions"][-1].startswith("buy capacity block")
    assert f"gpu_capacity_reservation_id={held}" in bought["summary"][-1]
    assert "RunInstances" not in desk.calls
    rented = desk.rent(run_id, **YES)
    assert (held_by(desk, rented), rented["waits_for"], bought_for(desk, run_id)) == ([held], "", [held])
    assert rented["cost"]["upfront_usd"] == 0.0, "it is paid"
    desk.remove(run_id)


def test_a_lost_answer_buys_no_second_block(desk: Desk) -> None:
    run_id = desk.cloud.name()
    desk.faults({"action": "PurchaseCapacityBlock", "match": {"DryRun": None}, "lost_response": True, "times": 1})
    rented = desk.rent(run_id, **YES)
    assert held_by(desk, rented) == bought_for(desk, run_id), rented
    desk.remove(run_id)


def test_a_block_that_is_gone_is_passed_over(desk: Desk) -> None:
    run_id = desk.cloud.name()
    desk.faults(refusal("PurchaseCapacityBlock", "InvalidCapacityBlockOfferingIdExpired", times=1))
    result = desk.rent(run_id, **YES)
    zones = {row["AvailabilityZone"] for row in offerings(desk)}
    assert len(zones) > 1
    assert [one["outcome"] for one in result["attempts"]] == ["capacity", "bought"]
    assert held_by(desk, result) == bought_for(desk, run_id)
    desk.remove(run_id)


def test_a_refused_machine_leaves_the_block_to_a_next_launch(desk: Desk) -> None:
    run_id = desk.cloud.name()
    desk.faults(refusal("RunInstances", "InsufficientInstanceCapacity"))
    refused = desk.rent(run_id, **YES)
    (held,) = bought_for(desk, run_id)
    assert f"launch again with gpu_capacity_reservation_id={held}" in refused["msg"]
    desk.faults()
    assert held_by(desk, desk.rent(run_id, capacity_reservation_id=held, lease_hours=20)) == [held]
    assert bought_for(desk, run_id) == [held]
    desk.remove(run_id)
