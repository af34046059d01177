# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A teardown from run id to proof: two clean readings in a row, or what is left with its price."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.teardown import teardown

from tests.unit.fakes.aws import clients_of
from tests.unit.fakes.rows import RUN_ID
from tests.unit.plugins.module_utils._teardown.region import Region

WRITES = ("terminate", "delete", "release", "cancel", "disassociate")


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the run's keys, in a home of its own; it does not exist."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / ".ssh/gpgpu/us-west-2" / RUN_ID


def remove(region: Region, check_mode: bool = False, seconds: float = 60) -> dict[str, Any]:
    """The result of a teardown."""
    return teardown(clients_of(ec2=region.client), RUN_ID, seconds, region.clock, check_mode)


def failure(region: Region, seconds: float = 60) -> GpuError:
    """The error of a teardown that fails."""
    with pytest.raises(GpuError) as failed:
        remove(region, seconds=seconds)
    assert failed.value.code == "teardown_incomplete"
    return failed.value


def writes(region: Region) -> list[str]:
    """The calls that removed something, in order."""
    return [method for method in region.client.methods if method.startswith(WRITES)]


@pytest.mark.parametrize("machines", [1, 100])
def test_everything_goes_and_two_readings_prove_it(machines: int) -> None:
    region = Region(machines)
    result = remove(region)
    assert result["proof"] == {"clean_reads": 2, "left": []}
    assert region.exists == set()
    assert writes(region) == ["terminate_instances", "delete_security_group", "delete_key_pair"]
    assert (result["changed"], result["diff"]["after"]) == (True, "")
    assert result["receipt"]["total_usd"] == pytest.approx(0.541 * machines, rel=1e-4)
    assert result["summary"][-1] == "0 billable resources left (read 2 times)"


def test_the_keys_of_the_run_go_last(keys: Path) -> None:
    keys.mkdir(parents=True)
    (keys / "id_ed25519").touch()
    planned = remove(Region(), check_mode=True)["actions"]
    assert keys.exists()
    assert remove(Region())["actions"] == planned
    assert planned[-1] == f"forget the keys in {keys}"
    assert (keys.exists(), keys.parent.exists()) == (False, True)


def test_a_run_that_ended_by_itself_still_has_keys(keys: Path) -> None:
    region = Region()
    remove(region)
    keys.mkdir(parents=True)
    result = remove(region)
    assert (result["changed"], result["actions"]) == (True, [f"forget the keys in {keys}"])


def test_keys_stay_as_long_as_machines_do(keys: Path) -> None:
    keys.mkdir(parents=True)
    region = Region()
    region.refuse["terminate_instances"] = ["UnauthorizedOperation"] * 99
    assert not [action for action in failure(region).details["actions"] if "keys" in action]
    assert keys.exists()


def test_a_second_teardown_changes_nothing() -> None:
    region = Region()
    remove(region)
    region.client.calls.clear()
    result = remove(region)
    assert (result["changed"], result["actions"], writes(region)) == (False, [], [])
    assert result["proof"] == {"clean_reads": 2, "left": []}
    assert sorted(region.client.methods) == ["describe_instances"] * 2 + ["describe_tags"] * 2


def test_check_mode_tells_the_plan_and_removes_nothing() -> None:
    region = Region()
    planned = remove(region, check_mode=True)
    assert (planned["changed"], writes(region)) == (True, [])
    assert {row["id"] for row in planned["proof"]["left"]} == region.exists
    assert planned["actions"] == remove(Region())["actions"]
    assert "i-1 running\n" in planned["diff"]["before"]


@pytest.mark.parametrize("lag", [1, 3])
def test_a_late_index_is_no_reason_to_wait(lag: int) -> None:
    region = Region(lag=lag)
    assert remove(region)["proof"] == {"clean_reads": 2, "left": []}
    assert writes(region) == ["terminate_instances", "delete_security_group", "delete_key_pair"]


@pytest.mark.parametrize(
    ("method", "code", "times"),
    [
        ("delete_security_group", "DependencyViolation", 1),
        ("delete_security_group", "DependencyViolation", 4),
        ("delete_key_pair", "RequestLimitExceeded", 2),
        ("terminate_instances", "RequestLimitExceeded", 1),
    ],
)
def test_a_refusal_that_passes_is_waited_out(method: str, code: str, times: int) -> None:
    region = Region()
    region.refuse[method] = [code] * times
    assert remove(region)["proof"] == {"clean_reads": 2, "left": []}
    assert writes(region).count(method) == times + 1
    assert region.clock.pauses


def test_a_refusal_that_stays_is_told_with_reason_and_price() -> None:
    region = Region()
    region.refuse["terminate_instances"] = ["UnauthorizedOperation"] * 99
    error = failure(region)
    assert "machine i-1 (running, $0.5410/h) - UnauthorizedOperation: words of AWS" in str(error)
    assert str(error).endswith("what it names by a reason needs that reason removed first.")
    assert error.details["proof"]["left"][0]["usd_per_hour"] == pytest.approx(0.541)
    assert region.clock.seconds < 60, "waiting would not help"
    assert "key-1" not in region.exists, "what can be removed is removed"


def test_running_out_of_time_is_told() -> None:
    region = Region()
    region.refuse["delete_security_group"] = ["DependencyViolation"] * 999
    error = failure(region)
    assert str(error).startswith(
        f"Run {RUN_ID} in us-west-2 is not gone: "
        "security group sg-1 (exists, $0.0000/h) - DependencyViolation: words of AWS. Run the teardown again"
    )
    assert region.clock.seconds >= 60
    assert error.details["proof"]["clean_reads"] == 0


def test_what_appears_meanwhile_is_removed_too() -> None:
    region = Region()
    region.meanwhile["delete_key_pair"] = lambda: region.appear("vol-9")
    result = remove(region)
    assert result["actions"][-1] == "remove disk vol-9"
    assert result["proof"] == {"clean_reads": 2, "left": []}


def test_somebodys_disk_on_a_machine_is_named_and_kept() -> None:
    region = Region()
    region.foreign = ["vol-77"]
    error = failure(region)
    assert "delete_volume" not in writes(region)
    (left,) = error.details["proof"]["left"]
    assert (left["id"], left["reason"]) == (
        "vol-77",
        "it does not carry the run's tag, so it is yours to delete or keep",
    )


def test_a_machine_that_aws_forgot_is_still_on_the_receipt() -> None:
    region = Region()
    region.meanwhile["delete_key_pair"] = lambda: region.states.clear()
    assert {item["instance_id"] for item in remove(region)["receipt"]["items"]} == {"i-1"}
