# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a launch: all of it from one list of actions."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.refusal import classify
from ansible_collections.gpgpu.aws.plugins.module_utils._run.failover import Attempt, Target
from ansible_collections.gpgpu.aws.plugins.module_utils._run.plan import BuyMachines, ImportKey
from ansible_collections.gpgpu.aws.plugins.module_utils._run.report import launch_report

from tests.unit.fakes.rows import choice, instance, offer, run_tags, spec

BUY = BuyMachines(1, 1, "g4dn.xlarge", "on-demand", 0.541)


def report(
    actions: Any = (), observed: Any = (), instances: Any = (), chosen: Any = None, **wanted: Any
) -> dict[str, Any]:
    """The result, as plain data."""
    result = launch_report(
        spec(**wanted), chosen, actions=actions, observed=observed, instances=instances, ssh_port=22, key_file="/k"
    )
    plain: dict[str, Any] = json.loads(json.dumps(result))
    return plain


def test_nothing_to_do() -> None:
    result = report(observed=[instance()], instances=[instance()])
    assert (result["changed"], result["actions"]) == (False, [])
    assert result["diff"] == {"before": "i-1 running\n", "after": "i-1 running\n"}
    assert [host["instance_id"] for host in result["hosts"]] == ["i-1"]


def test_a_purchase_is_in_the_diff() -> None:
    result = report([ImportKey("gpgpu-r"), BUY], [], [instance()], choice())
    assert (result["changed"], result["actions"]) == (True, ["import key pair gpgpu-r", str(BUY)])
    assert result["diff"] == {"before": "", "after": f"import key pair gpgpu-r\n{BUY}\n"}


@pytest.mark.parametrize(
    ("machines", "chosen", "count", "running"),
    [
        pytest.param([], True, 2, 1.082, id="both to buy"),
        pytest.param([1], True, 2, 1.082, id="one to buy"),
        pytest.param([1, 2], False, 2, 1.082, id="both there"),
        pytest.param([], False, 1, 0.0, id="nothing known"),
    ],
)
def test_cost_is_that_of_the_whole_run(machines: list[int], chosen: bool, count: int, running: float) -> None:
    rows = [instance(number) for number in machines]
    cost = report((), rows, rows, choice() if chosen else None, count=count)["cost"]
    assert cost["currency"] == "USD"
    assert cost["running_usd_per_hour"] == pytest.approx(running)
    assert cost["worst_case_usd"] == pytest.approx(running * 8)
    assert cost["stopped_usd_per_day"] == pytest.approx(0.01 * 24 * count if running else 0)


@pytest.mark.parametrize(
    ("leases", "end"),
    [
        ([], "2026-11-23T20:00:00Z"),
        (["2026-11-23T15:00:00Z"], "2026-11-23T15:00:00Z"),
        (["2026-11-23T15:00:00Z", "2026-11-23T16:00:00Z"], "2026-11-23T16:00:00Z"),
        ([""], "2026-11-23T20:00:00Z"),
    ],
)
def test_machines_that_exist_keep_their_lease(leases: list[str], end: str) -> None:
    rows = [instance(number, tags=run_tags(lease=text)) for number, text in enumerate(leases, 1)]
    assert report((), rows, rows)["lease_end"] == end


def test_what_was_chosen_is_told() -> None:
    assert report([BUY], chosen=choice())["chosen"] == {
        "instance_type": "g4dn.xlarge",
        "count": 1,
        "market": "on-demand",
        "zone": "any",
        "lease_hours": 8,
        "image_id": "ami-0123456789abcdef0",
        "image_name": "Deep Learning Base",
        "image_family": "deep-learning",
        "login_user": "ubuntu",
        "root_gib": 100,
        "allowed_cidrs": ["192.0.2.7/32"],
        "gpu": "1 x NVIDIA T4",
        "gpu_memory_mib": 15360,
    }


def test_an_ended_machine_is_no_host() -> None:
    rows = [instance(1, "terminated"), instance(2)]
    assert [host["name"] for host in report((), rows, rows)["hosts"]] == ["eight-schools-0"]


def target(zone: str) -> Target:
    """A spot machine of a zone."""
    return Target(offer(zone=zone, market="spot"), zone)


def test_what_was_tried_and_what_else_there_is_are_told() -> None:
    full = classify("InsufficientInstanceCapacity", "No capacity.")
    result = launch_report(
        spec(market="spot", zone="us-west-2b"),
        choice(),
        actions=[BUY],
        observed=[],
        instances=[],
        ssh_port=22,
        key_file="/k",
        targets=[target(f"us-west-2{letter}") for letter in "abcdefgh"],
        attempts=[Attempt(target("us-west-2a"), full), Attempt(target("us-west-2b"))],
    )
    assert [(one["zone"], one["outcome"], one["error_code"]) for one in result["attempts"]] == [
        ("us-west-2a", "capacity", "InsufficientInstanceCapacity"),
        ("us-west-2b", "bought", ""),
    ]
    assert result["alternatives"] == [f"g4dn.xlarge spot us-west-2{letter}" for letter in "bcdef"]


@pytest.mark.parametrize(
    ("actions", "observed", "traces"),
    [([BUY], [], True), ([BUY], [instance()], False), ([BUY], [instance(1, "terminated")], True), ([], [], False)],
)
def test_whether_all_there_is_came_from_this_launch(actions: Any, observed: Any, traces: bool) -> None:
    assert report(actions, observed, observed)["left_traces"] is traces
