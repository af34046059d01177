# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The capacity reservations of the account: what they hold, and who stands in them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.clock import CLOCK
from sandbox.strict.caller import ACCOUNT

GONE = ("stopped", "terminated")

# What DescribeImages calls a platform, in the words of reservations.
LINUX = "Linux/UNIX"


@dataclass
class Reservation:
    """One on-demand capacity reservation, or the one behind a capacity block."""

    ec2_backend: Any
    id: str
    instance_type: str
    availability_zone: str
    total_instance_count: int
    instance_platform: str = LINUX
    start_date: datetime = field(default_factory=CLOCK.now)
    end_date: datetime | None = None
    instance_match_criteria: str = "open"
    reservation_type: str = "default"
    capacity_block_id: str | None = None
    tenancy: str = "default"
    ebs_optimized: bool = False
    cancelled: bool = False
    create_date: datetime = field(default_factory=CLOCK.now)
    instances: list[Any] = field(default_factory=list)
    owner_id: str = ACCOUNT

    @property
    def capacity_reservation_id(self) -> str:
        """The id under its name in the API."""
        return self.id

    @property
    def capacity_reservation_arn(self) -> str:
        """The ARN."""
        return f"arn:aws:ec2:{self.ec2_backend.region_name}:{ACCOUNT}:capacity-reservation/{self.id}"

    @property
    def end_date_type(self) -> str:
        """'limited' where it ends by itself."""
        return "limited" if self.end_date else "unlimited"

    @property
    def state(self) -> str:
        """'scheduled' before its time, then 'active', at last 'expired' or 'cancelled'."""
        now = CLOCK.now()
        if self.cancelled:
            return "cancelled"
        if self.end_date and self.end_date <= now:
            return "expired"
        return "scheduled" if self.start_date > now else "active"

    @property
    def available_instance_count(self) -> int:
        """How many machines are left in it; none before and after its time."""
        used = sum(instance.state not in GONE for instance in self.instances)
        return self.total_instance_count - used if self.state == "active" else 0

    @property
    def tags(self) -> list[dict[str, str]]:
        """Tags in the API's shape."""
        return [{"Key": key, "Value": value} for key, value in self.ec2_backend.tags.get(self.id, {}).items()]


_numbers = itertools.count(1)
_reservations: dict[str, dict[str, Reservation]] = {}


def new_id(prefix: str) -> str:
    """Return an id that nothing has yet."""
    return f"{prefix}-{next(_numbers):017x}"


def keep(reservation: Reservation) -> None:
    """Put a new reservation into its region."""
    _reservations.setdefault(reservation.ec2_backend.region_name, {})[reservation.id] = reservation


def find(region: str, id: str) -> Reservation | None:
    """Return a reservation of a region, or None."""
    return _reservations.get(region, {}).get(id)


def every_reservation() -> list[Reservation]:
    """Return the reservations of all regions, the ended ones too."""
    return [row for rows in _reservations.values() for row in rows.values()]


def reservations(region: str) -> list[Reservation]:
    """Return the reservations of a region, the ended ones too."""
    return list(_reservations.get(region, {}).values())
