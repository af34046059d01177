# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever AWS refuses, loses or hides, and whenever the controller dies: what was asked for is bought once, or not."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.refusal import classify
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.quota import Quota
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import Requirement
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.survey import Survey
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import Wish
from ansible_collections.gpgpu.aws.plugins.module_utils._run import finish, launch
from ansible_collections.gpgpu.aws.plugins.module_utils._run.desk import Desk
from ansible_collections.gpgpu.aws.plugins.module_utils._run.failover import (
    Attempt,
    Limits,
    concrete,
    rules_out,
    targets_of,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.fakes import seller as fates
from tests.unit.fakes.aws import FakeClock
from tests.unit.fakes.rows import machine, offer, spec
from tests.unit.fakes.seller import Killed, World

REGIONS = ("us-west-2", "ap-northeast-1")
BUCKETS = {"on-demand": "L-DB2E81BA", "spot": "L-3819A6DF"}
CODES = {
    "capacity": ("InsufficientInstanceCapacity", "We currently do not have sufficient capacity."),
    "capacity elsewhere": (
        "InsufficientInstanceCapacity",
        "We currently do not have sufficient g5.xlarge capacity in the Availability Zone you requested (us-west-2a). "
        "You can currently get g5.xlarge capacity by not specifying an Availability Zone in your request or choosing "
        "us-west-2b.",
    ),
    "quota": ("VcpuLimitExceeded", "You have requested more vCPU capacity than your current vCPU limit of 0 allows."),
    "spot quota": ("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded"),
    "spot price": ("SpotMaxPriceTooLow", "Your Spot request price is lower than the minimum required."),
    "zone": (
        "Unsupported",
        "Your requested instance type (g5.xlarge) is not supported in your requested Availability Zone (us-west-2a).",
    ),
    "addresses": ("InsufficientFreeAddressesInSubnet", "There are not enough free addresses in subnet"),
    "throttle": ("RequestLimitExceeded", "Request limit exceeded."),
    "group not visible": ("InvalidGroup.NotFound", "The security group 'sg-1' does not exist"),
    "denied": ("UnauthorizedOperation", "You are not authorized to perform this operation."),
    "bad image": ("InvalidAMIID.NotFound", "The image id '[ami-1]' does not exist"),
}
FATES = {
    **{name: fates.refused(*words) for name, words in CODES.items()},
    "sold": fates.sold,
    "lost before": fates.lost_before,
    "lost after": fates.lost_after,
    "killed before": fates.killed_before,
    "killed after": fates.killed_after,
    "died": fates.died,
}
LAUNCHES = 8


def every_offer() -> list[Offer]:
    """Two types in two zones of two regions, spot first."""
    return [
        offer(
            machine=machine(name=name),
            region=region,
            zone=f"{region}{letter}",
            market=market,
            quota=Quota(BUCKETS[market], "G", 64, 0),
        )
        for market in ("spot", "on-demand")
        for region in REGIONS
        for name in ("g5.xlarge", "g6.xlarge")
        for letter in "ab"
    ]


def keygen(words: list[str]) -> tuple[int, str, str]:
    """Make a key pair of words."""
    path = Path(words[words.index("-f") + 1])
    path.write_text("private")
    path.chmod(0o600)
    path.with_name(f"{path.name}.pub").write_text("ssh-ed25519 AAAA comment\n")
    return 0, "", ""


@dataclass
class Place:
    """A controller in front of a world.

    Parameters:
        removed: regions in which what refused attempts left was removed.
    """

    world: World
    removed: list[str]

    def launch(self, count: int = 1, **limits: Any) -> dict[str, Any]:
        """The result of one launch."""
        wanted = launch.Wanted(
            spec(count=count, instance_type="", market="", zone=""),
            Requirement(instance_types=("g5.xlarge", "g6.xlarge"), regions=REGIONS, count=count),
            Wish(),
            Limits(**{"attempts": 40, "seconds": 3600, **limits}),
            preflight=False,
        )
        desk = Desk(keygen, lambda: "192.0.2.7", 22, "running", 60, FakeClock())
        return launch.launch(self.world.clients_in, wanted, desk, check_mode=False)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    made = Place(World(), [])
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(launch, "survey_offers", lambda *_args, **_options: Survey(every_offer()))
    monkeypatch.setattr(finish, "teardown", lambda clients, *_args: made.removed.append(clients.region))
    return made


def relaunch(place: Place, count: int) -> dict[str, Any] | None:
    """Launch again and again, as a person does after each death or failure; the result, if one came."""
    for _ in range(LAUNCHES):
        with suppress(Killed, GpuError):
            return place.launch(count)
    return None


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.sampled_from(sorted(FATES)), max_size=12), unseen=st.integers(0, 3), count=st.sampled_from([1, 3])
)
def test_no_sequence_of_fates_buys_twice_or_in_part(place: Place, names: list[str], unseen: int, count: int) -> None:
    place.world = World([FATES[name] for name in names], unseen)
    result = relaunch(place, count)
    assert len(place.world.machines()) in (0, count), place.world.asked
    assert result is None or len(result["hosts"]) == count


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.sampled_from(sorted(CODES)), max_size=30))
def test_what_a_refusal_rules_out_is_never_asked_for_again(place: Place, names: list[str]) -> None:
    place.world = World([FATES[name] for name in names])
    with suppress(GpuError):
        place.launch()
    targets = {(one.region, one.instance_type, one.zone, one.market): one for one in targets_of(every_offer(), True)}
    attempts: list[Attempt] = []
    for asked, name in zip(place.world.asked, [*names, *["sold"] * 40], strict=False):
        target = targets[asked["region"], asked["instance_type"], asked["zone"], asked["market"]]
        assert not [one for one in attempts if rules_out(one, target)], (asked, names)
        refusal = classify(*CODES[name]) if name in CODES else None
        if refusal is None or refusal.action != "retry":
            attempts.append(Attempt(target, refusal))


