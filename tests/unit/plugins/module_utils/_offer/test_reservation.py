# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Capacity reservations: what stands against a launch into one, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.reservation import (
    Reservation,
    reservation_notes,
    reservation_problems,
)

from tests.unit.fakes.aws import problems_of_answer
from tests.unit.fakes.offers import requirement

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
ROW: dict[str, Any] = {
    "CapacityReservationId": "cr-1",
    "InstanceType": "p5.48xlarge",
    "AvailabilityZone": "us-west-2b",
    "InstancePlatform": "Linux/UNIX",
    "Tenancy": "default",
    "State": "active",
    "AvailableInstanceCount": 2,
    "StartDate": NOW,
    "EndDate": NOW + timedelta(hours=24),
    "ReservationType": "capacity-block",
}
BLOCK = Reservation.from_row(ROW, "us-west-2")
PLAIN = replace(BLOCK, block=False, ends=None)


def test_a_row_is_as_aws_sends_it() -> None:
    assert problems_of_answer("ec2", "describe_capacity_reservations", {"CapacityReservations": [ROW]}) == ""
    assert (BLOCK.market, PLAIN.market) == ("capacity-block", "on-demand")


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        pytest.param(BLOCK, {}, id="nothing is named"),
        pytest.param(BLOCK, {"instance_types": ("g6.xlarge", "p5.48xlarge"), "zones": ("us-west-2b",)}, id="the same"),
        pytest.param(BLOCK, {"count": 2, "lease_hours": 23.5}, id="to the brim"),
        pytest.param(PLAIN, {"lease_hours": 700.0}, id="no end"),
        pytest.param(replace(PLAIN, ends=NOW), {}, id="machines outlive a reservation that is no block"),
    ],
)
def test_what_fits(held: Reservation, wanted: dict[str, Any]) -> None:
    assert list(reservation_problems(held, requirement(**wanted), NOW)) == []


@pytest.mark.parametrize(
    ("changes", "wanted", "told"),
    [
        ({"state": "scheduled", "starts": NOW + timedelta(hours=1)}, {}, "scheduled and begins at 2026-12-01T13:00Z"),
        ({"state": "payment-pending", "starts": None}, {}, "begins when AWS has confirmed it: launch again then"),
        ({"state": "expired"}, {}, "is expired: name another with gpu_capacity_reservation_id"),
        ({"state": "payment-failed"}, {}, "is payment-failed: name another"),
        ({"free": 0}, {}, "has 0 free machines and 1 are wanted: lower gpu_count"),
        ({}, {"count": 3}, "has 2 free machines and 3 are wanted"),
        ({}, {"instance_types": ("g6.xlarge",)}, "set gpu_instance_types to p5.48xlarge"),
        ({}, {"zones": ("us-west-2a",)}, "set gpu_zones to us-west-2b"),
        ({"platform": "Windows"}, {}, "is for Windows"),
        ({"tenancy": "dedicated"}, {}, "is on dedicated hardware"),
        ({}, {"lease_hours": 23.6}, "at 2026-12-02T11:30Z, before a lease of 23.6 h is over: set gpu_lease_hours to"),
        ({}, {"lease_hours": 24.0}, "to at most 23.5."),
        ({"ends": NOW}, {"lease_hours": 1.0}, "to at most 0."),
    ],
)
def test_what_does_not_fit_is_told_alone_and_with_its_fix(
    changes: dict[str, Any], wanted: dict[str, Any], told: str
) -> None:
    (problem,) = reservation_problems(replace(BLOCK, **changes), requirement(**wanted), NOW)
    assert told in problem


def test_a_subnet_elsewhere_is_told() -> None:
    assert list(reservation_problems(BLOCK, requirement(), NOW, "us-west-2b")) == []
    (problem,) = reservation_problems(BLOCK, requirement(), NOW, "us-west-2c")
    assert "name a subnet of us-west-2b" in problem


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (BLOCK, ["is paid in advance", "begins to end its machines at 2026-12-02T11:30Z"]),
        (replace(BLOCK, ends=None), ["is paid in advance"]),
        (PLAIN, ["bills the on-demand price of its machines, used or not, until it is cancelled."]),
        (replace(PLAIN, ends=NOW), ["until 2026-12-01T12:00Z or until it is cancelled."]),
    ],
)
def test_what_is_said_of_it(held: Reservation, told: list[str]) -> None:
    notes = reservation_notes(held)
    assert len(notes) == len(told)
    assert all(part in note for part, note in zip(told, notes, strict=True))
