# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that has a machine and grows: whatever AWS refuses, loses or hides, what is missing is bought once, or not."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import Requirement
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.survey import Survey
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import Wish
from ansible_collections.gpgpu.aws.plugins.module_utils._run import launch
from ansible_collections.gpgpu.aws.plugins.module_utils._run.failover import Limits
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.fakes import seller as fates
from tests.unit.fakes.desk import desk
from tests.unit.fakes.rows import offer, spec
from tests.unit.fakes.seller import Fate, Killed, World

REGIONS = ("us-west-2", "ap-northeast-1")
FATES: dict[str, Fate] = {
    "sold": fates.sold,
    "capacity": fates.refused("InsufficientInstanceCapacity", "No."),
    "lost before": fates.lost_before,
    "lost after": fates.lost_after,
    "killed before": fates.killed_before,
    "killed after": fates.killed_after,
}
OFFERS = [
    offer(region=region, zone=f"{region}{letter}", market=market)
    for market in ("spot", "on-demand")
    for region in REGIONS
    for letter in "ab"
]


def grow(world: World, count: int, offers: list[Offer]) -> dict[str, Any]:
    """The result of one launch that finds these offers."""
    wanted = launch.Wanted(
        spec(count=count, instance_type="", market="", zone=""),
        Requirement(instance_types=("g4dn.xlarge",), regions=REGIONS, count=count),
        Wish(),
        Limits(40, 3600),
        preflight=False,
    )

    def survey(_clients_in: Any, requirement: Requirement, *_words: Any, **_options: Any) -> Survey:
        return Survey([one for one in offers if one.region in requirement.regions])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(launch, "survey_offers", survey)
        return launch.launch(world.clients_in, wanted, desk(wait_for="running"), check_mode=False)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.sampled_from(sorted(FATES)), max_size=8),
    unseen=st.integers(0, 3),
    orders=st.lists(st.permutations(OFFERS), min_size=6, max_size=6),
)
def test_what_is_missing_is_bought_once_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str], unseen: int, orders: list[list[Offer]]
) -> None:
    """Offers come in another order each time, so that nothing is found again by chance."""
    monkeypatch.setenv("HOME", str(tmp_path))
    world = World()
    home = grow(world, 1, OFFERS)["region"]
    world.fates, world.unseen = [FATES[name] for name in names], unseen
    for offers in orders:
        with suppress(Killed, GpuError):
            grow(world, 3, offers)
        assert len(world.machines()) in (1, 3), world.asked
    assert {one.region for one in world.bought} == {home}


def test_what_a_launch_that_died_had_bought_is_taken_over_and_the_rest_bought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    world = World(fates=[fates.killed_after], unseen=2)
    with pytest.raises(Killed):
        grow(world, 1, OFFERS)
    result = grow(world, 3, OFFERS)
    assert (len(result["hosts"]), len(world.machines())) == (3, 3)
    assert len({one.region for one in world.bought}) == 1
