# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs as a person wants to see them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._run.overview import overview

from tests.unit.fakes.rows import NOW, RUN_ID, instance, run_tags


def runs(*rows: Any, key_file: str = "") -> list[dict[str, Any]]:
    """The overview of these machines."""
    return overview(rows, "us-west-2", NOW, 22, key_file)


def other(number: int, state: str = "running", **changes: str) -> Any:
    """A machine of the run `other`."""
    return instance(number, state, run_tags(run="other", owner="bob", **changes))


def test_one_entry_for_each_run_sorted_by_name() -> None:
    found = runs(other(3), instance(1), other(4), instance(2))
    assert [(run["run_id"], run["owner"], [host["instance_id"] for host in run["hosts"]]) for run in found] == [
        (RUN_ID, "ada", ["i-1", "i-2"]),
        ("other", "bob", ["i-3", "i-4"]),
    ]
    assert {run["region"] for run in found} == {"us-west-2"}


def test_a_run_without_machines_is_over() -> None:
    assert runs(other(1, "terminated"), other(2, "shutting-down")) == []


def test_an_ended_machine_counts_in_the_receipt_only() -> None:
    ended = "User initiated (2026-11-23 11:30:00 GMT)"
    (run,) = runs(instance(1), instance(2, "terminated", StateTransitionReason=ended))
    assert [host["instance_id"] for host in run["hosts"]] == ["i-1"]
    assert run["running_usd_per_hour"] == pytest.approx(0.541)
    assert run["receipt"]["total_usd"] == pytest.approx(0.541 + 0.541 / 2)


@pytest.mark.parametrize(
    ("leases", "overdue"),
    [
        (["2026-11-23T12:00:01Z"], False),
        (["2026-11-23T11:59:59Z"], True),
        (["2026-11-23T20:00:00Z", "2026-11-23T11:00:00Z"], True),
        # A machine without a lease is nobody's: it must be looked at.
        (["2026-11-23T20:00:00Z", ""], True),
    ],
)
def test_overdue(leases: list[str], overdue: bool) -> None:
    rows = [instance(number, tags=run_tags(lease=text)) for number, text in enumerate(leases, 1)]
    assert runs(*rows)[0]["overdue"] is overdue


@pytest.mark.parametrize(
    ("state", "per_hour"),
    [("pending", 0.541), ("running", 0.541), ("stopping", 0.01), ("stopped", 0.01)],
)
def test_a_stopped_machine_costs_its_disks(state: str, per_hour: float) -> None:
    assert runs(instance(1, state))[0]["running_usd_per_hour"] == pytest.approx(per_hour)


def test_a_machine_of_unknown_rate_is_named() -> None:
    (run,) = runs(instance(1), instance(2, tags=run_tags(rate="")))
    assert run["running_usd_per_hour"] == pytest.approx(0.541)
    assert run["receipt"]["unpriced"] == ["i-2"]


def test_age_is_that_of_the_first_machine_that_lives() -> None:
    rows = [
        instance(1, LaunchTime=NOW - timedelta(minutes=5)),
        instance(2, LaunchTime=NOW - timedelta(minutes=30)),
        instance(3, "terminated", LaunchTime=NOW - timedelta(days=1)),
    ]
    assert runs(*rows)[0]["age_seconds"] == 1800


@pytest.mark.parametrize(
    ("key_file", "used"),
    [("", "/home/ada/.ssh/gpgpu/us-west-2/eight-schools/id_ed25519"), ("/my/key", "/my/key")],
)
def test_key_file(monkeypatch: pytest.MonkeyPatch, key_file: str, used: str) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert runs(instance(1), key_file=key_file)[0]["hosts"][0]["key_file"] == used
