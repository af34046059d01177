# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Offers: the ways to get the wanted machine, what each costs, and what stands against each. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import Image
from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import Rate
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.gpu_model import gpu_words, nominal_gib
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.quota import Quota


@dataclass(frozen=True)
class Offer:
    """One instance type in one zone and market.

    Parameters:
        zone: availability zone; empty when AWS chooses.
        rate: USD per hour of one machine; None when no price is known.
        image: what it would start; None when none could be read.
        latency_ms: round trip to its region; None when it is not known.
        placement_score: AWS's own guess from 1 to 10 that a spot request succeeds; None when it is not known.
        refused_recently: AWS had no such machine some minutes ago.
        quota: the bucket of vCPUs that it counts against.
        problems: why it can't be had now, each a sentence with its fix.
        price_source: where the price of the machine is from.
        price_date: the day or instant of that price, as its source writes it.
        default_subnet: the subnet that it would stand in; empty when it is not known.
        block_id: the capacity block to buy; empty in other markets.
        starts: when that block begins, UTC.
        ends: when it ends, UTC.
        upfront_usd: USD for it, of all machines together, due when it is bought; part of the rate until then.
        reservation_id: the capacity reservation that holds the machines; empty for machines that AWS must have.
        notes: what a person must know who takes it, each a sentence.
        reasons: what speaks for its place in the ranking, each a few words.
    """

    machine: MachineType
    region: str
    zone: str
    market: str
    rate: Rate | None
    image: Image | None
    latency_ms: float | None
    placement_score: int | None
    refused_recently: bool
    quota: Quota
    problems: tuple[str, ...]
    price_source: str
    price_date: str
    default_subnet: str = ""
    block_id: str = ""
    starts: str = ""
    ends: str = ""
    upfront_usd: float = 0.0
    reservation_id: str = ""
    notes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    def lease_usd(self, lease_hours: float, count: int) -> float | None:
        """USD of all machines for the whole lease; None when no price is known."""
        return None if self.rate is None else round(self.rate.running * lease_hours * count, 4)

    def as_result(self, lease_hours: float, count: int) -> dict[str, Any]:
        """The offer as plain data for a module's result.

        Parameters:
            lease_hours: hours of the lease.
            count: machines.
        """
        machine, rate = self.machine, self.rate
        return {
            "instance_type": machine.name,
            "region": self.region,
            "zone": self.zone,
            "market": self.market,
            "usd_per_hour": None if rate is None else round(rate.compute, 6),
            "bill_usd_per_hour": None if rate is None else round(rate.running, 6),
            "usd_for_lease": self.lease_usd(lease_hours, count),
            "gpu": gpu_words(machine),
            "gpu_name": machine.gpu_name,
            "gpu_count": machine.gpu_count,
            "gpu_memory_mib": machine.gpu_memory_mib,
            "vram_gib": nominal_gib(machine.gpu_memory_mib),
            "vcpus": machine.vcpu,
            "ram_gib": round(machine.memory_mib / 1024, 2),
            "architecture": machine.architecture,
            "image_id": self.image.image_id if self.image else "",
            "latency_ms": self.latency_ms,
            "placement_score": self.placement_score,
            "refused_recently": self.refused_recently,
            "quota_code": self.quota.code,
            "vcpu_room": self.quota.room,
            "price_source": self.price_source,
            "price_date": self.price_date,
            "default_subnet": self.default_subnet,
            "block_id": self.block_id,
            "starts": self.starts,
            "ends": self.ends,
            "upfront_usd": round(self.upfront_usd, 2),
            "problems": list(self.problems),
            "reasons": list(self.reasons),
        }
