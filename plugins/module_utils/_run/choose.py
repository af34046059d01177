# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the offers to the targets of a launch, in the order in which they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import Requirement
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.survey import Survey
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.table import near_miss
from ansible_collections.gpgpu.aws.plugins.module_utils._run.buy import settle_trace
from ansible_collections.gpgpu.aws.plugins.module_utils._run.failover import Target, concrete, targets_of
from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import live
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import RunState
from ansible_collections.gpgpu.aws.plugins.module_utils._run.placement import machine_problems
from ansible_collections.gpgpu.aws.plugins.module_utils._run.plan import next_generation
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec
from ansible_collections.gpgpu.aws.plugins.module_utils._run.trace import Trace, last_trace

# Sentences of an error; more would hide the first ones.
SENTENCES = 12
# How much dearer than the cheapest a machine may be that nobody has set a price for.
DEARER = 2.0
# So many reasons are read at a glance; of more only the nearest misses are told.
FEW = 3


def choose_targets(
    clients_in: Callable[[str], Clients],
    spec: LaunchSpec,
    requirement: Requirement,
    survey: Survey,
    *,
    zone: str,
    states: Mapping[str, RunState],
    clock: Clock,
) -> list[Target]:
    """The targets of a launch, the best first.

    Parameters:
        zone: of the named subnet; empty where none is named.
        states: what the run has, by region.

    Raises:
        GpuError: no offer is possible, with every reason; an earlier launch bought something else.
    """
    offers = _in_wanted_zones(survey.offers, (zone,) if zone else requirement.zones)
    if not offers:
        raise no_offer(survey)
    offers = _without_problems(_not_much_dearer(offers, requirement), spec)
    targets = targets_of(offers, open_zone=not requirement.zones and not zone)
    trace = newest_trace(states)
    if trace is None or _is_shown(trace, states.get(trace.region, RunState())):
        return targets
    return _first(targets, trace, clients_in, spec, clock)


def _not_much_dearer(offers: Sequence[Offer], requirement: Requirement) -> list[Offer]:
    """Without a ceiling, a budget or types: the offers that cost at most DEARER times the cheapest of their market.

    A lack of capacity must not lead to a machine whose price nobody thought of.
    """
    if requirement.max_hourly_usd or requirement.budget_usd or requirement.instance_types:
        return list(offers)
    usd = {offer: offer.rate.running if offer.rate else float("inf") for offer in offers}
    least: dict[str, float] = {}
    for offer in offers:
        least[offer.market] = min(usd[offer], least.get(offer.market, usd[offer]))
    return [offer for offer in offers if usd[offer] <= DEARER * least[offer.market]]


def _without_problems(offers: Sequence[Offer], spec: LaunchSpec) -> list[Offer]:
    """The offers that can stand where the run wants them.

    Raises:
        GpuError: none can.
    """
    problems = {offer: machine_problems(concrete(spec, Target(offer, offer.zone)), offer.machine) for offer in offers}
    possible = [offer for offer in offers if not problems[offer]]
    if not possible:
        told = list(dict.fromkeys(problem for found in problems.values() for problem in found))
        raise GpuError(" ".join(told[:SENTENCES]), "Nothing was created.", "impossible_choice", problems=told)
    return possible


def _in_wanted_zones(offers: Sequence[Offer], zones: Sequence[str]) -> list[Offer]:
    """Offers of the wanted zones; an offer of any zone becomes one of each."""
    if not zones:
        return list(offers)
    named = [
        replace(offer, zone=zone)
        for offer in offers
        for zone in zones
        if not offer.zone and zone.startswith(offer.region)
    ]
    return [*(offer for offer in offers if offer.zone in zones), *named]


def newest_trace(states: Mapping[str, RunState]) -> Trace | None:
    """What the run asked for last: without machines, it may have bought that though AWS does not show it yet."""
    return last_trace([(region, row) for region, state in states.items() for row in state.groups])


def _is_shown(trace: Trace, state: RunState) -> bool:
    """Whether the run has machines of the purchase that it asked for last, or of a later life of it."""
    return next_generation(live(state.instances)) > trace.generation


def _first(
    targets: list[Target],
    trace: Trace,
    clients_in: Callable[[str], Clients],
    spec: LaunchSpec,
    clock: Clock,
) -> list[Target]:
    """The targets with the one of an earlier launch first: asking again for it finds what it bought."""
    same = [target for target in targets if _asks(target) == trace.target]
    if same:
        return [*same, *(target for target in targets if target not in same)]
    ids = settle_trace(clients_in(trace.region), spec.run_id, trace, clock)
    if ids:
        raise GpuError(
            f"Run {spec.run_id} has machines that an earlier launch bought ({', '.join(ids)}: {trace.instance_type} in "
            f"{trace.region}), and something else is wanted",
            f"Launch with the earlier options, or tear the run down (gpu_run_id={spec.run_id}).",
            "run_differs",
        )
    return targets


def _asks(target: Target) -> tuple[str, str, str, str]:
    return target.region, target.instance_type, target.market, target.zone


def no_offer(survey: Survey) -> GpuError:
    """The error of a launch that has no offer: a few reasons all, of many those that alone stand against an offer."""
    told = [problem for offer in survey.rejected for problem in offer.problems]
    told += [f"{row['what']} in {row['region']} could not be read: {row['reason']}" for row in survey.unread]
    problems = list(dict.fromkeys(told))
    nearest = near_miss(survey) if len(problems) > FEW else []
    more = f" And {len(problems) - SENTENCES} more: see the quote playbook." if len(problems) > SENTENCES else ""
    reasons = "\n".join(["No offer fits.", *nearest]) if nearest else " ".join(problems[:SENTENCES]) + more
    return GpuError(
        reasons or "No machine fits what was asked for",
        "Nothing was created.",
        "impossible_choice",
        problems=problems,
    )
