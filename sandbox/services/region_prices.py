# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a region changes in a price: its usage prefix, its level, its disks and its traffic.

Usage prefixes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html
Figures of a region are those of public price list rows seen in 2026: g5, g6 and g4dn in eu-central-1 (all 1.25 times
us-east-1), g5.2xlarge in eu-west-1, g4dn.16xlarge in ap-southeast-2, g5.12xlarge and gp3 in ap-northeast-1, gp3 in
eu-central-1 and sa-east-1, traffic of eu-west-1, ap-northeast-1 and sa-east-1. AWS has a level per family, not per
region, so one number here is right for those types and near for the others; P types of eu-west-1 are at 1.08.
Regions and figures that are not named are stand-ins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STAND_IN = 1.2


@dataclass(frozen=True)
class RegionPrices:
    """How one region differs from us-east-1."""

    prefix: str
    """Before its usage types, with the dash; us-east-1 has none for what is older than its prefix."""
    compute: float = STAND_IN
    """Price of a machine over that of us-east-1."""
    gp3_gb_month: float = 0.08 * STAND_IN
    """USD per GB and month; IOPS and throughput stand in the same ratio to us-east-1 (seen: ap-northeast-1)."""
    traffic_gb: float = 0.12
    """USD per GB out to the internet, first 10 TB of a month."""


_US = {"compute": 1.0, "gp3_gb_month": 0.08, "traffic_gb": 0.09}

REGIONS: Mapping[str, RegionPrices] = {
    "us-east-1": RegionPrices("", **_US),
    "us-east-2": RegionPrices("USE2-", **_US),
    "us-west-1": RegionPrices("USW1-", traffic_gb=0.09),
    "us-west-2": RegionPrices("USW2-", **_US),
    "ca-central-1": RegionPrices("CAN1-", traffic_gb=0.09),
    "sa-east-1": RegionPrices("SAE1-", gp3_gb_month=0.152, traffic_gb=0.15),
    "eu-central-1": RegionPrices("EUC1-", 1.2505, 0.0952, 0.09),
    "eu-west-1": RegionPrices("EU-", 1.1163, traffic_gb=0.09),
    "eu-west-2": RegionPrices("EUW2-", traffic_gb=0.09),
    "eu-west-3": RegionPrices("EUW3-", traffic_gb=0.09),
    "eu-north-1": RegionPrices("EUN1-", traffic_gb=0.09),
    "ap-south-1": RegionPrices("APS3-"),
    "ap-southeast-1": RegionPrices("APS1-"),
    "ap-southeast-2": RegionPrices("APS2-", 1.3003),
    "ap-northeast-1": RegionPrices("APN1-", 1.4503, 0.096, 0.114),
    "ap-northeast-2": RegionPrices("APN2-"),
    "ap-northeast-3": RegionPrices("APN3-"),
    "ap-east-1": RegionPrices("APE1-"),
    "ap-south-2": RegionPrices("APS5-"),
    "ap-southeast-3": RegionPrices("APS4-"),
    "ap-southeast-4": RegionPrices("APS6-"),
    "ap-southeast-5": RegionPrices("APS7-"),
    "af-south-1": RegionPrices("AFS1-"),
    "ca-west-1": RegionPrices("CAN2-"),
    "eu-central-2": RegionPrices("EUC2-"),
    "eu-south-1": RegionPrices("EUS1-"),
    "eu-south-2": RegionPrices("EUS2-"),
    "il-central-1": RegionPrices("ILC1-"),
    "me-central-1": RegionPrices("MEC1-"),
    "me-south-1": RegionPrices("MES1-"),
    "mx-central-1": RegionPrices("MXC1-"),
}

# USD in us-east-1 per IOPS-month, per MiB/s-month (both above what is free) and per GB-month of a snapshot, kept or
# archived (https://aws.amazon.com/ebs/pricing/). Snapshots cost the same in ap-northeast-1; elsewhere a stand-in.
GP3_IOPS_MONTH = 0.005
GP3_THROUGHPUT_MONTH = 0.04
SNAPSHOT_GB_MONTH = 0.05
SNAPSHOT_ARCHIVE_GB_MONTH = 0.0125

# USD per hour of each public IPv4 address, used or idle, in every region
# (https://aws.amazon.com/blogs/aws/new-aws-public-ipv4-address-charge-public-ip-insights/),
# and of one out of a contiguous block.
PUBLIC_IPV4_HOUR = 0.005
CONTIGUOUS_IPV4_HOUR = 0.008

# From which GB of a month on, and the price over that of the first tier (eu-west-1: 0.09, 0.085, 0.07, 0.05).
TRAFFIC_TIERS = ((0, 1.0), (10240, 0.085 / 0.09), (51200, 0.07 / 0.09), (153600, 0.05 / 0.09))

# GB of a month that are free over all regions (https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer).
FREE_TRAFFIC_GB = 100


def of(region: str) -> RegionPrices:
    """Return the prices of a region; one without a row has stand-ins throughout."""
    return REGIONS.get(region, RegionPrices(f"{region.upper()}-"))
