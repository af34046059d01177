# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results in lines that a person reads."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._run.summary import (
    launch_summary,
    overview_summary,
    receipt_lines,
    table,
    teardown_summary,
    usd,
)

RECEIPT: dict[str, Any] = {
    "items": [
        {
            "what": "compute",
            "instance_id": "i-1",
            "instance_type": "g5.xlarge",
            "seconds": 3725,
            "usd_per_hour": 1.006,
            "usd": 1.0409,
        }
    ],
    "total_usd": 1.0409,
    "unpriced": ["i-2"],
}
RECEIPT_LINES = [
    "Item     Machine        Time     Per hour  Cost",
    "compute  i-1 g5.xlarge  1:02:05  $1.0060   $1.0409",
    "total                                      $1.0409",
    "not priced: i-2",
]
LAUNCH: dict[str, Any] = {
    "run_id": "eight-schools",
    "region": "us-west-2",
    "hosts": [
        {"ssh_command": "ssh a@192.0.2.1", "zone": "us-west-2b"},
        {"ssh_command": "ssh a@192.0.2.2", "zone": "us-west-2b"},
    ],
    "lease_end": "2026-11-23T20:00:00Z",
    "cost": {
        "upfront_usd": 0.0,
        "running_usd_per_hour": 1.082,
        "stopped_usd_per_day": 0.48,
        "worst_case_usd": 8.656,
        "bounded": True,
    },
    "notes": [],
    "waits_for": "",
    "chosen": {"instance_type": "g4dn.xlarge", "count": 2, "market": "spot", "zone": "any", "lease_hours": 8.0},
}
CHOSEN = {
    "image_id": "ami-1",
    "image_name": "Deep Learning Base",
    "gpu": "1 x NVIDIA T4",
    "gpu_memory_mib": 15360,
    "allowed_cidrs": ["192.0.2.7/32", "2001:db8::/64"],
}


def test_columns_are_aligned_and_nothing_trails() -> None:
    assert table([("A", "Long"), ("longer", "b"), ("c", "")]) == ["A       Long", "longer  b", "c"]


@pytest.mark.parametrize(("amount", "digits", "text"), [(0.5, 4, "$0.5000"), (8.656, 2, "$8.66"), (None, 4, "?")])
def test_usd(amount: float | None, digits: int, text: str) -> None:
    assert usd(amount, digits) == text


def test_receipt() -> None:
    assert receipt_lines(RECEIPT) == RECEIPT_LINES


def test_launch_tells_how_to_log_in_what_it_costs_and_when_it_ends() -> None:
    lines = launch_summary({**LAUNCH, "chosen": {**LAUNCH["chosen"], **CHOSEN}})
    assert lines == [
        "Run       eight-schools in us-west-2: 2 x g4dn.xlarge (spot), zone us-west-2b",
        "GPU       1 x NVIDIA T4, 15360 MiB each, on every machine",
        "Image     ami-1 Deep Learning Base",
        "Access    SSH from 192.0.2.7/32, 2001:db8::/64 only",
        "Log in    ssh a@192.0.2.1",
        "Log in    ssh a@192.0.2.2",
        "Cost      $1.0820 per hour running, $0.4800 per day if stopped, at most $8.66 for a full lease of 8 h",
        "Ends      2026-11-23T20:00:00Z whatever happens; before that by the teardown playbook",
    ]


def test_a_launch_that_chose_nothing_tells_no_choice() -> None:
    assert [line.split()[0] for line in launch_summary(LAUNCH)] == ["Run", "Log", "Log", "Cost", "Ends"]


def test_a_block_without_machines_yet_tells_what_to_do_and_no_end() -> None:
    lines = launch_summary({**LAUNCH, "hosts": [], "notes": ["The block ends."], "waits_for": "cr-1"})
    assert [line.split()[0] for line in lines] == ["Run", "Note", "Waits"]
    assert "gpu_capacity_reservation_id=cr-1" in lines[-1]


def test_what_is_due_at_once_stands_before_the_hours() -> None:
    lines = launch_summary({**LAUNCH, "cost": {**LAUNCH["cost"], "upfront_usd": 2304.0}})
    assert lines[-2].startswith("Cost      $2304.00 at once, $1.0820 per hour")


@pytest.mark.parametrize(
    ("left", "last"),
    [([], "0 billable resources left (read 2 times)"), ([{"id": "i-1"}], "1 resources are there")],
)
def test_teardown(left: list[dict[str, str]], last: str) -> None:
    proof = {"left": left, "clean_reads": 0 if left else 2}
    assert teardown_summary({"receipt": RECEIPT, "proof": proof}) == [*RECEIPT_LINES, last]


def words(line: str) -> list[str]:
    """The cells of a row."""
    return [word.strip() for word in line.split("  ") if word.strip()]


def run(*states: str, overdue: bool = False) -> dict[str, Any]:
    """A run of an overview."""
    return {
        "run_id": "eight-schools",
        "region": "us-west-2",
        "owner": "ada",
        "hosts": [{"instance_type": "g5.xlarge", "state": state} for state in states],
        "age_seconds": 3725,
        "lease_end": "2026-11-23T20:00:00Z",
        "overdue": overdue,
        "running_usd_per_hour": 1.006,
        "receipt": {"total_usd": 1.04},
    }


def test_nothing_rented() -> None:
    assert overview_summary([]) == ["Nothing is rented here."]


@pytest.mark.parametrize(
    ("row", "machines", "end"),
    [
        (run("running"), "1 x g5.xlarge running", "2026-11-23T20:00:00Z"),
        (run("running", "running"), "2 x g5.xlarge running", "2026-11-23T20:00:00Z"),
        (
            run("running", "pending", "running"),
            "1 x g5.xlarge pending, 2 x g5.xlarge running",
            "2026-11-23T20:00:00Z",
        ),
        (run("stopped", overdue=True), "1 x g5.xlarge stopped", "2026-11-23T20:00:00Z OVERDUE"),
    ],
)
def test_overview(row: dict[str, Any], machines: str, end: str) -> None:
    _heading, line = overview_summary([row])
    assert words(line) == ["eight-schools", "us-west-2", "ada", machines, "1:02", end, "$1.0060", "$1.0400"]


UNREAD = [{"region": "eu-west-1", "reason": "denied"}, {"region": "eu-north-1", "reason": "lost"}]


@pytest.mark.parametrize(
    ("runs", "first"), [([], "Nothing is rented where it could be read."), ([run("running")], "Run ")]
)
def test_a_region_that_could_not_be_read_is_told_last(runs: list[dict[str, Any]], first: str) -> None:
    lines = overview_summary(runs, UNREAD)
    assert lines[0].startswith(first)
    assert lines[-2:] == ["eu-west-1 could not be read: denied", "eu-north-1 could not be read: lost"]