TABLE = {
    "the zones that AWS names come first": (["capacity elsewhere"], ["spot us-west-2a", "spot us-west-2b"]),
    "the same zone of the next type": (
        ["capacity", "capacity"],
        ["g5.xlarge spot us-west-2a", "g5.xlarge spot us-west-2b", "g6.xlarge spot us-west-2a"],
    ),
    "a quota rules out its bucket in the region": (
        ["spot quota"],
        ["g5.xlarge spot us-west-2a", "g5.xlarge spot ap-northeast-1a"],
    ),
    "both spot quotas leave on-demand in any zone": (
        ["spot quota", "spot quota"],
        ["spot us-west-2a", "spot ap-northeast-1a", "g5.xlarge on-demand us-west-2 (any zone)"],
    ),
    "throttled: the same again": (["throttle"], ["g5.xlarge spot us-west-2a"] * 2),
    "a machine that AWS ends at once is replaced elsewhere": (
        ["died"],
        ["g5.xlarge spot us-west-2a", "g5.xlarge spot us-west-2b"],
    ),
    "a lost answer: the same again": (["lost before"], ["g5.xlarge spot us-west-2a"] * 2),
    "a machine whose answer was lost is found": (["lost after"], ["g5.xlarge spot us-west-2a"]),
}


@pytest.mark.parametrize(("names", "asked"), TABLE.values(), ids=TABLE.keys())
def test_order(place: Place, names: list[str], asked: list[str]) -> None:
    place.world = World([FATES[name] for name in names])
    result = place.launch()
    told = [
        f"{one['instance_type']} {one['market']} {one['zone'] or one['region'] + ' (any zone)'}"
        for one in place.world.asked
    ]
    assert len(told) == len(asked)
    assert [one for one, end in zip(told, asked, strict=True) if not one.endswith(end)] == []
    assert result["attempts"][-1]["outcome"] == "bought"


@pytest.mark.parametrize("name", ["denied", "bad image"])
def test_what_no_other_offer_mends_stops_at_once(place: Place, name: str) -> None:
    place.world = World([FATES[name]])
    with pytest.raises(GpuError) as stopped:
        place.launch()
    assert (stopped.value.code, len(place.world.asked)) == (CODES[name][0], 1)
    assert [one["error_code"] for one in stopped.value.details["attempts"]] == [CODES[name][0]]


def test_attempts_are_bounded(place: Place) -> None:
    place.world = World([FATES["capacity"]] * 40)
    with pytest.raises(GpuError, match="3 attempts were made in each market: raise gpu_max_attempts") as ended:
        place.launch(attempts=3)
    asked = [one["market"] for one in place.world.asked]
    assert (asked.count("spot"), asked.count("on-demand")) == (3, 3), "one market does not use up the next"
    assert ended.value.details["left_traces"]


def test_every_offer_is_tried_before_giving_up(place: Place) -> None:
    place.world = World([FATES["capacity"]] * 40)
    with pytest.raises(GpuError, match="no other offer is left") as ended:
        place.launch()
    assert len(place.world.asked) == len(targets_of(every_offer(), True)) == 20
    assert ended.value.code == "InsufficientInstanceCapacity"


def test_what_refused_attempts_left_elsewhere_is_removed(place: Place) -> None:
    place.world = World([FATES["spot quota"]])
    assert place.launch()["region"] == "ap-northeast-1"
    assert place.removed == ["us-west-2"]


def test_a_dead_launch_that_bought_what_is_no_longer_wanted_is_not_passed_over(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.world = World([FATES["killed after"]], unseen=2)
    with suppress(Killed):
        place.launch()
    monkeypatch.setattr(launch, "survey_offers", lambda *_args, **_options: Survey(every_offer()[-1:]))
    with pytest.raises(GpuError, match="an earlier launch bought"):
        place.launch()
    assert len(place.world.machines()) == 1


@pytest.mark.parametrize(
    ("market", "wanted", "limit"),
    [
        ("spot", {}, 0.0),
        ("spot", {"max_spot_usd": 0.3}, 0.3),
        ("spot", {"ceiling_usd": 1.0}, 0.985),
        ("spot", {"ceiling_usd": 0.541}, 0.526),
        ("on-demand", {"ceiling_usd": 1.0}, 0.0),
    ],
)
def test_a_ceiling_holds_when_a_spot_price_rises(market: str, wanted: dict[str, Any], limit: float) -> None:
    target = targets_of([offer(market=market)], open_zone=False)[0]
    assert concrete(spec(**wanted), target).max_spot_usd == pytest.approx(limit)
