# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read all that the choice of a machine depends on: every region side by side, a constant number of calls in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError, explain
from ansible_collections.gpgpu.aws.plugins.module_utils._money.price_table import bundled_tariff
from ansible_collections.gpgpu.aws.plugins.module_utils._money.tariff import Tariff
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.assemble import Facts, offers_of
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.city import round_trip_ms
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.hints import recall
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.latency import connect_ms, round_trips
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.rank import rank, worth_usd
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.region import Region
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import ALL_REGIONS, Requirement, unfit
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.score import placement_scores, with_scores
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import Wish

# Where to ask which regions the account has.
FIRST_REGION = "us-east-1"

ClientsIn = Callable[[str], Clients]


@dataclass
class Survey:
    """What was found.

    Parameters:
        offers: what can be had, the best first.
        rejected: what can't, each with its problems, the nearest to what was wanted first.
        unread: region, what, reason and code of everything that could not be read.
        tariffs: the prices of each region for what goes with a machine.
    """

    offers: list[Offer] = field(default_factory=list)
    rejected: list[Offer] = field(default_factory=list)
    unread: list[dict[str, str]] = field(default_factory=list)
    tariffs: dict[str, Tariff] = field(default_factory=dict)


def survey_offers(
    clients_in: ClientsIn,
    requirement: Requirement,
    wish: Wish,
    *,
    thorough: bool = True,
    measure_latency: bool = True,
    home: str = FIRST_REGION,
) -> Survey:
    """All offers of all wanted regions; a failed read is told and hides nothing else.

    Parameters:
        clients_in: clients of a region by its name; may raise GpuError for a region that the account lacks.
        requirement: without problems (see requirement_problems).
        thorough: also read zones, quotas and usage, subnets and routes, prices of disks and addresses, and placement
            scores; without it types, prices and the image only, and AWS chooses the zone.
        measure_latency: measure round trips, unless they are estimated from a region (`near`).
        home: region to ask for the list of regions.
    """
    survey = Survey()
    regions = [Region(clients) for clients in _open(clients_in, requirement, home, survey)]
    latencies, *facts = in_parallel(
        [
            lambda: _latencies(regions, requirement, measure_latency and (thorough or len(regions) > 1)),
            *(partial(_read, region, requirement, wish, thorough) for region in regions),
        ]
    )
    refusals = recall("refusals")
    known = [replace(one, latency_ms=latencies.get(one.region), refusals=refusals) for one in facts]
    survey.tariffs = {one.region: one.tariff for one in known}
    found = [offer for one in known for offer in offers_of(one, requirement, wish)]
    if thorough and "spot" in requirement.markets and regions:
        found = with_scores(found, placement_scores(regions[0], found, requirement), known)
    survey.unread.extend(row for region in regions for row in region.unread)
    survey.offers = rank((offer for offer in found if not offer.problems), requirement)
    survey.rejected = sorted(
        (offer for offer in found if offer.problems), key=lambda offer: _distance(offer, requirement)
    )
    return survey


def _distance(offer: Offer, requirement: Requirement) -> tuple[Any, ...]:
    """How far a rejected offer is from what was wanted: fewest problems first, then the cheapest."""
    names = (offer.region, offer.machine.name, offer.market, offer.zone)
    return (len(offer.problems), worth_usd(offer, requirement), *names)


def _open(clients_in: ClientsIn, requirement: Requirement, home: str, survey: Survey) -> list[Clients]:
    """Clients of every wanted region; one that can't be had is told.

    Raises:
        AnsibleAWSError: the list of regions was wanted and can't be read.
    """
    names: Sequence[str] = requirement.regions
    if ALL_REGIONS in names:
        names = sorted(row["RegionName"] for row in ec2.describe_regions(clients_in(home).ec2))
    found = []
    for name in names:
        try:
            found.append(clients_in(name))
        except (AnsibleAWSError, GpuError) as error:
            known = explain(error) if isinstance(error, AnsibleAWSError) else error
            survey.unread.append({"region": name, "what": "region", "reason": str(known), "code": known.code})
    return found


def _latencies(regions: Sequence[Region], requirement: Requirement, measure: bool) -> dict[str, float]:
    if requirement.near:
        estimates = {region.name: round_trip_ms(requirement.near, region.name) for region in regions}
        return {name: ms for name, ms in estimates.items() if ms is not None}
    if not measure:
        return {}
    return round_trips({region.name: region.clients.ec2.meta.endpoint_url for region in regions}, connect_ms)


def _read(region: Region, requirement: Requirement, wish: Wish, thorough: bool) -> Facts:
    """What AWS tells of a region, in two rounds: the second asks only about the types that fit."""
    exact = requirement.exact_types
    reads: dict[str, Callable[[], Any]] = {"machines": lambda: region.machines(exact)}
    if thorough:
        reads |= _account_reads(region, wish)
    # The one named type needs no first round: everything about it is read at once.
    early = len(exact) == 1
    if early:
        reads |= _market_reads(region, exact, requirement, thorough)
    first = _together(reads)
    machines: list[MachineType] = first.pop("machines")
    fitting = [machine for machine in machines if not unfit(machine, requirement)]
    names = [machine.name for machine in fitting]
    more: dict[str, Callable[[], Any]] = {}
    if fitting:
        architectures = sorted({machine.architecture for machine in fitting})
        more["images"] = lambda: region.images(architectures, wish)
        if "capacity-block" in requirement.markets:
            more["blocks"] = lambda: region.blocks(fitting, requirement.count, requirement.lease_hours)
        if not early:
            more |= _market_reads(region, names, requirement, thorough)
    known = {"tariff": bundled_tariff(region.name), **first, **_together(more)}
    return Facts(region=region.name, machines=machines, **known)


def _together(reads: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    return dict(zip(reads, in_parallel(reads.values())))


def _account_reads(region: Region, wish: Wish) -> dict[str, Callable[[], Any]]:
    reads: dict[str, Callable[[], Any]] = {
        "limits": region.limits,
        "usage": region.usage,
        "grounds": lambda: region.grounds(wish.subnet_id),
        "tariff": lambda: region.tariff(wish),
    }
    return {**reads, "addresses": region.addresses} if wish.fixed_address else reads


def _market_reads(
    region: Region, names: Sequence[str], requirement: Requirement, thorough: bool
) -> dict[str, Callable[[], Any]]:
    reads: dict[str, Callable[[], Any]] = {}
    if thorough:
        reads["zones"] = lambda: region.zones(names)
    if "on-demand" in requirement.markets:
        reads["on_demand"] = lambda: region.on_demand(names)
    if "spot" in requirement.markets:
        reads["spot"] = lambda: region.spot(names)
    return reads
