# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the offers to what is asked for first: wanted zones, every reason where there is none, and earlier launches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import Rate
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import Requirement
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.survey import Survey
from ansible_collections.gpgpu.aws.plugins.module_utils._run.buy import VISIBLE_SECONDS
from ansible_collections.gpgpu.aws.plugins.module_utils._run.choose import (
    SENTENCES,
    choose_targets,
    newest_trace,
    no_offer,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import RunState
from ansible_collections.gpgpu.aws.plugins.module_utils._run.trace import Trace

from tests.unit.fakes.aws import FakeClient, FakeClock, clients_of
from tests.unit.fakes.rows import boto_tags, instance, offer, run_tags, spec, state


def spot(zone: str, region: str = "us-west-2") -> Offer:
    """A spot offer of a zone."""
    return offer(region=region, zone=zone, market="spot")


def on_demand(zone: str, region: str = "us-west-2") -> Offer:
    """An on-demand offer of a zone."""
    return offer(region=region, zone=zone)


class Shop:
    """A launch that chooses among offers.

    Parameters:
        offers: the survey's, the best first.
        shown: what each reading of a purchase by its client token shows.
    """

    def __init__(self, *offers: Offer, shown: Any = ()) -> None:
        self.offers = list(offers)
        self.ec2 = FakeClient(describe_instances=list(shown) or [{"Reservations": []}])
        self.clock = FakeClock()
        self.asked_in: list[str] = []

    def clients_in(self, region: str) -> Clients:
        """The clients of a region."""
        self.asked_in.append(region)
        return clients_of(region=region, ec2=self.ec2)

    def choose(self, zone: str = "", states: dict[str, RunState] | None = None, **wanted: Any) -> list[str]:
        """The targets, each `market zone`."""
        found = choose_targets(
            self.clients_in,
            spec(),
            Requirement(**wanted),
            Survey(self.offers),
            zone=zone,
            states=states or {},
            clock=self.clock,
        )
        return [f"{target.market} {target.zone or 'any in ' + target.region}" for target in found]


A, B, FAR = spot("us-west-2a"), spot("us-west-2b"), spot("eu-west-1a", "eu-west-1")
ANY = offer(zone="", market="spot")
ZONES: dict[str, tuple[list[Offer], dict[str, Any], list[str]]] = {
    "all": ([A, B, FAR], {}, ["spot us-west-2a", "spot us-west-2b", "spot eu-west-1a"]),
    "of a named subnet": ([A, B, FAR], {"zone": "us-west-2b"}, ["spot us-west-2b"]),
    "wanted": ([A, B, FAR], {"zones": ("eu-west-1a", "us-west-2a")}, ["spot us-west-2a", "spot eu-west-1a"]),
    "the subnet's counts": (
        [A, B, FAR],
        {"zone": "us-west-2b", "zones": ("us-west-2a", "us-west-2b")},
        ["spot us-west-2b"],
    ),
    "AWS chooses": ([ANY], {}, ["spot any in us-west-2"]),
    "an offer of any zone becomes one of each": (
        [ANY, offer(zone="", market="spot", region="eu-west-1")],
        {"zones": ("us-west-2c", "eu-west-1a", "us-west-2a", "sa-east-1a")},
        ["spot us-west-2c", "spot us-west-2a", "spot eu-west-1a"],
    ),
    "an offer of any zone becomes that of the subnet": ([ANY], {"zone": "us-west-2d"}, ["spot us-west-2d"]),
    "on demand in any zone first": (
        [on_demand("us-west-2a"), on_demand("us-west-2b")],
        {},
        ["on-demand any in us-west-2", "on-demand us-west-2a", "on-demand us-west-2b"],
    ),
    "on demand in wanted zones": (
        [on_demand("us-west-2a"), on_demand("us-west-2b"), on_demand("us-west-2c")],
        {"zones": ("us-west-2a", "us-west-2b")},
        ["on-demand us-west-2a", "on-demand us-west-2b"],
    ),
    "on demand in a subnet": (
        [on_demand("us-west-2a"), A],
        {"zone": "us-west-2a"},
        ["on-demand us-west-2a", "spot us-west-2a"],
    ),
}


@pytest.mark.parametrize(("offers", "wanted", "targets"), ZONES.values(), ids=ZONES.keys())
def test_zones(offers: list[Offer], wanted: dict[str, Any], targets: list[str]) -> None:
    assert Shop(*offers).choose(**wanted) == targets


def test_a_zone_without_an_offer_is_no_choice() -> None:
    with pytest.raises(GpuError) as refused:
        Shop(A, B).choose(zones=("us-west-2d",))
    assert refused.value.code == "impossible_choice"


def rejected(*problems: str) -> Offer:
    """An offer that these problems stand against."""
    return offer(problems=problems)


UNREAD = {"region": "eu-west-1", "what": "quotas", "reason": "AccessDenied: No."}


def test_without_an_offer_every_reason_is_told_once() -> None:
    error = no_offer(Survey([], [rejected("Too dear.", "No room."), rejected("No room.")], [UNREAD]))
    told = "quotas in eu-west-1 could not be read: AccessDenied: No."
    assert str(error) == f"Too dear. No room. {told} Nothing was created."
    assert (error.code, error.details["problems"]) == ("impossible_choice", ["Too dear.", "No room.", told])


@pytest.mark.parametrize(("count", "more"), [(SENTENCES, ""), (SENTENCES + 3, " And 3 more: see the quote playbook.")])
def test_of_many_reasons_the_first_are_told_and_the_rest_counted(count: int, more: str) -> None:
    reasons = [f"Reason {number}." for number in range(count)]
    error = no_offer(Survey([], [rejected(*reasons)]))
    assert str(error) == f"{' '.join(reasons[:SENTENCES])}{more} Nothing was created."
    assert error.details["problems"] == reasons


def test_of_many_reasons_those_that_stand_alone_are_told() -> None:
    alone = "The run costs $3.15 for 8 h, above the budget of $3.00: raise gpu_budget_usd."
    error = no_offer(Survey([], [rejected(*(f"Reason {number}." for number in range(4))), rejected(alone)]))
    first, *told = str(error).splitlines()
    assert first == "No offer fits."
    assert told[-1].startswith("  dearer than the budget: ")
    assert told[-1].endswith(f"{alone} Nothing was created.")
    assert len(error.details["problems"]) == 5


def test_without_any_reason_the_question_is_told() -> None:
    assert str(no_offer(Survey())) == "No machine fits what was asked for. Nothing was created."


def pending(
    zone: str = "us-west-2b", market: str = "spot", number: int = 4, hours: int = 0, **changes: Any
) -> RunState:
    """A run in us-west-2 that asked for a machine some hours ago, of which AWS shows none."""
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=hours)
    trace = Trace(at, number, changes.pop("generation", 1), "g4dn.xlarge", market, zone)
    tags = boto_tags({"gpgpu:trace": trace.as_tag()})
    return replace(state(**changes), groups=[{"GroupId": "sg-1", "Tags": tags}])


