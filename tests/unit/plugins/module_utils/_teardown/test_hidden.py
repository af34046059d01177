# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A removal waits for machines that were bought a moment ago and that AWS does not list yet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._run.buy import VISIBLE_SECONDS
from ansible_collections.gpgpu.aws.plugins.module_utils._run.trace import SETTLED, Trace
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.hidden import hidden_machines

from tests.unit.fakes.aws import FakeClient, FakeClock, clients_of
from tests.unit.fakes.rows import RUN_ID, boto_tags, instance, run_tags, spec, state

NOTHING: dict[str, Any] = {"Reservations": []}
SHOWN = {"Reservations": [{"Instances": [instance(7, "pending")]}]}


def noted(seconds_ago: float = 0, generation: int = 1) -> str:
    """The note of a purchase."""
    at = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    return Trace(at, 1, generation, "g4dn.xlarge", "on-demand", "").as_tag()


def look(there: Any, note: str, *answers: Any) -> tuple[list[str], FakeClient, FakeClock]:
    """What is found of a run, and how."""
    group = {"GroupId": "sg-1", "Tags": boto_tags({"gpgpu:trace": note} if note else {})}
    client, clock = FakeClient(describe_security_groups={"SecurityGroups": [group]}), FakeClock()
    client._answers["describe_instances"] = list(answers)
    return hidden_machines(clients_of(ec2=client), RUN_ID, there, clock), client, clock


GROUP_ONLY = state(security_group=["sg-1"])


def test_it_is_found_by_its_token_when_aws_shows_it() -> None:
    ids, client, clock = look(GROUP_ONLY, noted(), NOTHING, NOTHING, SHOWN)
    assert ids == ["i-7"]
    assert spec().client_token(1) in client.sent("describe_instances")[0]["Filters"][0]["Values"]
    assert clock.pauses


def test_a_purchase_that_bought_nothing_is_waited_for_as_long_as_aws_may_hide_it() -> None:
    ids, _client, clock = look(GROUP_ONLY, noted(), NOTHING)
    assert ids == []
    assert clock.seconds == pytest.approx(VISIBLE_SECONDS, abs=5)


@pytest.mark.parametrize(
    ("there", "note"),
    [
        pytest.param(state(), noted(), id="no group"),
        pytest.param(GROUP_ONLY, "", id="no note"),
        pytest.param(GROUP_ONLY, SETTLED, id="AWS has refused"),
        pytest.param(state(instance(), security_group=["sg-1"]), noted(), id="its machine is there"),
        pytest.param(state(instance(1, "terminated"), security_group=["sg-1"]), noted(), id="its machine has ended"),
    ],
)
def test_nothing_is_waited_for(there: Any, note: str) -> None:
    ids, client, clock = look(there, note, NOTHING)
    assert (ids, client.sent("describe_instances"), clock.pauses) == ([], [], [])


def test_an_old_note_is_looked_up_once() -> None:
    ids, client, clock = look(GROUP_ONLY, noted(3600), NOTHING)
    assert (ids, len(client.sent("describe_instances")), clock.pauses) == ([], 1, [])


def test_machines_of_an_earlier_purchase_do_not_hide_a_later_one() -> None:
    there = state(instance(1, tags=run_tags(generation="1")), security_group=["sg-1"])
    assert look(there, noted(generation=2), SHOWN)[0] == ["i-7"]
