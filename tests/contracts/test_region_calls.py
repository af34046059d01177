# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A search makes the same calls in each region, and asks once for what AWS tells of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from benchmarks.desk import Desk, desk
from benchmarks.regions.search import OURS, REGIONS

# Types, their zones, quotas and their use, subnets and routes; prices of machines, disks, addresses and traffic; image.
IN_EACH = (
    *("DescribeInstanceTypes", "DescribeInstanceTypeOfferings", "DescribeSpotPriceHistory"),
    *("ListServiceQuotas", "DescribeInstances", "DescribeSubnets", "DescribeRouteTables"),
    *["GetProducts"] * 4,
    *("GetParameter", "DescribeImages"),
)
FOR_ALL = ("GetSpotPlacementScores",)


@pytest.fixture(scope="module")
def place() -> Iterator[Desk]:
    with desk() as found:
        yield found


@pytest.mark.parametrize(
    ("regions", "number", "more"),
    [(REGIONS[:1], 1, ()), (REGIONS[:2], 2, ()), (("all",), len(REGIONS), ("DescribeRegions",))],
    ids=["1", "2", "all"],
)
def test_each_region_costs_the_same_calls(
    place: Desk, regions: tuple[str, ...], number: int, more: tuple[str, ...]
) -> None:
    made = Counter(place.sample(OURS.command(regions)).calls)
    assert made == Counter((*IN_EACH * number, *FOR_ALL, *more))
    assert place.regions_asked("ListServiceQuotas") == set(REGIONS[:number])