def test_what_a_dead_launch_asked_for_is_asked_for_first() -> None:
    shop = Shop(A, B, FAR)
    assert shop.choose(states={"us-west-2": pending()}) == ["spot us-west-2b", "spot us-west-2a", "spot eu-west-1a"]
    assert shop.ec2.calls == [], "asking again finds what it bought"


def test_what_was_asked_for_in_any_zone_is_asked_for_in_any_zone_first() -> None:
    shop = Shop(A, on_demand("us-west-2a"), on_demand("us-west-2b"))
    states = {"us-west-2": pending(zone="", market="on-demand")}
    assert shop.choose(states=states)[:2] == ["on-demand any in us-west-2", "spot us-west-2a"]


def test_the_newest_attempt_of_all_regions_counts() -> None:
    far = replace(pending(zone="eu-west-1a", number=10), instances=[])
    states = {"us-west-2": pending(number=9), "eu-west-1": far}
    newest = newest_trace(states)
    assert newest is not None
    assert (newest.region, newest.number) == ("eu-west-1", 10)
    assert Shop(A, B, FAR).choose(states=states)[0] == "spot eu-west-1a"


NOTHING: dict[str, Any] = {"Reservations": []}
BOUGHT = {"Reservations": [{"Instances": [instance(7, "pending")]}]}


def test_what_is_no_longer_wanted_is_waited_for_and_then_passed_over() -> None:
    shop = Shop(A)
    assert shop.choose(states={"us-west-2": pending()}) == ["spot us-west-2a"]
    assert shop.clock.seconds == pytest.approx(VISIBLE_SECONDS, abs=10)
    assert shop.asked_in == ["us-west-2"]
    tokens = shop.ec2.sent("describe_instances")[0]["Filters"][0]["Values"]
    asked = spec(market="spot", zone="us-west-2b")
    assert tokens[0] == asked.client_token(1)


def test_an_old_attempt_is_looked_for_once() -> None:
    shop = Shop(A)
    shop.choose(states={"us-west-2": pending(hours=1)})
    assert (len(shop.ec2.calls), shop.clock.pauses) == (1, [])


def test_what_is_no_longer_wanted_but_bought_ends_the_launch() -> None:
    shop = Shop(A, shown=[NOTHING, NOTHING, BOUGHT])
    with pytest.raises(GpuError, match=r"an earlier launch bought \(i-7: g4dn\.xlarge in us-west-2\)") as refused:
        shop.choose(states={"us-west-2": pending()})
    assert refused.value.code == "run_differs"
    assert "tear the run down (gpu_run_id=eight-schools)" in refused.value.next_step


def growing(generation: int) -> dict[str, RunState]:
    """A run whose one machine is of the first purchase, and that asked for a purchase last."""
    rows = [instance(1, tags=run_tags(generation="1"))]
    return {"us-west-2": replace(pending(generation=generation), instances=rows)}


def test_a_purchase_that_shows_its_machines_is_not_asked_for_again() -> None:
    shop = Shop(A, B)
    assert shop.choose(states=growing(1)) == ["spot us-west-2a", "spot us-west-2b"]
    assert shop.ec2.calls == []


def test_a_purchase_that_lets_a_run_grow_is_asked_for_first() -> None:
    assert Shop(A, B).choose(states=growing(2)) == ["spot us-west-2b", "spot us-west-2a"]


DEAR = replace(on_demand("us-west-2b"), rate=Rate(5.0, 0.01, 0.005))


@pytest.mark.parametrize(
    ("wanted", "dear"),
    [
        ({"vram_gib": 24}, False),
        ({"vram_gib": 24, "max_hourly_usd": 9.0}, True),
        ({"vram_gib": 24, "budget_usd": 90.0}, True),
        ({"instance_types": ("g4dn.xlarge", "p5.4xlarge")}, True),
    ],
)
def test_a_machine_nobody_has_set_a_price_for_is_not_much_dearer_than_the_cheapest(
    wanted: dict[str, Any], dear: bool
) -> None:
    """Each market has a cheapest of its own: on-demand after spot is what was asked for."""
    found = Shop(A, on_demand("us-west-2a"), DEAR).choose(zone="", **wanted)
    assert ("on-demand us-west-2b" in found) is dear
    assert {"spot us-west-2a", "on-demand us-west-2a"} <= set(found)
