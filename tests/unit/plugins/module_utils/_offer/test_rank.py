# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of offers."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import Rate
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.rank import rank
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.fakes.offers import offer, requirement
from tests.unit.fakes.rows import machine


def order(offers: list[Offer], **changes: Any) -> list[str]:
    """The zones of offers in their order."""
    wanted = requirement(**{"markets": ("spot", "on-demand"), **changes})
    return [one.zone for one in rank(offers, wanted)]


NEAR = offer(0.6, zone="near", market="spot", latency_ms=10.0, placement_score=3)
FAR = offer(0.5, zone="far", market="spot", latency_ms=160.0, placement_score=9)
DEMAND = offer(0.1, zone="demand", latency_ms=1.0)
REFUSED = offer(0.2, zone="refused", market="spot", latency_ms=10.0, placement_score=9, refused_recently=True)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"latency_weight": 0.0, "capacity_weight": 0.0}, ["far", "near", "refused", "demand"], id="price"),
        pytest.param(
            {"latency_weight": 0.1, "capacity_weight": 0.0}, ["near", "far", "refused", "demand"], id="nearer"
        ),
        pytest.param({"latency_weight": 0.1, "capacity_weight": 0.1}, ["far", "near", "refused", "demand"], id="score"),
        pytest.param({"markets": ("on-demand", "spot")}, ["demand", "far", "near", "refused"], id="market first"),
    ],
)
def test_each_weight_changes_the_order(changes: dict[str, Any], expected: list[str]) -> None:
    assert order([DEMAND, REFUSED, NEAR, FAR], **changes) == expected


def test_disks_and_address_count() -> None:
    big = offer(zone="big disk", rate=Rate(compute=0.5, disks=0.2, address=0.0))
    public = offer(zone="public", rate=Rate(compute=0.6, disks=0.0, address=0.005))
    assert order([big, public, offer(None, zone="no price")]) == ["public", "big disk", "no price"]


def test_not_knowing_is_neither_best_nor_worst() -> None:
    unknown = offer(zone="unknown", market="spot")
    best = offer(zone="best", market="spot", latency_ms=1.0, placement_score=10)
    worst = offer(zone="worst", market="spot", latency_ms=400.0, placement_score=1)
    assert order([worst, unknown, best]) == ["best", "unknown", "worst"]


def test_ties_are_in_order_of_their_names() -> None:
    later = offer(region="us-west-2", zone="a", machine=machine(name="g4dn.2xlarge"))
    tied = [offer(region="us-west-2", zone="b"), offer(region="us-west-2", zone="a"), later]
    tied.append(offer(region="eu-west-1", zone="z"))
    expected = [("eu-west-1", "z"), ("us-west-2", "a"), ("us-west-2", "a"), ("us-west-2", "b")]
    for given_ in (tied, tied[::-1]):
        ranked = rank(given_, requirement())
        assert [(one.region, one.zone) for one in ranked] == expected
        assert ranked[1].machine.name == "g4dn.2xlarge"


def test_of_equal_capacity_blocks_the_one_that_begins_first_is_better() -> None:
    late = offer(zone="a", market="capacity-block", starts="2026-12-02T11:30Z")
    soon = offer(zone="b", market="capacity-block", starts="2026-12-01T11:30Z")
    assert order([late, soon]) == ["b", "a"]


def test_an_offer_explains_its_place() -> None:
    (best,) = rank(
        [offer(0.5, market="spot", latency_ms=160.0, placement_score=9, refused_recently=True)], requirement()
    )
    assert best.reasons == (
        "spot is choice 2",
        "AWS had none a few minutes ago",
        "$0.5150/h with disks and address",
        "160 ms away counts $0.0800/h",
        "placement score 9 counts $0.0100/h",
    )


OFFERS = st.lists(
    st.builds(
        offer,
        usd=st.floats(0.01, 100) | st.none(),
        region=st.sampled_from(["us-west-2", "eu-west-1"]),
        zone=st.text("abc", min_size=1, max_size=3),
        market=st.sampled_from(["spot", "on-demand", "capacity-block"]),
        latency_ms=st.floats(1, 400) | st.none(),
        placement_score=st.integers(1, 10) | st.none(),
        refused_recently=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: (one.region, one.zone, one.market),
)
WANTED = st.builds(
    requirement,
    markets=st.permutations(["spot", "on-demand", "capacity-block"]).map(tuple),
    latency_weight=st.floats(0, 10),
    capacity_weight=st.floats(0, 10),
)


@given(OFFERS, WANTED, st.randoms())
def test_the_order_does_not_depend_on_the_order_of_reading(offers: list[Offer], wanted: Any, random: Any) -> None:
    shuffled = random.sample(offers, len(offers))
    assert rank(shuffled, wanted) == rank(offers, wanted)


@given(OFFERS, WANTED)
def test_ranking_loses_nothing_and_repeats_itself(offers: list[Offer], wanted: Any) -> None:
    ranked = rank(offers, wanted)
    assert len(ranked) == len(offers)
    assert rank(ranked, wanted) == ranked


@given(OFFERS, WANTED, st.data())
def test_an_irrelevant_offer_changes_no_order(offers: list[Offer], wanted: Any, data: st.DataObject) -> None:
    kept = [one for one in offers if data.draw(st.booleans())]
    names = {(one.region, one.zone, one.market) for one in kept}
    ranked = [one for one in rank(offers, wanted) if (one.region, one.zone, one.market) in names]
    assert ranked == rank(kept, wanted)


@given(st.floats(0.01, 10), st.floats(0.01, 10), st.floats(1, 400), st.floats(1, 400), st.floats(0, 5), st.floats(0, 5))
def test_a_larger_weight_never_moves_the_nearer_behind(
    one_usd: float, other_usd: float, one_ms: float, other_ms: float, weight: float, more: float
) -> None:
    near_ms, far_ms = sorted((one_ms, other_ms))
    near, far = offer(one_usd, zone="a", latency_ms=near_ms), offer(other_usd, zone="b", latency_ms=far_ms)
    if order([near, far], latency_weight=weight)[0] == "a":
        assert order([near, far], latency_weight=weight + more)[0] == "a"
