# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Capacity blocks on offer: how long they must be, what an hour of them costs, when they serve a lease. Pure.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-how.html
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._money.tariff import Price

Row = Mapping[str, Any]

MARKET = "capacity-block"
OFFERINGS = "capacity block offerings"
FORM = "%Y-%m-%dT%H:%MZ"
DAY_HOURS = 24
DAYS_OF_ONE_STEP = 14
WEEK_DAYS = 7
# EC2 begins to end the machines of a block before the block itself ends.
# https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks.html
DRAIN = timedelta(minutes=30)


def block_hours(lease_hours: float) -> int:
    """Hours of a block that serves a lease: whole days, and from two weeks on whole weeks."""
    days = math.ceil((lease_hours * 3600 + DRAIN.total_seconds()) / 3600 / DAY_HOURS)
    return DAY_HOURS * (days if days <= DAYS_OF_ONE_STEP else math.ceil(days / WEEK_DAYS) * WEEK_DAYS)


def block_price(row: Row, lease_hours: float, count: int) -> Price:
    """A block is paid for whole and at once, so its hour is its fee over the hours of the lease.

    Parameters:
        row: of DescribeCapacityBlockOfferings.
        count: machines, where the row does not say.
    """
    hours = lease_hours * int(row.get("InstanceCount", count))
    return Price(float(row["UpfrontFee"]) / hours, OFFERINGS, instant(row.get("StartDate")))


def block_fields(row: Row) -> dict[str, Any]:
    """The fields of an offer that only a block has; none without a block."""
    if not row:
        return {}
    return {
        "block_id": str(row.get("CapacityBlockOfferingId", "")),
        "starts": instant(row.get("StartDate")),
        "ends": instant(row.get("EndDate")),
        "upfront_usd": float(row["UpfrontFee"]),
    }


def short_block(row: Row, lease_hours: float) -> list[str]:
    """The problem of a block that ends before the lease: one that begins at once ends at a fixed time of the day.

    Blocks end at 11:30 UTC: https://github.com/aws/aws-parallelcluster/pull/7532
    """
    start, end = row.get("StartDate"), row.get("EndDate")
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return []
    hours = (end - DRAIN - start).total_seconds() / 3600
    if hours >= lease_hours:
        return []
    return [
        f"The capacity block of {row['InstanceType']} from {instant(start)} serves {hours:.1f} h and not "
        f"{lease_hours:g}: set gpu_lease_hours to {math.floor(hours * 10) / 10:g}, or take another block."
    ]


def begins(starts: str) -> datetime:
    """The instant of an offer's beginning, as `instant` writes it."""
    return datetime.strptime(starts, FORM).replace(tzinfo=timezone.utc)


def instant(when: Any) -> str:
    """An instant of AWS in words, UTC, to the minute; empty where AWS tells none."""
    return when.astimezone(timezone.utc).strftime(FORM) if isinstance(when, datetime) else ""
