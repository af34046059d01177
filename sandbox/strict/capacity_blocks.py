# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Capacity blocks: offerings, their purchase, and the reservations behind them.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-how.html and
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeCapacityBlockOfferings.html
Of each wish the sandbox offers a block that begins at once and one that begins in a day, for the on-demand price.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sandbox.answers import AwsError
from sandbox.clock import CLOCK
from sandbox.services import price_table
from sandbox.strict.capacity_reservations import as_time
from sandbox.strict.reservations import Reservation, keep, new_id, reservations
from sandbox.strict.rule import Ec2Call, Proceed, Rule
from sandbox.strict.stock import STOCK
from sandbox.strict.tags import check_specifications, specified
from sandbox.strict.zones import zones_with

DAY = 24
LONGEST_IN_DAYS = 14 * DAY
WEEK = 7 * DAY
LONGEST = 182 * DAY
MOST_MACHINES = 64
MARKET = "capacity-block"
PRICE_WITHOUT_ON_DEMAND = 100.0

Offering = dict[str, Any]
_offered: dict[str, Offering] = {}


def describe_offerings(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer DescribeCapacityBlockOfferings."""
    hours, count, name = _duration(call), int(call.param("InstanceCount", 1)), call.param("InstanceType")
    if not 1 <= count <= MOST_MACHINES:
        raise AwsError("InvalidParameterValue", f"InstanceCount must be between 1 and {MOST_MACHINES}.")
    _check_type(call, name)
    call.stop_if_dry_run()
    first, last = as_time(call.param("StartDateRange")), as_time(call.param("EndDateRange"))
    now = CLOCK.now().replace(microsecond=0)
    starts = [start for start in (now, now + timedelta(days=1)) if (first is None or start >= first)]
    found = [
        _offer(call, zone, hours, count, start)
        for zone in zones_with(call.region, name)
        if STOCK.left((name, zone, MARKET)) >= count
        for start in starts
        if last is None or start + timedelta(hours=hours) <= last
    ]
    return {"CapacityBlockOfferings": found}


def _duration(call: Ec2Call) -> int:
    hours = int(call.param("CapacityDurationHours", 0))
    step = DAY if hours <= LONGEST_IN_DAYS else WEEK
    if not DAY <= hours <= LONGEST or hours % step:
        raise AwsError(
            "InvalidParameterValue",
            f"CapacityDurationHours ({hours}) must be in steps of 1 day up to 14 days, then of 7 days up to 182 days.",
        )
    return hours


def _check_type(call: Ec2Call, name: str | None) -> None:
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    details = INSTANCE_TYPES.get(name or "", {})
    if MARKET not in details.get("SupportedUsageClasses", ()) or not zones_with(call.region, str(name)):
        raise AwsError("InvalidParameterValue", f"Capacity Blocks are not supported for instance type '{name}'.")


def _offer(call: Ec2Call, zone: str, hours: int, count: int, start: datetime) -> Offering:
    name = call.param("InstanceType")
    # Types that are sold by the block alone have no on-demand price.
    hourly = price_table.on_demand(name, call.region) or PRICE_WITHOUT_ON_DEMAND
    offering = {
        "CapacityBlockOfferingId": new_id("cbr"),
        "InstanceType": name,
        "AvailabilityZone": zone,
        "InstanceCount": count,
        "StartDate": start,
        "EndDate": start + timedelta(hours=hours),
        "CapacityBlockDurationHours": hours,
        "CapacityBlockDurationMinutes": hours * 60,
        "UpfrontFee": f"{hourly * hours * count:.4f}",
        "CurrencyCode": "USD",
        "Tenancy": "default",
    }
    _offered[f"{call.region}/{offering['CapacityBlockOfferingId']}"] = offering
    return offering


def purchase(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer PurchaseCapacityBlock: the fee is due at once, and there is no way back."""
    id = call.param("CapacityBlockOfferingId", "")
    check_specifications(call.param("TagSpecifications", []), ("capacity-reservation", "capacity-block"))
    if not id.startswith("cbr-"):
        raise AwsError("InvalidCapacityBlockOfferingIdMalformed", f"The Capacity Block offering ID {id} is malformed.")
    offering = _offered.get(f"{call.region}/{id}")
    if offering is None:
        raise AwsError("InvalidCapacityBlockOfferingIdNotFound", f"The Capacity Block offering ID {id} is not found.")
    call.stop_if_dry_run()
    if offering.get("Sold"):
        raise AwsError("InvalidCapacityBlockOfferingIdExpired", f"The Capacity Block offering {id} is gone.")
    offering["Sold"] = True
    made = _bought(call, offering)
    keep(made)
    for kind, owner in (("capacity-reservation", made.id), ("capacity-block", made.capacity_block_id)):
        call.backend.create_tags([owner], specified(call.param("TagSpecifications", []), kind))
    return {"CapacityReservation": made, "CapacityReservations": [made], "CapacityBlocks": [_block(made)]}


def _bought(call: Ec2Call, offering: Offering) -> Reservation:
    return Reservation(
        ec2_backend=call.backend,
        id=new_id("cr"),
        instance_type=offering["InstanceType"],
        availability_zone=offering["AvailabilityZone"],
        total_instance_count=offering["InstanceCount"],
        instance_platform=call.param("InstancePlatform"),
        start_date=offering["StartDate"],
        end_date=offering["EndDate"],
        instance_match_criteria="targeted",
        reservation_type=MARKET,
        capacity_block_id=new_id("cb"),
    )


def _block(row: Reservation) -> dict[str, Any]:
    return {
        "CapacityBlockId": row.capacity_block_id,
        "AvailabilityZone": row.availability_zone,
        "CapacityReservationIds": [row.id],
        "StartDate": row.start_date,
        "EndDate": row.end_date,
        "CreateDate": row.create_date,
        "State": row.state,
    }


def describe(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer DescribeCapacityBlocks."""
    call.stop_if_dry_run()
    ids = call.param("CapacityBlockIds", [])
    rows = [row for row in reservations(call.region) if row.capacity_block_id]
    return {"CapacityBlocks": [_block(row) for row in rows if not ids or row.capacity_block_id in ids]}


RULES: dict[str, Rule] = {
    "DescribeCapacityBlockOfferings": describe_offerings,
    "PurchaseCapacityBlock": purchase,
    "DescribeCapacityBlocks": describe,
}
