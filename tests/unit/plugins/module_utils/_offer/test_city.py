# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Round trips between regions, estimated from where they stand."""

from __future__ import annotations

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.city import CITIES, distance_km, round_trip_ms


# Great circles by https://www.movable-type.co.uk/scripts/latlong.html, to 2%.
@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ("ap-northeast-1", "ap-northeast-1", 0),
        ("ap-northeast-1", "ap-northeast-3", 400),
        ("ap-northeast-1", "ap-southeast-1", 5320),
        ("eu-west-1", "us-east-1", 5450),
        ("ap-southeast-6", "sa-west-1", 9660),
    ],
)
def test_distance(one: str, other: str, km: float) -> None:
    assert distance_km(one, other) == pytest.approx(km, rel=0.02, abs=0.1)
    assert distance_km(other, one) == pytest.approx(distance_km(one, other))


def test_round_trip() -> None:
    assert round_trip_ms("us-west-2", "us-west-2") == 1.0
    assert round_trip_ms("ap-northeast-1", "ap-southeast-1") == pytest.approx(74.5, rel=0.02)
    assert round_trip_ms("us-west-2", "xx-none-1") is None


def test_every_city_is_on_earth() -> None:
    assert all(-90 < north < 90 and -180 < east < 180 and city for city, north, east in CITIES.values())
