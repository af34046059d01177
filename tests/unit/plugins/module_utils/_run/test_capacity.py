# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which offers a launch has where capacity is reserved or may be bought."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import Requirement
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.survey import Survey
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import Wish
from ansible_collections.gpgpu.aws.plugins.module_utils._run import capacity
from ansible_collections.gpgpu.aws.plugins.module_utils._run.capacity import (
    Search,
    allowed_types,
    survey_capacity,
    with_consent,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import RunState
from ansible_collections.gpgpu.aws.plugins.module_utils._run.trace import Trace

from tests.unit.fakes.aws import FakeClient, FakeClock, clients_of
from tests.unit.fakes.offers import offer, requirement
from tests.unit.fakes.rows import spec
from tests.unit.plugins.module_utils._offer.test_reservation import ROW

BLOCK = ("capacity-block",)
SHOWN: dict[str, Any] = {"CapacityReservations": [ROW]}
NONE: dict[str, Any] = {"CapacityReservations": []}
TAGGED = RunState({"capacity-reservation": ["cr-1"]})


def block(starts: str, **changes: Any) -> Offer:
    """A block on offer."""
    words = {"market": "capacity-block", "block_id": starts, "starts": starts, "upfront_usd": 240.0, **changes}
    return offer(10.0, ends="2026-12-03T11:30Z", **words)


LATE, EARLY = block("2026-12-02T11:30Z"), block("2026-12-01T11:30Z")
SPOT = offer(market="spot")


@pytest.mark.parametrize(
    ("consent", "budget"), [(False, 0.0), (False, 1000.0), (True, 0.0)], ids=["neither", "no yes", "no budget"]
)
def test_without_a_yes_and_a_budget_no_block_is_offered(consent: bool, budget: float) -> None:
    found = with_consent(Survey([LATE, SPOT, EARLY]), requirement(budget_usd=budget), consent)
    assert found.offers == [SPOT]
    ((problem,),) = [one.problems for one in found.rejected]
    for word in ("2026-12-01T11:30Z", "$240.00 at once", "gpu_buy_capacity_block to true", "gpu_budget_usd"):
        assert word in problem


def test_the_first_to_begin_comes_first_and_its_machines_bill_no_compute() -> None:
    found = with_consent(Survey([LATE, EARLY, SPOT]), requirement(budget_usd=1000.0), True)
    assert [one.starts for one in found.offers] == [EARLY.starts, LATE.starts, ""]
    best = found.offers[0]
    assert best.rate is not None
    assert (best.rate.compute, best.rate.disks, best.upfront_usd) == (0.0, 0.01, 240.0)
    assert "2026-12-03T11:00Z, 30 minutes before" in best.notes[1]


def test_without_blocks_nothing_changes() -> None:
    found = Survey([SPOT])
    assert with_consent(found, requirement(), True) is found


class Case:
    """A search whose reservation is AWS's answer, and the requirements that reach the survey of stock."""

    def __init__(self, answer: Any, state: RunState, monkeypatch: pytest.MonkeyPatch, **wanted: Any) -> None:
        self.ec2 = FakeClient(describe_capacity_reservations=answer)
        self.clock = FakeClock()
        self.asked: list[Requirement] = []
        clients = clients_of(ec2=self.ec2)
        self.search = Search(
            lambda _region: clients, spec(**wanted), Wish(), {"us-west-2": state}, self.clock, thorough=False
        )
        monkeypatch.setattr(capacity, "survey_reserved", self._reserved)

    def _reserved(self, _clients: Any, held: Any, *_words: Any, **_options: Any) -> Survey:
        return Survey([offer(reservation_id=held.id, market=held.market)])

    def offers(self, **wanted: Any) -> list[tuple[str, str]]:
        """Market and reservation of each offer."""

        def stock(need: Requirement) -> Survey:
            self.asked.append(need)
            return Survey([offer(market=market) for market in need.markets])

        found = survey_capacity(self.search, requirement(**wanted), stock)
        return [(one.market, one.reservation_id) for one in found.offers]


NAMED = {"capacity_reservation_id": "cr-1"}


@pytest.mark.parametrize(
    ("markets", "offers"),
    [
        (("on-demand",), [("capacity-block", "cr-1")]),
        (BLOCK, [("capacity-block", "cr-1")]),
        (("on-demand", "spot"), [("capacity-block", "cr-1")]),
        (("capacity-block", "spot"), [("capacity-block", "cr-1"), ("spot", "")]),
    ],
)
def test_others_follow_a_reservation_only_beside_its_own_market(
    markets: tuple[str, ...], offers: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(SHOWN, RunState(), monkeypatch, **NAMED)
    assert case.offers(markets=markets) == offers
    assert [need.instance_types for need in case.asked] == [("p5.48xlarge",)] * (len(offers) - 1)


@pytest.mark.parametrize(
    ("answer", "state", "markets", "calls"),
    [
        pytest.param(SHOWN, RunState(), ("on-demand",), 0, id="no block is wanted"),
        pytest.param(SHOWN, RunState(), BLOCK, 0, id="the run has none"),
        pytest.param(SHOWN, TAGGED, BLOCK, 1, id="the run has one"),
        pytest.param(NONE, TAGGED, BLOCK, 1, id="the run had one"),
    ],
)
def test_a_block_of_the_run_is_used(
    answer: Any, state: RunState, markets: tuple[str, ...], calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(answer, state, monkeypatch)
    own = bool(calls) and answer is SHOWN
    assert case.offers(markets=markets) == [(markets[0], "cr-1" if own else "")]
    assert len(case.ec2.calls) == calls


@pytest.mark.parametrize("shown", [True, False], ids=["seen after a while", "never bought"])
def test_a_block_that_a_dead_launch_may_have_bought_is_waited_for(shown: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    trace = Trace(now, 1, 1, "p5.48xlarge", "capacity-block", "us-west-2b").as_tag()
    group = {"GroupId": "sg-1", "Tags": [{"Key": "gpgpu:trace", "Value": trace}]}
    case = Case([NONE, NONE, SHOWN] if shown else NONE, RunState(groups=[group]), monkeypatch)
    assert case.offers(markets=BLOCK)[0][1] == ("cr-1" if shown else "")
    assert (case.clock.seconds < 90) is shown


@pytest.mark.parametrize(
    ("wanted", "need", "types"),
    [
        ({}, {}, ("g4dn.xlarge",)),
        (NAMED, {}, ()),
        ({}, {"markets": BLOCK}, ()),
        (NAMED, {"instance_types": ("g5.xlarge",)}, ("g5.xlarge",)),
    ],
)
def test_a_reservation_brings_its_own_type(
    wanted: dict[str, Any], need: dict[str, Any], types: tuple[str, ...]
) -> None:
    assert allowed_types(spec(**wanted), requirement(**need)) == types
