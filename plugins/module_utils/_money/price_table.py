# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prices to fall back on when AWS's own can't be read: a dated copy, good for an estimate. Pure.

On-demand Linux prices of us-east-1 are those of https://aws.amazon.com/ec2/pricing/on-demand/ as of TABLE_DATE; other
regions are estimated by a factor and say so. The other prices: https://aws.amazon.com/ebs/pricing/ ,
https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer and
https://aws.amazon.com/blogs/aws/new-aws-public-ipv4-address-charge-public-ip-insights/ .
"""

from __future__ import annotations

from ansible_collections.gpgpu.aws.plugins.module_utils._money.tariff import Price, Tariff

TABLE_DATE = "2026-07-20"
BUNDLED = "bundled table"

# USD per hour in us-east-1.
ON_DEMAND_HOUR: dict[str, float] = {
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
}
# Price of a region over that of us-east-1, seen for the same types in 2026; elsewhere the dearest of them, so that an
# estimate errs upwards.
REGION_FACTOR: dict[str, float] = {"us-east-1": 1.0, "us-east-2": 1.0, "us-west-2": 1.0, "ap-northeast-1": 1.4503}
FACTOR_ELSEWHERE = max(REGION_FACTOR.values())
# USD per GB-month of gp3.
DISK_GB_MONTH: dict[str, float] = {
    "us-east-1": 0.08,
    "us-east-2": 0.08,
    "us-west-2": 0.08,
    "eu-west-1": 0.088,
    "ap-northeast-1": 0.096,
}
DISK_ELSEWHERE = max(DISK_GB_MONTH.values())
# USD per month of what goes beyond gp3's free 3000 IOPS and 125 MiB/s, us-east-1.
IOPS_MONTH = 0.005
MIBPS_MONTH = 0.04
SNAPSHOT_GB_MONTH = 0.05
ADDRESS_HOUR = 0.005
# USD per GB sent to the internet beyond the free 100 GB a month.
TRAFFIC_GB: dict[str, float] = {"us-east-1": 0.09, "us-east-2": 0.09, "us-west-2": 0.09, "ap-northeast-1": 0.114}
TRAFFIC_ELSEWHERE = max(TRAFFIC_GB.values())


def bundled_hour(instance_type: str, region: str) -> Price | None:
    """The on-demand price of a type in USD per hour; None when the table lacks the type."""
    usd = ON_DEMAND_HOUR.get(instance_type)
    if usd is None:
        return None
    source = BUNDLED if region == "us-east-1" else f"{BUNDLED}, estimated from us-east-1"
    return Price(round(usd * REGION_FACTOR.get(region, FACTOR_ELSEWHERE), 6), source, TABLE_DATE)


def bundled_tariff(region: str) -> Tariff:
    """The prices of a region for what goes with a machine."""

    def price(usd: float) -> Price:
        return Price(usd, BUNDLED, TABLE_DATE)

    return Tariff(
        disk_gib_month=price(DISK_GB_MONTH.get(region, DISK_ELSEWHERE)),
        iops_month=price(IOPS_MONTH),
        mibps_month=price(MIBPS_MONTH),
        snapshot_gib_month=price(SNAPSHOT_GB_MONTH),
        address_hour=price(ADDRESS_HOUR),
        traffic_gib=price(TRAFFIC_GB.get(region, TRAFFIC_ELSEWHERE)),
    )
