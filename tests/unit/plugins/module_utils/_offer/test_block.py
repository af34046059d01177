# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Capacity blocks on offer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.block import block_fields, block_hours, short_block

from tests.unit.fakes.offers import H100
from tests.unit.plugins.module_utils._offer.test_assemble import BLOCK, made

START = datetime(2026, 12, 1, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lease", "hours"),
    [
        pytest.param(0.5, 24, id="a day at least"),
        pytest.param(23.5, 24, id="the last half hour is not ours"),
        pytest.param(24.0, 48, id="a lease of a whole day needs a second one"),
        pytest.param(14 * 24 - 0.5, 14 * 24, id="two weeks"),
        pytest.param(14 * 24.0, 21 * 24, id="then whole weeks"),
    ],
)
def test_a_block_is_long_enough_for_the_lease(lease: float, hours: int) -> None:
    assert block_hours(lease) == hours


def ending(hours: float) -> dict[str, Any]:
    """The block that ends after some hours."""
    return {**BLOCK, "EndDate": START + timedelta(hours=hours)}


@pytest.mark.parametrize(("hours", "lease", "told"), [(24, 23.5, ""), (24, 23.6, "23.5"), (9.25, 9, "8.7")])
def test_a_block_that_ends_before_the_lease_is_told(hours: float, lease: float, told: str) -> None:
    found = short_block(ending(hours), lease)
    assert bool(found) == bool(told)
    assert all(f"set gpu_lease_hours to {told}" in problem for problem in found)


def test_the_whole_fee_and_the_times_are_told() -> None:
    (found,) = made(H100, wanted={"markets": ("capacity-block",), "count": 2, "lease_hours": 12.0}, blocks=[ending(24)])
    row = found.as_result(12, 2)
    assert (row["upfront_usd"], row["starts"], row["ends"]) == (2304.0, "2026-12-01T11:30Z", "2026-12-02T11:30Z")


def test_a_block_outside_of_the_wanted_zones_is_none() -> None:
    wanted = {"markets": ("capacity-block",), "zones": ("us-west-2a",), "count": 2}
    (found,) = made(H100, wanted=wanted, blocks=[BLOCK])
    assert (found.block_id, found.problems[0][:17]) == ("", "No capacity block")


def test_times_are_utc() -> None:
    row = {**BLOCK, "StartDate": datetime.fromisoformat("2026-12-01T13:30:00+02:00")}
    assert block_fields(row)["starts"] == "2026-12-01T11:30Z"
