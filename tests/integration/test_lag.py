# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS lists late what was just made: nothing is bought twice, and nothing that it shows again is left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.desk import REAL, Desk

LOST: dict[str, Any] = {"action": "RunInstances", "lost_response": True, **REAL}


@pytest.fixture
def late(desk: Desk) -> Iterator[Desk]:
    """A desk in front of an AWS in which each list shows a new thing only when it is read for the third time."""
    desk.cloud.control("PUT", "lag", {"calls": 2})
    yield desk
    desk.cloud.control("PUT", "lag", {})


def machines(desk: Desk, run_id: str) -> int:
    return len(desk.owned(run_id).get("instances", []))


def remove(desk: Desk, run_id: str) -> None:
    """Tear a run down once AWS lists everything of it; nothing is left then."""
    desk.cloud.control("PUT", "lag", {})
    assert desk.remove(run_id)["proof"] == {"clean_reads": 2, "left": []}
    assert desk.owned(run_id) == {}


def test_a_launch_waits_for_what_it_made(late: Desk) -> None:
    run_id = late.cloud.name()
    rented = late.rent(run_id, count=2)
    assert (len(rented["hosts"]), machines(late, run_id)) == (2, 2)
    read = [call for call in late.cloud.control("GET", "calls") if call["action"] == "DescribeInstances"]
    assert "InvalidInstanceID.NotFound" in [call["error"] for call in read], "the lag is felt"
    remove(late, run_id)


@pytest.mark.parametrize("faults", [[], [LOST]], ids=["answered", "lost answer"])
def test_a_launch_right_after_another_buys_nothing(late: Desk, faults: list[dict[str, Any]]) -> None:
    run_id = late.cloud.name()
    late.faults(*faults)
    late.rent(run_id)
    late.faults()
    before = late.owned(run_id)["instances"]
    for _ in range(2):
        late.rent(run_id)
    assert [row["id"] for row in late.owned(run_id)["instances"]] == [row["id"] for row in before]
    assert len(before) == 1
    remove(late, run_id)
