# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left of a run, in rows and in a sentence, with what it costs."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.proof import left_over, tell_left

from tests.unit.fakes.rows import instance, run_tags, state


def row(kind: str, one: str, usd: float | None, state_word: str = "exists", reason: str = "") -> dict[str, Any]:
    """A row of what is left."""
    return {"kind": kind, "id": one, "state": state_word, "usd_per_hour": usd, "reason": reason}


@pytest.mark.parametrize(
    ("run", "left"),
    [
        pytest.param(state(), [], id="nothing"),
        pytest.param(state(instance(1, "terminated")), [], id="an ended machine"),
        pytest.param(state(instance(1)), [row("machine", "i-1", 0.541, "running")], id="a machine"),
        pytest.param(
            state(instance(1, "shutting-down")), [row("machine", "i-1", 0.541, "shutting-down")], id="a machine ending"
        ),
        pytest.param(
            state(instance(1, tags=run_tags(rate=""))), [row("machine", "i-1", None, "running")], id="of unknown rate"
        ),
        pytest.param(state(security_group=["sg-1"]), [row("security group", "sg-1", 0.0)], id="free of charge"),
        pytest.param(state(key_pair=["key-1"]), [row("key pair", "key-1", 0.0)], id="a key pair"),
        pytest.param(state(volume=["vol-1"]), [row("disk", "vol-1", None)], id="a disk"),
        pytest.param(state(elastic_ip=["e-1"]), [row("fixed address", "e-1", 0.005)], id="an address"),
        pytest.param(state(placement_group=["pg-1"]), [row("placement group", "pg-1", 0.0)], id="a placement group"),
        pytest.param(
            state(instance_connect_endpoint=["eice-1"]),
            [row("instance connect endpoint", "eice-1", 0.0)],
            id="an endpoint",
        ),
        pytest.param(
            state(capacity_reservation=["cr-1"]), [row("capacity reservation", "cr-1", None)], id="a reservation"
        ),
        pytest.param(state(capacity_block=["cr-1"]), [], id="a capacity block, which bills nothing more"),
        pytest.param(state(snapshot=["snap-1"]), [row("snapshot", "snap-1", None)], id="a kind of no row"),
    ],
)
def test_left_over(run: Any, left: list[dict[str, Any]]) -> None:
    assert left_over(run, {}) == left


def test_machines_come_first_and_a_refusal_is_the_reason() -> None:
    run = state(instance(1), elastic_ip=["e-1"])
    rows = left_over(run, {"i-1": ("UnauthorizedOperation", "You are not authorized.")})
    assert rows == [
        row("machine", "i-1", 0.541, "running", "UnauthorizedOperation: You are not authorized."),
        row("fixed address", "e-1", 0.005),
    ]


def test_the_sentence_names_each_with_its_cost() -> None:
    rows = [
        row("machine", "i-1", 0.541, "running", "UnauthorizedOperation: No."),
        row("security group", "sg-1", 0.0),
        row("disk", "vol-1", None),
    ]
    assert tell_left(rows) == (
        "machine i-1 (running, $0.5410/h) - UnauthorizedOperation: No.; "
        "security group sg-1 (exists, $0.0000/h); disk vol-1 (exists, cost unknown)"
    )
