# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The offers of a launch where capacity is reserved: by a person, by an earlier launch, or by a block to buy now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import partial

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import place as api
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock, poll
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.block import DRAIN, MARKET, begins, instant
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import Requirement
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.reservation import Reservation
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.reserved import survey_reserved
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.survey import Survey
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import Wish
from ansible_collections.gpgpu.aws.plugins.module_utils._run.block import VISIBLE_SECONDS, blocks_of, in_order
from ansible_collections.gpgpu.aws.plugins.module_utils._run.choose import newest_trace
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import RunState
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec

ClientsIn = Callable[[str], Clients]


@dataclass(frozen=True)
class Search:
    """What a search for offers depends on.

    Parameters:
        states: what the run has, by region.
        thorough: whether subnets, routes and further prices are read too.
    """

    clients_in: ClientsIn
    spec: LaunchSpec
    wish: Wish
    states: Mapping[str, RunState]
    clock: Clock
    thorough: bool


def survey_capacity(search: Search, requirement: Requirement, survey: Callable[[Requirement], Survey]) -> Survey:
    """The offers of a launch.

    A reservation is the one offer; offers of other markets follow it when its own market and others are wanted.

    Parameters:
        survey: reads the offers that AWS must have stock for.

    Raises:
        GpuError: the named reservation is in none of the regions.
    """
    held = _held(search, requirement)
    if held is None:
        return with_consent(survey(requirement), requirement, search.spec.buy_capacity_block)
    found = survey_reserved(search.clients_in(held.region), held, requirement, search.wish, thorough=search.thorough)
    others = tuple(market for market in requirement.markets if market != held.market)
    if held.market not in requirement.markets or not others:
        return found
    types = requirement.instance_types or (() if requirement.says_hardware else (held.instance_type,))
    more = survey(replace(requirement, markets=others, instance_types=types))
    more = with_consent(more, requirement, search.spec.buy_capacity_block)
    return Survey(
        [*found.offers, *more.offers],
        [*found.rejected, *more.rejected],
        [*found.unread, *more.unread],
        {**found.tariffs, **more.tariffs},
    )


def allowed_types(spec: LaunchSpec, requirement: Requirement) -> tuple[str, ...]:
    """The types that the machines of a run may have; empty for any, as a reservation brings its own."""
    reserved = spec.capacity_reservation_id or MARKET in requirement.markets
    return requirement.instance_types if reserved else requirement.exact_types


def _held(search: Search, requirement: Requirement) -> Reservation | None:
    """The reservation to launch into: the named one, or a block that the run has bought."""
    if search.spec.capacity_reservation_id:
        return _named(search, requirement)
    return _own(search) if MARKET in requirement.markets else None


def _named(search: Search, requirement: Requirement) -> Reservation:
    wanted = search.spec.capacity_reservation_id
    regions = requirement.regions
    reads = [partial(api.describe_reservations, search.clients_in(name).ec2, [wanted]) for name in regions]
    found = [Reservation.from_row(row, name) for name, rows in zip(regions, in_parallel(reads)) for row in rows]
    if not found:
        raise GpuError(
            f"There is no capacity reservation {wanted} in {' or '.join(regions)}",
            "Set gpu_region to its region, correct gpu_capacity_reservation_id, or leave it out.",
            "no_reservation",
        )
    return found[0]


def _own(search: Search) -> Reservation | None:
    """The block that the run has bought, waited for where a launch that just died may have bought it."""
    tagged = [name for name, state in search.states.items() if state.ids("capacity-reservation")]
    reads = [partial(blocks_of, search.clients_in(name), search.spec.run_id) for name in tagged]
    found = [held for blocks in in_parallel(reads) for held in blocks]
    trace = newest_trace(search.states)
    if not found and trace and trace.market == MARKET:
        age = (datetime.now(timezone.utc) - trace.at).total_seconds()
        read = partial(blocks_of, search.clients_in(trace.region), search.spec.run_id)
        _shown, found = poll(read, bool, max(0.0, VISIBLE_SECONDS - age), search.clock)
    return next(iter(in_order(found)), None)


def with_consent(survey: Survey, requirement: Requirement, consent: bool) -> Survey:
    """Offers in which blocks are paid for, the first to begin first; without consent and a budget, none is offered."""
    blocks = sorted((offer for offer in survey.offers if offer.block_id), key=lambda offer: offer.starts)
    if not blocks:
        return survey
    if consent and requirement.budget_usd:
        paid = map(_paid, blocks)
        return replace(survey, offers=[next(paid) if offer.block_id else offer for offer in survey.offers])
    others = [offer for offer in survey.offers if not offer.block_id]
    refused = replace(blocks[0], problems=(_unasked(blocks[0], requirement.count),))
    return replace(survey, offers=others, rejected=[refused, *survey.rejected])


def _paid(offer: Offer) -> Offer:
    """A block as its machines will cost: nothing more than their disks and addresses."""
    notes = [f"The capacity block costs ${offer.upfront_usd:,.2f} at once, used or not, and nobody gives it back."]
    if offer.ends:
        end = instant(begins(offer.ends) - DRAIN)
        notes.append(f"EC2 begins to end its machines at {end}, 30 minutes before the block ends.")
    rate = replace(offer.rate, compute=0.0) if offer.rate else None
    return replace(offer, rate=rate, notes=tuple(notes))


def _unasked(offer: Offer, count: int) -> str:
    return (
        f"Capacity block {offer.block_id} ({count} x {offer.machine.name} in {offer.zone} from {offer.starts} "
        f"to {offer.ends}) costs ${offer.upfront_usd:,.2f} at once, used or not, so it is bought only when you say so: "
        "set gpu_buy_capacity_block to true and gpu_budget_usd to what the run may cost with it."
    )
