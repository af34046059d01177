# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A capacity reservation, or the one behind a capacity block: what it holds, and what stands against a launch. Pure.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CapacityReservation.html
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._offer.block import DRAIN, MARKET, instant
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import Requirement

LINUX = "Linux/UNIX"
SHARED = "default"
ACTIVE = "active"
COMING = ("pending", "payment-pending", "scheduled", "assessing", "delayed")


@dataclass(frozen=True)
class Reservation:
    """Machines that AWS keeps for the account.

    Parameters:
        platform: EC2's word for the operating system.
        tenancy: `default` is shared hardware.
        free: machines that nobody uses now.
        starts: the instant from which it holds machines; None when AWS does not tell.
        ends: None for a reservation without an end.
        block: whether it is a capacity block, which is paid in advance.
    """

    id: str
    region: str
    instance_type: str
    zone: str
    platform: str
    tenancy: str
    state: str
    free: int
    starts: datetime | None
    ends: datetime | None
    block: bool

    @classmethod
    def from_row(cls, row: Mapping[str, Any], region: str) -> Reservation:
        """Read one row of DescribeCapacityReservations."""
        return cls(
            id=row["CapacityReservationId"],
            region=region,
            instance_type=row["InstanceType"],
            zone=row["AvailabilityZone"],
            platform=row["InstancePlatform"],
            tenancy=row.get("Tenancy", SHARED),
            state=row["State"],
            free=row.get("AvailableInstanceCount", 0),
            starts=row.get("StartDate"),
            ends=row.get("EndDate"),
            block=row.get("ReservationType") == MARKET,
        )

    @property
    def market(self) -> str:
        """The market of its machines."""
        return MARKET if self.block else "on-demand"

    @property
    def over(self) -> bool:
        """Whether it holds no machines and never will again."""
        return self.state != ACTIVE and self.state not in COMING

    def __str__(self) -> str:
        return f"Capacity {'block' if self.block else 'reservation'} {self.id}"


def reservation_problems(
    held: Reservation, requirement: Requirement, now: datetime, subnet_zone: str = ""
) -> Iterator[str]:
    """Everything that stands against a launch into a reservation, each with its fix.

    Parameters:
        now: the instant of the launch, UTC.
        subnet_zone: zone of the named subnet; empty where none is named.
    """
    yield from _state_problems(held, requirement, now)
    types = requirement.instance_types
    if types and held.instance_type not in types:
        yield (
            f"{held} holds {held.instance_type} and not {' or '.join(types)}: "
            f"set gpu_instance_types to {held.instance_type}, or leave it out."
        )
    if requirement.zones and held.zone not in requirement.zones:
        yield (
            f"{held} is in zone {held.zone} and not in {' or '.join(requirement.zones)}: "
            f"set gpu_zones to {held.zone}, or leave it out."
        )
    if subnet_zone and subnet_zone != held.zone:
        yield f"{held} is in zone {held.zone} and the subnet in {subnet_zone}: name a subnet of {held.zone}."
    if held.platform != LINUX:
        yield f"{held} is for {held.platform}, and the images here are {LINUX}: name a reservation for {LINUX}."
    if held.tenancy != SHARED:
        yield f"{held} is on {held.tenancy} hardware, and a launch is on shared hardware: name another reservation."


def _state_problems(held: Reservation, requirement: Requirement, now: datetime) -> Iterator[str]:
    if held.over:
        yield f"{held} is {held.state}: name another with gpu_capacity_reservation_id, or leave it out."
    elif held.state != ACTIVE:
        yield f"{held} is {held.state} and begins {_when(held)}: launch again then."
    elif held.free < requirement.count:
        yield (
            f"{held} has {held.free} free machines and {requirement.count} are wanted: "
            "lower gpu_count, or end machines that are in it."
        )
    if held.block and held.ends and not held.over:
        begin = max(now, held.starts) if held.starts else now
        hours = (held.ends - DRAIN - begin).total_seconds() / 3600
        if hours < requirement.lease_hours:
            yield (
                f"EC2 begins to end the machines of {held} at {instant(held.ends - DRAIN)}, before a lease of "
                f"{requirement.lease_hours:g} h is over: set gpu_lease_hours to at most "
                f"{max(0.0, math.floor(hours * 10) / 10):g}."
            )


def _when(held: Reservation) -> str:
    return f"at {instant(held.starts)}" if held.starts else "when AWS has confirmed it"


def reservation_notes(held: Reservation) -> tuple[str, ...]:
    """What a person must know of machines in a reservation: who pays what, and when they end."""
    if not held.block:
        until = f"{instant(held.ends)} or until it is cancelled" if held.ends else "it is cancelled"
        return (f"{held} bills the on-demand price of its machines, used or not, until {until}.",)
    paid = f"{held} is paid in advance: its machines bill no compute."
    if held.ends is None:
        return (paid,)
    return (
        paid,
        f"EC2 begins to end its machines at {instant(held.ends - DRAIN)}, 30 minutes before the block ends.",
    )
