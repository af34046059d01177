# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's prices: a dated copy of public list prices, good for tests and worth nothing on a bill.

On-demand Linux prices are those of AWS's public price list for us-east-1
(https://aws.amazon.com/ec2/pricing/on-demand/), seen between 2026-01-19 and 2026-07-20.
Types without a row have no on-demand price there or none that was seen.
"""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.services import region_prices

AS_OF = "2026-07-20T00:00:00Z"

# USD per hour in us-east-1.
ON_DEMAND: Mapping[str, float] = {
    "g4dn.xlarge": 0.526,
    "g4dn.2xlarge": 0.752,
    "g4dn.4xlarge": 1.204,
    "g4dn.8xlarge": 2.176,
    "g4dn.12xlarge": 3.912,
    "g4dn.16xlarge": 4.352,
    "g4dn.metal": 7.824,
    "g5.xlarge": 1.006,
    "g5.2xlarge": 1.212,
    "g5.4xlarge": 1.624,
    "g5.8xlarge": 2.448,
    "g5.12xlarge": 5.672,
    "g5.16xlarge": 4.096,
    "g5.24xlarge": 8.144,
    "g5.48xlarge": 16.288,
    "g5g.xlarge": 0.42,
    "g5g.2xlarge": 0.556,
    "g5g.4xlarge": 0.828,
    "g5g.8xlarge": 1.372,
    "g5g.16xlarge": 2.744,
    "g5g.metal": 2.744,
    "g6.xlarge": 0.8048,
    "g6.2xlarge": 0.9776,
    "g6.4xlarge": 1.3232,
    "g6.8xlarge": 2.0144,
    "g6.12xlarge": 4.6016,
    "g6.16xlarge": 3.3968,
    "g6.24xlarge": 6.6752,
    "g6.48xlarge": 13.3504,
    "gr6.4xlarge": 1.5392,
    "gr6.8xlarge": 2.4464,
    "g6f.large": 0.202,
    "g6f.xlarge": 0.2375,
    "g6f.2xlarge": 0.475,
    "g6f.4xlarge": 0.95,
    "gr6f.4xlarge": 1.066,
    "g6e.xlarge": 1.861,
    "g6e.2xlarge": 2.24208,
    "g6e.4xlarge": 3.00424,
    "g6e.8xlarge": 4.52856,
    "g6e.12xlarge": 10.49264,
    "g6e.16xlarge": 7.57719,
    "g6e.24xlarge": 15.06559,
    "g6e.48xlarge": 30.13118,
    "g7.2xlarge": 2.52,
    "g7e.2xlarge": 3.363,
    "p3dn.24xlarge": 31.212,
    "p4d.24xlarge": 21.958,
    "p4de.24xlarge": 27.447,
    "p5.4xlarge": 6.88,
    "p5.48xlarge": 55.04,
    "p5en.48xlarge": 63.296,
    "p6-b200.48xlarge": 113.93,
    "p6-b300.48xlarge": 142.42,
    "t3.micro": 0.0104,
    "t3.medium": 0.0416,
    "m5.large": 0.096,
    "c5.xlarge": 0.17,
}

# A Windows machine costs this more per vCPU and hour, in every region; the T families less. Seen as the
# difference of the Windows and the Linux row of m5.xlarge and t3.medium (us-east-1, 2026-09).
WINDOWS_VCPU_HOUR = 0.046
WINDOWS_VCPU_HOUR_BURSTABLE = 0.0092


def on_demand(instance_type: str, region: str) -> float | None:
    """Return the on-demand Linux price in USD per hour, or None where the list has none."""
    price = ON_DEMAND.get(instance_type)
    return None if price is None else round(price * region_prices.of(region).compute, 5)


def windows_licence(instance_type: str, vcpus: int) -> float:
    """Return what Windows adds to the Linux price, in USD per hour."""
    return round(vcpus * (WINDOWS_VCPU_HOUR_BURSTABLE if instance_type.startswith("t") else WINDOWS_VCPU_HOUR), 5)
