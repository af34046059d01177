# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bill of a run: by the second, at least a minute, to the instant each machine ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._lease.deadline import as_text
from ansible_collections.gpgpu.aws.plugins.module_utils._money.receipt import billed_seconds, receipt

from tests.unit.fakes.rows import NOW, instance, run_tags

ENDED = "User initiated (2026-11-23 11:30:00 GMT)"


@pytest.mark.parametrize(
    ("state", "reason", "age", "seconds"),
    [
        pytest.param("running", "", timedelta(hours=1), 3600, id="still runs"),
        pytest.param("pending", "", timedelta(seconds=5), 60, id="a minute at least"),
        pytest.param("terminated", ENDED, timedelta(hours=1), 1800, id="ended"),
        pytest.param("shutting-down", ENDED, timedelta(hours=1), 1800, id="ending"),
        pytest.param("terminated", "Server.InternalError (2026-11-23 11:15:00 UTC)", timedelta(hours=1), 900, id="UTC"),
        pytest.param("terminated", ENDED, timedelta(minutes=30, seconds=20), 60, id="ended within a minute"),
        pytest.param("terminated", "", timedelta(hours=1), 3600, id="ended, AWS does not say when"),
        pytest.param("running", ENDED, timedelta(hours=1), 3600, id="started again: the old reason is stale"),
    ],
)
def test_billed_seconds(state: str, reason: str, age: timedelta, seconds: float) -> None:
    row = instance(state=state, StateTransitionReason=reason, LaunchTime=NOW - age)
    assert billed_seconds(row, NOW, "compute") == seconds


def test_a_machine_that_ended_at_an_unknown_time_is_billed_no_longer_than_its_lease() -> None:
    lease = {"Key": "gpgpu:lease", "Value": as_text(NOW - timedelta(minutes=20))}
    row = instance(state="terminated", LaunchTime=NOW - timedelta(hours=1))
    row["Tags"] = [tag for tag in row["Tags"] if tag["Key"] != lease["Key"]] + [lease]
    assert billed_seconds(row, NOW, "compute") == 2400


def usd(bill: dict[str, Any]) -> dict[str, float]:
    return {item["what"]: item["usd"] for item in bill["items"]}


def test_items_and_total() -> None:
    bill = receipt([instance(2), instance(1, state="terminated", StateTransitionReason=ENDED)], NOW)
    assert [(item["instance_id"], item["what"], item["seconds"], item["usd"]) for item in bill["items"]] == [
        ("i-1", "compute", 1800, 0.263),
        ("i-1", "disks", 1800, 0.005),
        ("i-1", "address", 1800, 0.0025),
        ("i-2", "compute", 3600, 0.526),
        ("i-2", "disks", 3600, 0.01),
        ("i-2", "address", 3600, 0.005),
    ]
    assert (bill["total_usd"], bill["currency"], bill["unpriced"]) == (pytest.approx(0.8115), "USD", [])


def test_a_stopped_machine_goes_on_billing_its_disks() -> None:
    bill = receipt([instance(state="stopped", StateTransitionReason=ENDED)], NOW)
    assert usd(bill) == {"compute": 0.263, "disks": 0.01, "address": 0.0025}


@pytest.mark.parametrize("tags", [{}, run_tags(rate="cheap")])
def test_a_machine_of_unknown_rate_is_named(tags: dict[str, str]) -> None:
    bill = receipt([instance(1), instance(2, tags=tags)], NOW)
    assert bill["unpriced"] == ["i-2"]
    assert {item["instance_id"] for item in bill["items"]} == {"i-1"}


def test_what_is_free_is_no_item() -> None:
    bill = receipt([instance(tags=run_tags(rate="compute=0.5 disks=0.01 address=0"))], NOW)
    assert usd(bill) == {"compute": 0.5, "disks": 0.01}


def test_no_machines_cost_nothing() -> None:
    assert receipt([], NOW) == {"currency": "USD", "items": [], "total_usd": 0, "unpriced": []}
