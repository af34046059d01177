# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where regions stand, and how long light takes between them. Pure.

Regions and their cities: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html (read
2026-11). Where AWS names a state or a country only, the city is the one that its zones are known to stand near.
Coordinates are those of the cities, in degrees north and east.
"""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

CITIES: dict[str, tuple[str, float, float]] = {
    "us-east-1": ("Ashburn", 39.04, -77.49),
    "us-east-2": ("Columbus", 39.96, -83.00),
    "us-west-1": ("San Francisco", 37.77, -122.42),
    "us-west-2": ("Boardman", 45.84, -119.70),
    "af-south-1": ("Cape Town", -33.92, 18.42),
    "ap-east-1": ("Hong Kong", 22.32, 114.17),
    "ap-east-2": ("Taipei", 25.03, 121.57),
    "ap-northeast-1": ("Tokyo", 35.68, 139.69),
    "ap-northeast-2": ("Seoul", 37.57, 126.98),
    "ap-northeast-3": ("Osaka", 34.69, 135.50),
    "ap-south-1": ("Mumbai", 19.08, 72.88),
    "ap-south-2": ("Hyderabad", 17.39, 78.49),
    "ap-southeast-1": ("Singapore", 1.35, 103.82),
    "ap-southeast-2": ("Sydney", -33.87, 151.21),
    "ap-southeast-3": ("Jakarta", -6.21, 106.85),
    "ap-southeast-4": ("Melbourne", -37.81, 144.96),
    "ap-southeast-5": ("Kuala Lumpur", 3.14, 101.69),
    "ap-southeast-6": ("Auckland", -36.85, 174.76),
    "ap-southeast-7": ("Bangkok", 13.76, 100.50),
    "ca-central-1": ("Montreal", 45.50, -73.57),
    "ca-west-1": ("Calgary", 51.05, -114.07),
    "eu-central-1": ("Frankfurt", 50.11, 8.68),
    "eu-central-2": ("Zurich", 47.38, 8.54),
    "eu-north-1": ("Stockholm", 59.33, 18.07),
    "eu-south-1": ("Milan", 45.46, 9.19),
    "eu-south-2": ("Zaragoza", 41.65, -0.89),
    "eu-west-1": ("Dublin", 53.35, -6.26),
    "eu-west-2": ("London", 51.51, -0.13),
    "eu-west-3": ("Paris", 48.86, 2.35),
    "il-central-1": ("Tel Aviv", 32.09, 34.78),
    "me-central-1": ("Dubai", 25.20, 55.27),
    "me-south-1": ("Manama", 26.23, 50.59),
    "me-west-1": ("Riyadh", 24.71, 46.68),
    "mx-central-1": ("Queretaro", 20.59, -100.39),
    "sa-east-1": ("Sao Paulo", -23.55, -46.63),
    "sa-west-1": ("Santiago", -33.45, -70.67),
    "us-gov-east-1": ("Columbus", 39.96, -83.00),
    "us-gov-west-1": ("Boardman", 45.84, -119.70),
    "cn-north-1": ("Beijing", 39.90, 116.41),
    "cn-northwest-1": ("Zhongwei", 37.50, 105.20),
    "eusc-de-east-1": ("Potsdam", 52.40, 13.06),
}
EARTH_RADIUS_KM = 6371.0
# Light needs 1 ms there and back for 100 km of fibre (two thirds of its speed in vacuum).
KM_PER_MS = 100.0
# Cables are longer than great circles and routers take their time. An assumption: public measurements between
# regions lie between 1.2 and 2.5 times the great circle, so an estimate serves to compare, not to promise.
PATH_FACTOR = 1.4
# A region's own network.
LEAST_MS = 1.0


def distance_km(one: str, other: str) -> float:
    """Great-circle distance between the cities of two known regions (haversine)."""
    _city, north, east = CITIES[one]
    _city, other_north, other_east = CITIES[other]
    half = sin(radians(other_north - north) / 2) ** 2
    half += cos(radians(north)) * cos(radians(other_north)) * sin(radians(other_east - east) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half))


def round_trip_ms(one: str, other: str) -> float | None:
    """Estimated round trip between two regions in ms; None when the table lacks one."""
    if one not in CITIES or other not in CITIES:
        return None
    return round(max(LEAST_MS, distance_km(one, other) / KM_PER_MS * PATH_FACTOR), 1)
