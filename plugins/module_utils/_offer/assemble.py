# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was read of a region to its offers, possible and impossible ones. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import Image, image_problems
from ansible_collections.gpgpu.aws.plugins.module_utils._money.price_table import bundled_hour
from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import ROOT_FLOOR_GIB, Rate
from ansible_collections.gpgpu.aws.plugins.module_utils._money.tariff import HOURS_PER_MONTH, Price, Tariff
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.block import block_fields, block_price, short_block
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.ground import Ground, ground_problems
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.hints import refused_recently
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.quota import (
    ADDRESS_QUOTA,
    Quota,
    limit_of,
    quota_of,
    quota_problems,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import Requirement, unfit
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import Wish, disks_of

NO_QUOTA = Quota("", "", None, 0)


@dataclass(frozen=True)
class Facts:
    """What is known of a region.

    Parameters:
        machines: its types, also those that do not fit.
        zones: zones of each type; None when not read: AWS then chooses.
        on_demand: price of each type.
        spot: price of each type and zone.
        blocks: rows of DescribeCapacityBlockOfferings.
        images: image of each architecture, or why there is none.
        limits: rows of ListServiceQuotas.
        usage: (type, market, vCPU) of the account's machines.
        grounds: subnet of each zone; None when not read.
        addresses: fixed addresses of the account; None when not read.
        latency_ms: round trip; None when not known.
        refusals: recent ones, as `hints` recalls them.
    """

    region: str
    machines: Sequence[MachineType]
    tariff: Tariff
    zones: Mapping[str, Sequence[str]] | None = None
    on_demand: Mapping[str, Price] = field(default_factory=dict)
    spot: Mapping[tuple[str, str], Price] = field(default_factory=dict)
    blocks: Sequence[Mapping[str, Any]] = ()
    images: Mapping[str, Image | str] = field(default_factory=dict)
    limits: Sequence[dict[str, Any]] = ()
    usage: Sequence[tuple[str, str, int]] = ()
    grounds: Mapping[str, Ground] | None = None
    addresses: int | None = None
    latency_ms: float | None = None
    refusals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """One way to buy a machine: its zone and market, and what it costs.

    Parameters:
        price: USD per hour of compute; None when none is known.
        block: the row of a capacity block.
    """

    zone: str
    market: str
    price: Price | None
    block: Mapping[str, Any] = field(default_factory=dict)


def offers_of(facts: Facts, requirement: Requirement, wish: Wish) -> Iterator[Offer]:
    """All offers of a region; what stands against one is in its problems."""
    for machine in facts.machines:
        reasons = unfit(machine, requirement)
        if reasons:
            yield _hopeless(facts, machine, requirement, wish, reasons)
            continue
        for market in requirement.markets:
            for way in _ways(facts, machine, market, requirement):
                yield _offer(facts, machine, way, requirement, wish)


def _hopeless(
    facts: Facts, machine: MachineType, requirement: Requirement, wish: Wish, reasons: Sequence[str]
) -> Offer:
    """A machine with the wrong hardware, at a price that shows how near it comes, and what else stands against it."""
    price = facts.on_demand.get(machine.name) or bundled_hour(machine.name, facts.region)
    found = facts.images.get(machine.architecture)
    rate = _rate(price, facts, found if isinstance(found, Image) else None, wish)
    quota = quota_of(machine.name, "on-demand", facts.limits, facts.usage)
    return Offer(
        machine=machine,
        region=facts.region,
        zone="",
        market="on-demand",
        rate=rate,
        image=None,
        latency_ms=facts.latency_ms,
        placement_score=None,
        refused_recently=False,
        quota=NO_QUOTA,
        problems=(
            *reasons,
            *_image_problems(found, machine, wish),
            *_money_problems(rate, facts.tariff, requirement, wish),
            *quota_problems(quota, machine.vcpu * requirement.count, _machines(machine, requirement)),
        ),
        price_source=price.source if price else "",
        price_date=price.date if price else "",
    )


def _ways(facts: Facts, machine: MachineType, market: str, requirement: Requirement) -> Iterator[Way]:
    """The zones of a machine in a market, with prices; one way without a zone when there is none."""
    if market == "capacity-block" and market in machine.markets:
        yield from _block_ways(facts, machine, requirement)
        return
    zones: Sequence[str] = [""] if facts.zones is None else facts.zones.get(machine.name, ())
    named = [zone for zone in requirement.zones if zone.startswith(facts.region)]
    if facts.zones is None and named:
        zones = named
    wanted = [zone for zone in zones if not requirement.zones or zone in requirement.zones]
    for zone in (wanted if market in machine.markets else []) or [""]:
        yield Way(zone, market, _price(facts, machine, market, zone))


def _price(facts: Facts, machine: MachineType, market: str, zone: str) -> Price | None:
    """Where AWS chooses the zone, the dearest spot price of the region counts."""
    if market == "on-demand":
        return facts.on_demand.get(machine.name)
    spot = [price for (name, where), price in facts.spot.items() if name == machine.name and zone in ("", where)]
    return max(spot, key=lambda price: price.usd, default=None)


def _block_ways(facts: Facts, machine: MachineType, requirement: Requirement) -> Iterator[Way]:
    """The blocks on offer in the wanted zones; one way without a block when there is none."""
    rows = [row for row in facts.blocks if row["InstanceType"] == machine.name]
    zones = [zone for zone in requirement.zones if zone.startswith(facts.region)]
    wanted = [row for row in rows if not zones or row.get("AvailabilityZone", "") in zones]
    for row in wanted:
        price = block_price(row, requirement.lease_hours, requirement.count)
        yield Way(row.get("AvailabilityZone", ""), "capacity-block", price, row)
    if not wanted:
        yield Way("", "capacity-block", None)


def _offer(facts: Facts, machine: MachineType, way: Way, requirement: Requirement, wish: Wish) -> Offer:
    found = facts.images.get(machine.architecture)
    image = found if isinstance(found, Image) else None
    quota = quota_of(machine.name, way.market, facts.limits, facts.usage)
    rate = _rate(way.price, facts, image, wish)
    ground = (facts.grounds or {}).get(way.zone)
    return Offer(
        machine=machine,
        region=facts.region,
        zone=way.zone,
        market=way.market,
        rate=rate,
        image=image,
        latency_ms=facts.latency_ms,
        placement_score=None,
        refused_recently=refused_recently(facts.refusals, machine.name, facts.region, way.zone, way.market),
        quota=quota,
        problems=(
            *_sale_problems(facts, machine, way, requirement),
            *_image_problems(found, machine, wish),
            *_money_problems(rate, facts.tariff, requirement, wish),
            *quota_problems(quota, machine.vcpu * requirement.count, _machines(machine, requirement)),
            *ground_problems(facts.grounds, way.zone, wish.public_address or wish.fixed_address),
            *_address_problems(facts, requirement, wish),
        ),
        price_source=way.price.source if way.price else "",
        price_date=way.price.date if way.price else "",
        default_subnet=ground.subnet_id if ground else "",
        **block_fields(way.block),
    )


def _rate(price: Price | None, facts: Facts, image: Image | None, wish: Wish) -> Rate | None:
    if price is None:
        return None
    disks = disks_of(wish, image.root_gib if image else 0, ROOT_FLOOR_GIB)
    address = facts.tariff.address_hour.usd
    return Rate(
        compute=price.usd,
        disks=facts.tariff.disks_hour(disks),
        address=address if wish.public_address or wish.fixed_address else 0.0,
        idle=address if wish.fixed_address else 0.0,
    )


def _machines(machine: MachineType, requirement: Requirement) -> str:
    return "one machine" if requirement.count == 1 else f"a run of {requirement.count} x {machine.name}"


def _sale_problems(facts: Facts, machine: MachineType, way: Way, requirement: Requirement) -> list[str]:
    """Why AWS does not sell it in this way."""
    where = way.zone or facts.region
    if way.market not in machine.markets:
        return [f"{machine.name} is not sold as {way.market}: choose another market with gpu_markets."]
    if way.market == "capacity-block":
        none = f"No capacity block of {machine.name} is on offer in {facts.region} for {requirement.lease_hours:g} h"
        return (
            short_block(way.block, requirement.lease_hours)
            if way.block
            else [f"{none}: add another market to gpu_markets, or another region."]
        )
    if facts.zones is not None and not way.zone:
        zones = facts.zones.get(machine.name, ())
        elsewhere = f"it is in {', '.join(zones)}" if zones else "it is in no zone of the region"
        return [f"{machine.name} is not offered in {' or '.join(requirement.zones) or facts.region}: {elsewhere}."]
    if way.price is None:
        return [
            f"No {way.market} price could be read for {machine.name} in {where}: try another market, zone or region."
        ]
    return []


def _image_problems(found: Image | str | None, machine: MachineType, wish: Wish) -> list[str]:
    if not isinstance(found, Image):
        return [found] if found else []
    problems = image_problems(found, machine)
    if wish.root_volume_gib and wish.root_volume_gib < found.root_gib:
        problems.append(
            f"The image needs a root disk of {found.root_gib} GiB and {wish.root_volume_gib} were asked for: "
            "raise gpu_root_volume_gib."
        )
    return problems


def once_usd(tariff: Tariff, wish: Wish, lease_hours: float) -> float:
    """USD of the whole run besides its machines: traffic, and snapshots while the lease lasts."""
    snapshots = tariff.snapshot_gib_month.usd * wish.snapshot_gib * lease_hours / HOURS_PER_MONTH
    return tariff.traffic_gib.usd * wish.traffic_gib + snapshots


def _money_problems(rate: Rate | None, tariff: Tariff, requirement: Requirement, wish: Wish) -> list[str]:
    if rate is None:
        return []
    found = []
    if requirement.max_hourly_usd and rate.running > requirement.max_hourly_usd:
        found.append(
            f"One machine costs ${rate.running:.4f}/h, above the ceiling of ${requirement.max_hourly_usd:.4f}/h: "
            "raise gpu_max_hourly_usd or choose a cheaper type, market or region."
        )
    once = once_usd(tariff, wish, requirement.lease_hours)
    whole = rate.running * requirement.count * requirement.lease_hours + once
    if requirement.budget_usd and whole > requirement.budget_usd:
        found.append(
            f"The run costs ${whole:.2f} for {requirement.lease_hours:g} h, above the budget of "
            f"${requirement.budget_usd:.2f}: {_within_budget(rate, once, requirement)}raise gpu_budget_usd."
        )
    return found


def _within_budget(rate: Rate, once: float, requirement: Requirement) -> str:
    """The longest lease that the budget pays for, rounded down, so that asking for it is not refused again."""
    hours = (requirement.budget_usd - once) / (rate.running * requirement.count)
    tenths = floor(hours * 10)
    return f"it would pay for {tenths / 10:g} h (gpu_lease_hours), or " if tenths > 0 else ""


def _address_problems(facts: Facts, requirement: Requirement, wish: Wish) -> list[str]:
    limit = limit_of(ADDRESS_QUOTA, facts.limits)
    if not wish.fixed_address or facts.addresses is None or limit is None:
        return []
    room = max(0, int(limit) - facts.addresses)
    if room >= requirement.count:
        return []
    return [
        f"The quota of fixed addresses ({ADDRESS_QUOTA}) in {facts.region} has room for {room} and {requirement.count} "
        "are wanted: release some, ask for more at https://console.aws.amazon.com/servicequotas, or set "
        "gpu_fixed_address to false."
    ]
