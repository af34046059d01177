# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GetSpotPlacementScores: how likely a region or zone has the machines, from 1 to 10.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-placement-score.html. AWS scores low where fewer than three
types are named, and limits how many new configurations an account asks for in 24 hours without saying to how many; the
words of that refusal are the service's own (seen in the README of AWS's spot placement score tracker), the number here
is ours, counted for each region that is called. Scores are made up, the same on every run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.region_table import ENABLED_REGIONS
from sandbox.strict.rule import Ec2Call, Proceed, Rule
from sandbox.strict.stock import STOCK
from sandbox.strict.zones import zones_with

UNITS = ("units", "vcpu", "memory-mib")
ENOUGH_TYPES = 3
LOW_SCORE = 3
TOP = 10
NEW_CONFIGURATIONS = 200

_asked: dict[str, set[str]] = {}


def placement_scores(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer GetSpotPlacementScores: the ten best regions or zones, by their ids, best first."""
    types, capacity = _requirement(call)
    regions = _regions(call)
    call.stop_if_dry_run()
    _count_configuration(call, types, capacity, regions)
    rows = [row for region in regions for row in _scored(call, region, types, capacity)]
    rows.sort(key=lambda row: (-row["Score"], row["Region"], row.get("AvailabilityZoneId", "")))
    return {"SpotPlacementScores": rows[:TOP]}


def _requirement(call: Ec2Call) -> tuple[list[str], int]:
    """Return types and target capacity, in machines, or refuse them."""
    types = list(dict.fromkeys(call.param("InstanceTypes", [])))
    if call.param("InstanceRequirementsWithMetadata"):
        raise NotImplementedError("GetSpotPlacementScores by InstanceRequirementsWithMetadata")
    if not types:
        raise AwsError(
            "MissingParameter",
            "The request must contain the parameter InstanceTypes or InstanceRequirementsWithMetadata",
        )
    unknown = [name for name in types if not _details(name)]
    if unknown:
        raise AwsError("InvalidParameterValue", f"Invalid value '{unknown[0]}' for InstanceType.")
    capacity, unit = call.param("TargetCapacity"), call.param("TargetCapacityUnitType", "units")
    if capacity is None:
        raise AwsError("MissingParameter", "The request must contain the parameter TargetCapacity")
    if int(capacity) < 1 or unit not in UNITS:
        raise AwsError("InvalidParameterValue", f"Value ({capacity} {unit}) for parameter TargetCapacity is invalid.")
    return types, -(-int(capacity) // _size(types, unit))


def _size(types: list[str], unit: str) -> int:
    """Return how much of a unit the largest of the types is."""
    if unit == "units":
        return 1
    rows = [_details(name) for name in types]
    if unit == "vcpu":
        return max(int(row["VCpuInfo"]["DefaultVCpus"]) for row in rows)
    return max(int(row["MemoryInfo"]["SizeInMiB"]) for row in rows)


def _details(instance_type: str) -> dict[str, Any]:
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    details: dict[str, Any] = INSTANCE_TYPES.get(instance_type, {})
    return details


def _regions(call: Ec2Call) -> list[str]:
    names = call.param("RegionNames", [])
    invalid = [name for name in names if name not in ENABLED_REGIONS]
    if invalid or len(names) > TOP:
        what = f"Invalid region names: {', '.join(invalid)}" if invalid else f"At most {TOP} regions can be named."
        raise AwsError("InvalidParameterValue", what)
    return sorted(names or ENABLED_REGIONS)


def _count_configuration(call: Ec2Call, types: list[str], capacity: int, regions: list[str]) -> None:
    """Refuse one configuration too many; what was asked before may be asked again."""
    asked = _asked.setdefault(call.region, set())
    configuration = f"{sorted(types)} {capacity} {regions} {bool(call.param('SingleAvailabilityZone'))}"
    if configuration not in asked and len(asked) >= NEW_CONFIGURATIONS:
        raise AwsError(
            "MaxConfigLimitExceeded",
            "You have exceeded your maximum allowed Spot placement configurations. You can retry configurations that "
            "you used within the last 24 hours, or wait for 24 hours before specifying a new configuration.",
        )
    asked.add(configuration)


def _scored(call: Ec2Call, region: str, types: list[str], capacity: int) -> Iterator[dict[str, Any]]:
    """Yield the score of a region, or those of its zones; where no type is offered there is none."""
    zones = sorted({zone for name in types for zone in zones_with(region, name)})
    if not zones:
        return
    if not call.param("SingleAvailabilityZone"):
        yield {"Region": region, "Score": max(_score(zone, types, capacity) for zone in zones)}
        return
    for zone in zones:
        score = _score(zone, types, capacity)
        yield {"Region": region, "AvailabilityZoneId": _zone_id(region, zone), "Score": score}


def _score(zone: str, types: list[str], capacity: int) -> int:
    """Return 1 to 10, the same on every run: 1 without stock, low for few types, lower for much capacity."""
    offered = [name for name in types if zone in zones_with(zone[:-1], name)]
    if sum(STOCK.left((name, zone, "spot")) for name in offered) < capacity:
        return 1
    best = max(_level(name, zone) for name in offered) - len(str(capacity)) + 1
    return max(1, min(best, 10 if len(types) >= ENOUGH_TYPES else LOW_SCORE))


def _level(instance_type: str, zone: str) -> int:
    """Return 1 to 10, drawn from the names."""
    return hashlib.sha256(f"{instance_type}/{zone}/score".encode()).digest()[0] % 10 + 1


def _zone_id(region: str, zone: str) -> str:
    from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

    return next(str(row.zone_id) for row in RegionsAndZonesBackend.zones[region] if row.name == zone)


RULES: dict[str, Rule] = {"GetSpotPlacementScores": placement_scores}
