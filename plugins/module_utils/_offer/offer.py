# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Offers: every way to get a machine, with its price and what stands against it. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.quota import Quota


@dataclass(frozen=True)
class Offer:
    """One instance type in one zone and market.

    Parameters:
        usd_per_hour: price of one machine; None when none could be read.
        bill_usd_per_hour: the same with its disk and public address.
        vcpu_room: vCPUs left in the quota; None when it could not be read.
        problems: why it can't be had now, each a sentence.
    """

    instance_type: str
    region: str
    zone: str
    market: str
    usd_per_hour: float | None
    bill_usd_per_hour: float | None
    gpu_name: str
    gpu_count: int
    gpu_memory_mib: int
    vcpu: int
    quota_code: str
    vcpu_room: float | None
    problems: tuple[str, ...] = ()

    def as_result(self, lease_hours: float) -> dict[str, Any]:
        """The offer as plain data for a module's result, with the bill of a full lease."""
        bill = self.bill_usd_per_hour
        lease = None if bill is None else round(bill * lease_hours, 4)
        return {**asdict(self), "problems": list(self.problems), "usd_for_lease": lease}


def make_offer(
    machine: MachineType, *, zone: str, region: str, market: str, price: float | None, extras: float, quota: Quota
) -> Offer:
    """One offer with its problems.

    Parameters:
        price: USD per hour; None when none could be read.
        extras: USD per hour of its disk and public address.
    """
    problems = []
    if market not in machine.markets:
        problems.append(f"{machine.name} is not sold as {market}.")
    if price is None:
        problems.append(f"No {market} price could be read for {machine.name} in {zone}.")
    if quota.room is not None and quota.room < machine.vcpu:
        problems.append(
            f"Quota {quota.code} ({quota.name}) has room for {quota.room:g} vCPU and one machine needs {machine.vcpu}: "
            "ask for more at https://console.aws.amazon.com/servicequotas."
        )
    return Offer(
        instance_type=machine.name,
        region=region,
        zone=zone,
        market=market,
        usd_per_hour=price,
        bill_usd_per_hour=None if price is None else round(price + extras, 6),
        gpu_name=machine.gpu_name,
        gpu_count=machine.gpu_count,
        gpu_memory_mib=machine.gpu_memory_mib,
        vcpu=machine.vcpu,
        quota_code=quota.code,
        vcpu_room=quota.room,
        problems=tuple(problems),
    )


def rank(offers: list[Offer]) -> list[Offer]:
    """Offers that can be had first, the cheapest of them first; ties by name so that the order is stable."""
    return sorted(
        offers,
        key=lambda offer: (
            bool(offer.problems),
            float("inf") if offer.usd_per_hour is None else offer.usd_per_hour,
            offer.region,
            offer.instance_type,
            offer.market,
            offer.zone,
        ),
    )
