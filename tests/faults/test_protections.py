# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The explorer can fail: each protection is broken on purpose, and the schedule that needs it finds it out."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2
from ansible_collections.gpgpu.aws.plugins.module_utils._run import buy, request, user_data
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown import teardown
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.proof import left_over

from tests.faults.play import Player
from tests.faults.schedule import Schedule, Step

LEAN = "lean-1-one"


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Player:
    return Player(tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="module")
def bought(player: Player) -> int:
    """The number of the call that buys."""
    return player.calls(LEAN)["launch"].index("RunInstances") + 1


def kinds(player: Player, *steps: Step) -> set[str]:
    """The kinds of what a schedule finds."""
    return {kind for kind, _text in player.play(0, Schedule(LEAN, steps)).findings}


def without_token(*given: Any) -> dict[str, Any]:
    return {key: value for key, value in request.purchase_request(*given).items() if key != "ClientToken"}


def test_nothing_is_found_where_nothing_is_broken(player: Player, bought: int) -> None:
    for trouble in ("lose_answer", "die_after", "die_before"):
        assert kinds(player, Step("launch", {bought: trouble}), Step("launch")) == set()
    assert kinds(player, Step("launch"), Step("remove", denied=["ec2:DeleteSecurityGroup"])) == set()


def test_a_purchase_without_a_token_doubles(player: Player, bought: int) -> None:
    with patch.object(buy, "purchase_request", without_token):
        assert kinds(player, Step("launch", {bought: "lose_answer"})) == {"doubles"}


def test_tags_after_the_creation_leak(player: Player, bought: int) -> None:
    run_instances = ec2.run_instances

    def tagged_later(client: Any, **given: Any) -> Any:
        labels = given.pop("TagSpecifications")[0]["Tags"]
        rows = run_instances(client, **given)
        ec2.create_tags(client, [row["InstanceId"] for row in rows], {row["Key"]: row["Value"] for row in labels})
        return rows

    with patch.object(ec2, "run_instances", tagged_later):
        assert kinds(player, Step("launch", {bought: "die_after"})) >= {"leaks"}


def test_a_machine_without_a_timer_leaks(player: Player) -> None:
    with patch.object(user_data, "arm_script", lambda _end: "true"):
        assert kinds(player, Step("launch")) == {"leaks"}


def test_a_machine_that_only_stops_leaks(player: Player) -> None:
    def stopping(*given: Any) -> dict[str, Any]:
        return {**request.purchase_request(*given), "InstanceInitiatedShutdownBehavior": "stop"}

    with patch.object(buy, "purchase_request", stopping):
        assert kinds(player, Step("launch")) == {"leaks"}


def test_a_proof_that_does_not_look_leaks(player: Player) -> None:
    with patch.object(teardown, "left_over", lambda _state, _refusals: []):
        assert kinds(player, Step("launch"), Step("remove", denied=["ec2:TerminateInstances"])) >= {"leaks"}


def test_a_failure_that_keeps_something_to_itself_is_found(player: Player) -> None:
    with patch.object(teardown, "left_over", lambda state, refusals: left_over(state, refusals)[:1]):
        assert kinds(player, Step("launch"), Step("remove", denied=["ec2:TerminateInstances"])) == {"unnamed"}


def test_a_selection_by_any_run_touches_others(player: Player) -> None:
    of_any_run = [{"Name": "key", "Values": ["gpgpu:run"]}]
    with patch("ansible_collections.gpgpu.aws.plugins.module_utils._run.tags.tag_rows_of_run", lambda _run: of_any_run):
        assert kinds(player, Step("remove")) == {"leaks"}
