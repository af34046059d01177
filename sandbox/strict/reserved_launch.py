# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Launches into reserved capacity: neither quota nor stock stands in their way, only the reservation does.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-launch.html and
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-launch.html ; the words for a full or unfit
reservation and for a missing market type were seen in public trackers.
"""

from __future__ import annotations

from typing import Any

from sandbox.answers import AwsError
from sandbox.strict import zones
from sandbox.strict.capacity_blocks import MARKET
from sandbox.strict.capacity_reservations import named
from sandbox.strict.reservations import Reservation, reservations
from sandbox.strict.rule import Ec2Call, Proceed, Rule

SPECIFICATION = "CapacityReservationSpecification"
PREFERENCES = ("capacity-reservations-only", "open", "none")

FULL = AwsError(
    "ReservationCapacityExceeded",
    "The requested reservation does not have sufficient compatible and available capacity for this request.",
)


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Launch into the reservation that the request names, or into an open one that fits."""
    found = _target(call) or _open(call)
    if found is None:
        return proceed()
    call.stop_if_dry_run()
    if found.available_instance_count < int(call.param("MinCount", 1)):
        raise FULL
    zones.place(call, found.availability_zone)
    call.params["MinCount"] = min(int(call.param("MaxCount", 1)), found.available_instance_count)
    call.reserved = True
    reservation = proceed()
    for instance in reservation.instances:
        found.instances.append(instance)
        instance.capacity_reservation_id = found.id
        if found.reservation_type == MARKET:
            instance.lifecycle = MARKET
    return reservation


def _target(call: Ec2Call) -> Reservation | None:
    id = call.param(f"{SPECIFICATION}.CapacityReservationTarget.CapacityReservationId")
    market = call.param("InstanceMarketOptions.MarketType", "on-demand")
    if id is None:
        if market == MARKET:
            raise AwsError(
                "InvalidParameterCombination", "A launch into a Capacity Block must name its capacity reservation."
            )
        return None
    found = named(call, id)
    if market != (MARKET if found.reservation_type == MARKET else "on-demand"):
        raise AwsError("InvalidParameterValue", "The market type (purchasing) option is not valid.")
    _check_state(found)
    if not _fits(call, found):
        raise FULL
    return found


def _check_state(found: Reservation) -> None:
    if found.state == "scheduled":
        raise AwsError("InvalidCapacityReservationState.PendingActivation", "Your Capacity Block is not active yet.")
    if found.state != "active":
        raise AwsError("InvalidCapacityReservationState", f"The capacity reservation {found.id} is {found.state}.")


def _open(call: Ec2Call) -> Reservation | None:
    preference = call.param(f"{SPECIFICATION}.CapacityReservationPreference", "open")
    if preference not in PREFERENCES:
        raise AwsError("InvalidParameterValue", f"Invalid value '{preference}' for CapacityReservationPreference.")
    if preference == "none" or call.param("InstanceMarketOptions.MarketType", "on-demand") != "on-demand":
        return None
    rows = (row for row in reservations(call.region) if row.instance_match_criteria == "open" and _fits(call, row))
    found = next((row for row in rows if row.available_instance_count >= int(call.param("MaxCount", 1))), None)
    if found is None and preference == "capacity-reservations-only":
        raise FULL
    return found


def _fits(call: Ec2Call, row: Reservation) -> bool:
    zone = zones.requested(call)
    image = call.backend.amis.get(call.param("ImageId"))
    platform = getattr(image, "platform_details", None) or row.instance_platform
    same_type = call.param("InstanceType") == row.instance_type
    return same_type and zone in (None, row.availability_zone) and platform == row.instance_platform


RULES: dict[str, Rule] = {"RunInstances": run_instances}
