# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A teardown over several regions: one proof, and no proof where a region could not be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.regions import teardown_regions

from tests.unit.fakes.aws import FakeClient, FakeClock, clients_of
from tests.unit.fakes.rows import RUN_ID
from tests.unit.plugins.module_utils._teardown.region import Region

DISABLED = {"Regions": [{"RegionName": "me-south-1", "OptInStatus": "not-opted-in"}]}


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


def empty() -> Region:
    """A region without anything of the run."""
    return Region(0, ())


def unreadable(code: str) -> Region:
    """A region that answers nothing else."""
    region = empty()
    region.refuse = {"describe_tags": [code] * 9, "describe_instances": [code] * 9}
    return region


class World:
    """Regions by name.

    Parameters:
        statuses: what DescribeRegions answers.
    """

    def __init__(self, statuses: dict[str, Any] | None = None, **regions: Region) -> None:
        self.regions = {name.replace("_", "-"): region for name, region in regions.items()}
        for region in self.regions.values():
            region.client._answers["describe_regions"] = statuses or {"Regions": []}

    def clients_in(self, name: str) -> Clients:
        return clients_of(region=name, ec2=self.regions[name].client)

    def remove(self, check_mode: bool = False) -> dict[str, Any]:
        return teardown_regions(self.clients_in, list(self.regions), RUN_ID, 60, FakeClock(), check_mode=check_mode)

    def failure(self) -> GpuError:
        with pytest.raises(GpuError) as failed:
            self.remove()
        return failed.value


def methods(region: Region) -> list[str]:
    client: FakeClient = region.client
    return sorted(client.methods)


def test_one_region_is_a_teardown_like_any_other() -> None:
    region = Region()
    result = World(us_west_2=region).remove()
    assert result["region"] == "us-west-2"
    assert result["actions"][0] == "remove machine i-1"
    assert "describe_regions" not in methods(region)


def test_what_is_anywhere_goes_and_one_proof_covers_all() -> None:
    world = World(us_east_1=empty(), us_west_2=Region(1), eu_west_1=Region(2))
    result = world.remove()
    assert result["proof"] == {"clean_reads": 2, "left": []}
    assert (result["region"], result["regions"]) == ("us-west-2, eu-west-1", ["us-east-1", "us-west-2", "eu-west-1"])
    assert [action for action in result["actions"] if "machine" in action] == [
        "us-west-2: remove machine i-1",
        "eu-west-1: remove machine i-1, i-2",
    ]
    assert result["receipt"]["total_usd"] == pytest.approx(0.541 * 3, rel=1e-4)
    assert result["summary"][-1] == "0 billable resources left (read 2 times)"
    assert not any(region.exists for region in world.regions.values())


def test_a_region_without_anything_is_only_read() -> None:
    world = World(us_east_1=empty(), us_west_2=Region(1))
    world.remove()
    assert methods(world.regions["us-east-1"]) == ["describe_instances"] * 2 + ["describe_tags"] * 2


def test_nothing_anywhere_changes_nothing() -> None:
    result = World(us_east_1=empty(), us_west_2=empty()).remove()
    assert (result["changed"], result["actions"], result["region"]) == (False, [], "")
    assert result["proof"] == {"clean_reads": 2, "left": []}


def test_check_mode_removes_nothing() -> None:
    world = World(us_east_1=Region(1), us_west_2=Region(1))
    result = world.remove(check_mode=True)
    assert result["changed"]
    assert {row["region"] for row in result["proof"]["left"]} == {"us-east-1", "us-west-2"}
    assert all(region.exists for region in world.regions.values())


@pytest.mark.parametrize("code", ["UnauthorizedOperation", "AuthFailure", "EndpointConnectionError"])
def test_a_region_that_was_not_read_is_a_failure_and_the_others_are_torn_down(code: str) -> None:
    world = World(us_east_1=unreadable(code), us_west_2=Region(1))
    error = world.failure()
    assert str(error).startswith("Region us-east-1 could not be read: ")
    assert (error.code, error.details["unread"], error.details["regions"]) == (code, ["us-east-1"], ["us-west-2"])
    assert error.details["proof"]["clean_reads"] == 0
    assert world.regions["us-west-2"].exists == set()


def test_a_disabled_region_is_passed_over() -> None:
    world = World(DISABLED, me_south_1=unreadable("AuthFailure"), us_west_2=Region(1))
    result = world.remove()
    assert (result["regions"], result["unread"]) == (["us-west-2"], [])
    assert result["proof"] == {"clean_reads": 2, "left": []}
    assert world.regions["us-west-2"].client.sent("describe_regions") == [{"AllRegions": True}]


def test_a_region_is_not_disabled_because_it_denies() -> None:
    world = World(DISABLED, me_south_1=unreadable("UnauthorizedOperation"), us_west_2=Region(1))
    assert world.failure().details["unread"] == ["me-south-1"]


def test_no_region_answers() -> None:
    world = World(DISABLED, me_south_1=unreadable("AuthFailure"), us_west_2=unreadable("AuthFailure"))
    assert world.failure().details["unread"] == ["me-south-1", "us-west-2"]


def test_what_is_left_in_one_region_is_named_with_it() -> None:
    stuck = Region()
    stuck.refuse["terminate_instances"] = ["UnauthorizedOperation"] * 99
    error = World(us_east_1=stuck, us_west_2=Region(1)).failure()
    assert error.code == "teardown_incomplete"
    assert {(row["region"], row["id"]) for row in error.details["proof"]["left"]} >= {("us-east-1", "i-1")}
    assert str(error).startswith(f"Run {RUN_ID} in us-east-1 is not gone: machine i-1")
