# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines are bought exactly once, whatever happens to the answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError, GpuError, error_code
from ansible_collections.gpgpu.aws.plugins.module_utils._run.buy import (
    PAST_LIVES,
    VISIBLE_SECONDS,
    buy_machines,
    find_purchase,
    settle_trace,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.request import Purchase
from ansible_collections.gpgpu.aws.plugins.module_utils._run.trace import Trace

from tests.unit.fakes.aws import FakeClient, FakeClock, aws_error, clients_of
from tests.unit.fakes.rows import HOST_KEY, RUN_ID, choice, instance, spec

OVER = aws_error("IdempotentInstanceTerminated")
MISMATCH = aws_error("IdempotentParameterMismatch")


def answer(*rows: Any) -> dict[str, Any]:
    """What RunInstances answers, or DescribeInstances in one reservation."""
    return {"Instances": list(rows), "Reservations": [{"Instances": list(rows)}]}


def buy(run: Any, describe: Any = None, generation: int = 1) -> tuple[list[str], FakeClient, FakeClock]:
    """The machines bought, the client, and the clock."""
    client = FakeClient(run_instances=run, describe_instances=describe or answer())
    clock = FakeClock()
    purchase = Purchase(spec(count=2), choice(), 2, "sg-1", HOST_KEY)
    return buy_machines(clients_of(ec2=client), purchase, generation, clock), client, clock


def tokens(client: FakeClient) -> list[str]:
    """The client tokens sent."""
    return [params["ClientToken"] for params in client.sent("run_instances")]


def test_one_call_buys() -> None:
    ids, client, clock = buy(answer(instance(2, "pending"), instance(1, "pending")))
    assert (ids, client.methods, clock.pauses) == (["i-1", "i-2"], ["run_instances"], [])


def test_a_lost_purchase_is_adopted() -> None:
    """The parameters differ (host key, lease), the token does not: an earlier attempt was accepted."""
    ids, client, clock = buy(MISMATCH, [answer(), answer(), answer(instance(1), instance(2))])
    assert ids == ["i-1", "i-2"]
    assert client.methods == ["run_instances", *["describe_instances"] * 3]
    (token,) = tokens(client)
    assert client.sent("describe_instances")[0] == {"Filters": [{"Name": "client-token", "Values": [token]}]}
    assert clock.pauses == [1, 1.3]


def test_a_lost_purchase_that_stays_invisible_is_told() -> None:
    clock = FakeClock()
    client = FakeClient(run_instances=MISMATCH, describe_instances=answer())
    purchase = Purchase(spec(), choice(), 1, "sg-1", HOST_KEY)
    with pytest.raises(GpuError, match=r"An earlier attempt bought machines \(client token [0-9a-f]{64}\)") as refused:
        buy_machines(clients_of(ec2=client), purchase, 1, clock)
    assert refused.value.code == "purchase_invisible"
    assert clock.seconds == VISIBLE_SECONDS
    assert len(tokens(client)) == 1, "nothing is bought again"


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(OVER, id="refused"),
        pytest.param(answer(instance(7, "terminated"), instance(8, "shutting-down")), id="answered with its remains"),
    ],
)
def test_an_earlier_life_is_followed_by_the_next(first: Any) -> None:
    ids, client, _clock = buy([first, answer(instance(1, "pending"), instance(2, "pending"))], generation=3)
    assert ids == ["i-1", "i-2"]
    wanted = spec(count=2)
    assert tokens(client) == [wanted.client_token(3), wanted.client_token(4)]
    generations = [
        tag["Value"]
        for params in client.sent("run_instances")
        for tag in params["TagSpecifications"][0]["Tags"]
        if tag["Key"] == "gpgpu:generation"
    ]
    assert generations == ["3", "4"]


def test_a_known_token_whose_machines_have_ended_is_an_earlier_life() -> None:
    """AWS may look at the parameters before it looks at the machines."""
    ids, client, clock = buy(
        [MISMATCH, answer(instance(1, "pending"), instance(2, "pending"))],
        answer(instance(7, "terminated"), instance(8, "shutting-down")),
    )
    assert (ids, clock.pauses) == (["i-1", "i-2"], [])
    assert tokens(client) == [spec(count=2).client_token(1), spec(count=2).client_token(2)]


def test_lives_without_end_are_refused() -> None:
    with pytest.raises(GpuError, match=r"Run eight-schools has ended 20 times within a day\. Choose another run id\."):
        buy(OVER)


@pytest.mark.parametrize("code", ["InsufficientInstanceCapacity", "VcpuLimitExceeded", "UnauthorizedOperation"])
def test_any_other_refusal_is_raised_at_once(code: str) -> None:
    client = FakeClient(run_instances=aws_error(code))
    purchase = Purchase(spec(), choice(), 1, "sg-1", HOST_KEY)
    with pytest.raises(AwsCallError) as refused:
        buy_machines(clients_of(ec2=client), purchase, 1, FakeClock())
    assert error_code(refused.value) == code
    assert client.methods == ["run_instances"]


def test_a_purchase_is_found_by_its_token_and_those_of_its_later_lives() -> None:
    rows = [instance(2, "pending"), instance(1), instance(3, "terminated")]
    client = FakeClient(describe_instances=answer(*rows))
    assert find_purchase(clients_of(ec2=client), spec().client_token, 4) == ["i-1", "i-2"]
    ((_method, params),) = client.calls
    assert params["Filters"] == [
        {"Name": "client-token", "Values": [spec().client_token(number) for number in range(4, 4 + PAST_LIVES)]}
    ]


@pytest.mark.parametrize(
    ("age", "shown", "ids", "seconds"),
    [
        pytest.param(0, [answer(instance(1))], ["i-1"], 0, id="there at once"),
        pytest.param(0, [answer(), answer(), answer(instance(1))], ["i-1"], 2.3, id="there soon"),
        pytest.param(0, [answer()], [], VISIBLE_SECONDS, id="never there"),
        pytest.param(100, [answer()], [], VISIBLE_SECONDS - 100, id="only for as long as AWS may hide it"),
        pytest.param(3600, [answer()], [], 0, id="long ago"),
        pytest.param(3600, [answer(instance(1))], ["i-1"], 0, id="long ago and there"),
    ],
)
def test_a_trace_is_settled(age: int, shown: list[Any], ids: list[str], seconds: float) -> None:
    client, clock = FakeClient(describe_instances=shown), FakeClock()
    trace = Trace(datetime.now(UTC) - timedelta(seconds=age), 1, 2, "g5.xlarge", "spot", "eu-west-1a", "eu-west-1")
    assert settle_trace(clients_of(ec2=client), RUN_ID, trace, clock) == ids
    assert clock.seconds == pytest.approx(seconds, abs=2)
    asked = spec(region="eu-west-1", instance_type="g5.xlarge", market="spot", zone="eu-west-1a")
    assert client.sent("describe_instances")[0]["Filters"][0]["Values"][0] == asked.client_token(2)
