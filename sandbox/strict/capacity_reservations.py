# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On-demand capacity reservations: made, listed, cancelled.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-capacity-reservations.html
That a capacity block can't be cancelled is documented, the code of the refusal is not.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from sandbox.answers import AwsError
from sandbox.clock import CLOCK
from sandbox.strict.capacity import CODE, STATUS
from sandbox.strict.reservations import Reservation, find, keep, new_id, reservations
from sandbox.strict.rule import Ec2Call, Proceed, Rule
from sandbox.strict.stock import STOCK
from sandbox.strict.tags import check_specifications, specified
from sandbox.strict.zones import zones_with

ID = re.compile(r"cr-[0-9a-f]{17}")
FILTERS = {
    "instance-type": "instance_type",
    "availability-zone": "availability_zone",
    "state": "state",
    "reservation-type": "reservation_type",
    "instance-match-criteria": "instance_match_criteria",
    "end-date-type": "end_date_type",
    "capacity-reservation-id": "id",
}


def create(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer CreateCapacityReservation."""
    check_specifications(call.param("TagSpecifications", []), ("capacity-reservation",))
    made = _read(call)
    call.stop_if_dry_run()
    if STOCK.left((made.instance_type, made.availability_zone, "on-demand")) < made.total_instance_count:
        raise AwsError(CODE, f"Insufficient capacity. {made.instance_type} in {made.availability_zone}.", STATUS)
    keep(made)
    call.backend.create_tags([made.id], specified(call.param("TagSpecifications", []), "capacity-reservation"))
    return {"CapacityReservation": made}


def _read(call: Ec2Call) -> Reservation:
    zone, instance_type = _zone(call), call.param("InstanceType")
    if zone not in zones_with(call.region, instance_type):
        raise AwsError(
            "Unsupported",
            f"The requested configuration is not supported: {instance_type} in the Availability Zone {zone}.",
        )
    return Reservation(
        ec2_backend=call.backend,
        id=new_id("cr"),
        instance_type=instance_type,
        availability_zone=zone,
        total_instance_count=int(call.param("InstanceCount", 0)),
        instance_platform=call.param("InstancePlatform"),
        end_date=_end(call),
        instance_match_criteria=call.param("InstanceMatchCriteria", "open"),
        tenancy=call.param("Tenancy", "default"),
        ebs_optimized=bool(call.param("EbsOptimized", False)),
    )


def _zone(call: Ec2Call) -> str:
    name, id = call.param("AvailabilityZone"), call.param("AvailabilityZoneId")
    rows = call.backend.describe_availability_zones()
    found = next((row.name for row in rows if name == row.name or id == row.zone_id), None)
    if found is None:
        raise AwsError("InvalidParameterValue", f"Invalid availability zone: [{name or id}]")
    return str(found)


def _end(call: Ec2Call) -> datetime | None:
    kind, end = call.param("EndDateType", "unlimited"), as_time(call.param("EndDate"))
    if (kind == "limited") != (end is not None):
        raise AwsError("InvalidParameterCombination", "EndDate must be given if, and only if, EndDateType is limited.")
    if end is not None and end <= CLOCK.now():
        raise AwsError("InvalidParameterValue", "EndDate must be in the future.")
    return end


def as_time(value: Any) -> datetime | None:
    """Return a time of a request with its zone, or None where there is none."""
    if value is None:
        return None
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def describe(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer DescribeCapacityReservations; filters of FILTERS and tag:KEY."""
    call.stop_if_dry_run()
    ids = call.param("CapacityReservationIds", [])
    rows = [named(call, id) for id in ids] if ids else reservations(call.region)
    return {"CapacityReservations": [row for row in rows if _passes(row, call.filters())]}


def _passes(row: Reservation, filters: dict[str, list[str]]) -> bool:
    tags = {f"tag:{tag['Key']}": tag["Value"] for tag in row.tags}
    unknown = [name for name in filters if name not in FILTERS and not name.startswith("tag:")]
    if unknown:
        raise AwsError("InvalidParameterValue", f"The filter '{unknown[0]}' is invalid")
    values = {**{name: getattr(row, attribute) for name, attribute in FILTERS.items()}, **tags}
    return all(values.get(name) in wanted for name, wanted in filters.items())


def named(call: Ec2Call, id: str) -> Reservation:
    """Return a reservation that the call names, or raise its errors."""
    if not ID.fullmatch(id):
        raise AwsError("InvalidCapacityReservationId.Malformed", f"Invalid id: '{id}' (expecting 'cr-...')")
    found = find(call.region, id)
    if found is None:
        raise AwsError("InvalidCapacityReservationId.NotFound", f"The capacity reservation ID '{id}' does not exist")
    return found


def cancel(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer CancelCapacityReservation; machines that stand in it run on."""
    found = named(call, call.param("CapacityReservationId", ""))
    if found.reservation_type == "capacity-block":
        raise AwsError("OperationNotPermitted", f"Capacity Block {found.id} can't be cancelled.")
    if found.state not in ("active", "scheduled"):
        raise AwsError("InvalidCapacityReservationState", f"The capacity reservation {found.id} is {found.state}.")
    call.stop_if_dry_run()
    found.cancelled = True
    return {"Return": True}


RULES: dict[str, Rule] = {
    "CreateCapacityReservation": create,
    "DescribeCapacityReservations": describe,
    "CancelCapacityReservation": cancel,
}
