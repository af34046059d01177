# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Offers, requirements and facts of a region as tests need them, with what a test changes given by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._money.price_table import bundled_tariff
from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import Rate
from ansible_collections.gpgpu.aws.plugins.module_utils._money.tariff import Price
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.assemble import Facts
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.ground import Ground
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.quota import Quota
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import Requirement

from tests.unit.fakes.rows import image, machine

ROOMY = Quota("L-DB2E81BA", "Running On-Demand G and VT instances", 64.0, 0)
LISTED = Price(1.0, "price list", "2026-11-01")
L4 = machine(name="g6.xlarge", gpu_name="NVIDIA L4", gpu_memory_mib=22888)
A10G_BY_FOUR = machine(
    name="g5.12xlarge", vcpu=48, memory_mib=196608, gpu_name="NVIDIA A10G", gpu_count=4, gpu_memory_mib=22888
)
EIGHTH = machine(
    name="g6f.large", vcpu=2, memory_mib=8192, gpu_name="NVIDIA L4", gpu_memory_mib=2861, gpu_fraction=0.125
)
H100 = machine(
    name="p5.48xlarge",
    vcpu=192,
    memory_mib=2097152,
    gpu_name="NVIDIA H100",
    gpu_count=8,
    gpu_memory_mib=81920,
    markets=("on-demand", "spot", "capacity-block"),
)
_OFFER = Offer(
    machine=machine(),
    region="us-west-2",
    zone="us-west-2a",
    market="on-demand",
    rate=Rate(compute=1.0, disks=0.01, address=0.005),
    image=image(),
    latency_ms=None,
    placement_score=None,
    refused_recently=False,
    quota=ROOMY,
    problems=(),
    price_source="price list",
    price_date="2026-11-01",
)


def offer(usd: float | None = 1.0, **changes: Any) -> Offer:
    """An offer that can be had; `usd` is what its compute costs per hour."""
    rate = None if usd is None else Rate(compute=usd, disks=0.01, address=0.005)
    return replace(_OFFER, **{"rate": rate, **changes})


def requirement(**changes: Any) -> Requirement:
    """Anything, on demand, for eight hours."""
    return Requirement(**{"regions": ("us-west-2",), **changes})


def facts(*machines: MachineType, **changes: Any) -> Facts:
    """A region with machines in two zones, at a dollar an hour, in which everything could be read."""
    kinds = machines or (machine(),)
    names = [kind.name for kind in kinds]
    zones = ["us-west-2a", "us-west-2b"]
    known = Facts(
        region="us-west-2",
        machines=kinds,
        tariff=bundled_tariff("us-west-2"),
        zones=dict.fromkeys(names, zones),
        on_demand=dict.fromkeys(names, LISTED),
        spot={
            (name, zone): Price(0.3 + 0.1 * n, "spot history", "now") for name in names for n, zone in enumerate(zones)
        },
        images={"x86_64": image(), "arm64": image(architecture="arm64")},
        limits=[{"QuotaCode": "L-DB2E81BA", "QuotaName": "Running On-Demand G and VT instances", "Value": 64.0}],
        grounds={zone: Ground(f"subnet-{zone[-1]}", zone, f"usw2-az{n}", True) for n, zone in enumerate(zones, 1)},
    )
    return replace(known, **changes)
