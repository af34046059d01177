# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The purchase of a capacity block: once, whatever becomes of an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError, GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.block import instant
from ansible_collections.gpgpu.aws.plugins.module_utils._run.block import (
    BuyCapacityBlock,
    await_block,
    block_to_buy,
    buy_block,
    with_block,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import RunState
from ansible_collections.gpgpu.aws.plugins.module_utils._run.plan import plan_purchase
from botocore.exceptions import ReadTimeoutError

from tests.unit.fakes.aws import FakeClient, FakeClock, aws_error, clients_of
from tests.unit.fakes.rows import NOW, RUN_ID, choice, offer, run_tags, spec
from tests.unit.plugins.module_utils._offer.test_reservation import ROW

ACTION = BuyCapacityBlock(
    "cb-1", 2, "p5.48xlarge", "us-west-2b", "2026-11-23T12:00Z", "2026-11-24T12:00Z", 2304.0, False
)
LOST = ReadTimeoutError(endpoint_url="https://ec2.us-west-2.amazonaws.com")
NONE: dict[str, Any] = {"CapacityReservations": []}
SHOWN: dict[str, Any] = {"CapacityReservations": [ROW]}
OVER: dict[str, Any] = {"CapacityReservations": [{**ROW, "State": "expired"}]}
NO_BLOCK: dict[str, Any] = {"CapacityReservations": [{**ROW, "ReservationType": "default"}]}
SOLD: dict[str, Any] = {"CapacityReservation": ROW}


def buy(client: FakeClient, clock: FakeClock | None = None) -> str:
    """The id of the block that a purchase gives."""
    return buy_block(clients_of(ec2=client), spec(), ACTION, run_tags(), clock or FakeClock()).id


@pytest.mark.parametrize(
    ("looks", "answer", "purchases"),
    [
        pytest.param(NONE, SOLD, 1, id="bought"),
        pytest.param(SHOWN, SOLD, 0, id="the run has one"),
        pytest.param(OVER, SOLD, 1, id="the run had one"),
        pytest.param(NO_BLOCK, SOLD, 1, id="the run has a reservation that is no block"),
        pytest.param([NONE, NONE, SHOWN], LOST, 1, id="the answer is lost, and the block seen after a while"),
        pytest.param([NONE, SHOWN], aws_error("InternalError"), 1, id="AWS failed, and had sold it"),
    ],
)
def test_a_block_is_bought_once(looks: Any, answer: Any, purchases: int) -> None:
    client = FakeClient(describe_capacity_reservations=looks, purchase_capacity_block=answer)
    assert buy(client) == "cr-1"
    assert len(client.sent("purchase_capacity_block")) == purchases
    assert client.sent("describe_capacity_reservations")[0]["Filters"] == [
        {"Name": "tag:gpgpu:run", "Values": [RUN_ID]}
    ]


def test_a_purchase_of_unknown_fate_is_not_repeated() -> None:
    client, clock = FakeClient(describe_capacity_reservations=NONE, purchase_capacity_block=LOST), FakeClock()
    with pytest.raises(GpuError, match="not bought twice") as unknown:
        buy(client, clock)
    assert (unknown.value.code, len(client.sent("purchase_capacity_block"))) == ("purchase_unknown", 1)
    assert clock.seconds == pytest.approx(120)


def test_a_refusal_is_told_at_once() -> None:
    refused = aws_error("InvalidCapacityBlockOfferingIdExpired")
    client, clock = FakeClient(describe_capacity_reservations=NONE, purchase_capacity_block=refused), FakeClock()
    with pytest.raises(AwsCallError):
        buy(client, clock)
    assert clock.pauses == []


@pytest.mark.parametrize(
    ("states", "active"),
    [(["active"], True), (["payment-pending", "scheduled", "active"], True), (["scheduled"], False)],
)
def test_a_block_is_waited_for(states: list[str], active: bool) -> None:
    rows = [{"CapacityReservations": [{**ROW, "State": state}]} for state in states]
    clock = FakeClock()
    clients = clients_of(ec2=FakeClient(describe_capacity_reservations=[NONE, *rows]))
    assert await_block(clients, "cr-1", clock) is active
    assert clock.seconds <= 600


def test_a_block_whose_payment_fails_is_not_waited_for() -> None:
    failed = {"CapacityReservations": [{**ROW, "State": "payment-failed"}]}
    with pytest.raises(GpuError, match="Capacity block cr-1 is payment-failed"):
        await_block(clients_of(ec2=FakeClient(describe_capacity_reservations=failed)), "cr-1", FakeClock())


@pytest.mark.parametrize(
    ("changes", "later"),
    [
        pytest.param({}, None, id="no block"),
        pytest.param({"block_id": "cb-1"}, False, id="now"),
        pytest.param({"block_id": "cb-1", "starts": instant(NOW + timedelta(minutes=10))}, False, id="soon"),
        pytest.param({"block_id": "cb-1", "starts": instant(NOW + timedelta(minutes=11))}, True, id="later"),
        pytest.param({"block_id": "cb-1", "reservation_id": "cr-1"}, None, id="paid"),
    ],
)
def test_what_an_offer_needs_first(changes: dict[str, Any], later: bool | None) -> None:
    found = block_to_buy(offer(**{"starts": instant(NOW), **changes}), 2, NOW)
    assert (found and found.later) is later


@pytest.mark.parametrize(
    ("changes", "reserved", "last"),
    [
        pytest.param({}, "", ["BuyCapacityBlock", "BuyMachines"], id="now"),
        pytest.param({"later": True}, "", ["AllowSsh", "BuyCapacityBlock"], id="later"),
        pytest.param({}, "cr-1", ["ImportKey", "BuyMachines"], id="paid"),
    ],
)
def test_a_block_is_bought_last_before_its_machines(changes: dict[str, Any], reserved: str, last: list[str]) -> None:
    wanted = spec(capacity_reservation_id=reserved, market="capacity-block")
    actions = plan_purchase(wanted, RunState(), choice(block=replace(ACTION, **changes)), 22, 2)
    assert [type(action).__name__ for action in actions][-2:] == last
    assert type(actions[0]).__name__ == "CreateSecurityGroup", "the trace is written first"


def test_its_sentence_names_fee_hours_and_start() -> None:
    assert str(ACTION) == (
        "buy capacity block cb-1: 2 x p5.48xlarge in us-west-2b for 24 h from 2026-11-23T12:00Z, "
        "$2,304.00 at once and for good"
    )


def test_an_error_after_the_purchase_tells_where_the_block_is() -> None:
    assert "gpu_capacity_reservation_id=cr-1" in str(with_block(GpuError("No.", "Wait."), "cr-1"))
    assert str(with_block(GpuError("No.", "Wait."), "")) == "No. Wait."
