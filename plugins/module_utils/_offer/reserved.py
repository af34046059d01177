# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one offer of a launch into a capacity reservation: type and zone are given, stock and quota no question.

A reservation counts against the vCPU quota itself, whether it is used or not, and capacity blocks have no such quota.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-limits.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._money.price_table import bundled_tariff
from ansible_collections.gpgpu.aws.plugins.module_utils._money.tariff import Price
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.assemble import Facts, offers_of
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.block import instant
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.quota import ADDRESS_QUOTA
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.region import Region
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import Requirement
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.reservation import (
    Reservation,
    reservation_notes,
    reservation_problems,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.survey import Survey
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import Wish

PREPAID = "paid in advance"


def survey_reserved(
    clients: Clients, held: Reservation, requirement: Requirement, wish: Wish, *, thorough: bool
) -> Survey:
    """The offer of a reservation, possible or not.

    Parameters:
        clients: of the reservation's region.
        thorough: also read subnets and their routes, and prices of disks and addresses.
    """
    region = Region(clients)
    machines = region.machines([held.instance_type])
    facts = _read(region, held, machines, wish, thorough)
    survey = Survey(unread=region.unread, tariffs={region.name: facts.tariff})
    subnet_zone = next(iter(facts.grounds or ()), "") if wish.subnet_id else ""
    if subnet_zone not in ("", held.zone):
        facts = replace(facts, grounds=None)
    need = replace(requirement, markets=("on-demand",), zones=(held.zone,), instance_types=(held.instance_type,))
    known = {machine.name: machine for machine in machines}
    problems = tuple(reservation_problems(held, requirement, datetime.now(timezone.utc), subnet_zone))
    for offer in offers_of(facts, need, wish):
        whole = _reserved(offer, held, known[offer.machine.name], problems)
        (survey.rejected if whole.problems else survey.offers).append(whole)
    return survey


def _read(region: Region, held: Reservation, machines: list[MachineType], wish: Wish, thorough: bool) -> Facts:
    architectures = sorted({machine.architecture for machine in machines})
    reads: dict[str, Callable[[], Any]] = {"images": lambda: region.images(architectures, wish)}
    if not held.block:
        reads["on_demand"] = lambda: region.on_demand([held.instance_type])
    if thorough or wish.subnet_id:
        reads["grounds"] = lambda: region.grounds(wish.subnet_id)
    if thorough:
        reads["tariff"] = lambda: region.tariff(wish)
    if thorough and wish.fixed_address:
        reads |= {"limits": region.limits, "addresses": region.addresses}
    found: dict[str, Any] = dict(zip(reads, in_parallel(reads.values())))
    found["limits"] = [row for row in found.get("limits", ()) if row["QuotaCode"] == ADDRESS_QUOTA]
    if held.block:
        found["on_demand"] = {held.instance_type: Price(0.0, PREPAID, instant(held.starts))}
    # A type that is sold in blocks alone stands in the reservation like any other.
    sold = [replace(machine, markets=("on-demand",)) for machine in machines]
    zones = {held.instance_type: [held.zone]}
    return Facts(region=region.name, machines=sold, zones=zones, **{"tariff": bundled_tariff(region.name), **found})


def _reserved(offer: Offer, held: Reservation, machine: MachineType, problems: tuple[str, ...]) -> Offer:
    return replace(
        offer,
        machine=machine,
        market=held.market,
        zone=held.zone,
        problems=(*problems, *offer.problems),
        reservation_id=held.id,
        starts=instant(held.starts),
        ends=instant(held.ends),
        notes=reservation_notes(held),
    )
