# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instance types of a region and where they are offered.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html
The table never changes while the server runs, so each row is written once and each filter works once.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from typing import Any

from sandbox.answers import AwsError
from sandbox.ec2_xml import Constant
from sandbox.strict.rule import Ec2Call, Proceed, Rule

MAXIMUM_NAMES = 100
LOCATION_TYPES = ("region", "availability-zone", "availability-zone-id", "outpost")

Filters = tuple[tuple[str, tuple[str, ...]], ...]


def describe(call: Ec2Call, _proceed: Proceed) -> Any:
    """List the types of the region; refuse names that it hasn't."""
    names = call.param("InstanceTypes", [])
    if len(names) > MAXIMUM_NAMES:
        raise AwsError("InvalidParameterValue", f"At most {MAXIMUM_NAMES} instance types can be named in one call.")
    missing = [name for name in names if name not in offered(call.region)]
    if missing:
        raise AwsError(
            "InvalidInstanceType", f"The following supplied instance types do not exist: [{', '.join(missing)}]"
        )
    call.stop_if_dry_run()
    rows = _types(call.region, _key(call))
    return {"InstanceTypes": [row for row in rows if not names or row["InstanceType"] in names]}


def describe_offerings(call: Ec2Call, _proceed: Proceed) -> Any:
    """List where the types of the region are offered: in it, in its zones by name or id."""
    kind = call.param("LocationType", "region")
    if kind not in LOCATION_TYPES:
        raise AwsError(
            "InvalidParameterValue",
            f"Value ({kind}) for parameter LocationType is invalid. Valid are {', '.join(LOCATION_TYPES)}.",
        )
    call.stop_if_dry_run()
    return {"InstanceTypeOfferings": _offerings(call.region, kind, _key(call))}


@cache
def offered(region: str) -> frozenset[str]:
    """Return the names of the types that a region offers."""
    return frozenset(row["InstanceType"] for row in _all_offerings(region, "region"))


def _key(call: Ec2Call) -> Filters:
    return tuple((name, tuple(values)) for name, values in sorted(call.filters().items()))


@lru_cache(maxsize=512)
def _types(region: str, filters: Filters) -> Sequence[Constant]:
    return tuple(
        _written()[name]
        for name, row in _all_types().items()
        if name in offered(region) and all(_has(row, field, globs) for field, globs in filters)
    )


def _has(row: Any, field: str, globs: Sequence[str]) -> bool:
    found = row.get_filter_value(field)
    values = found if isinstance(found, list) else [found]
    return any(_fits(str(value), glob) for value in values for glob in globs)


@cache
def _all_types() -> dict[str, Any]:
    from moto.ec2.models.instance_types import INSTANCE_TYPES, InstanceType

    return {name: InstanceType(name) for name in INSTANCE_TYPES}


@cache
def _written() -> dict[str, Constant]:
    return {name: Constant(row) for name, row in _all_types().items()}


@lru_cache(maxsize=512)
def _offerings(region: str, kind: str, filters: Filters) -> Sequence[Constant]:
    fields = {"instance-type": "InstanceType", "location": "Location"}
    for name, _ in filters:
        if name not in fields:
            raise AwsError("InvalidParameterValue", f"The filter '{name}' is invalid")
    return tuple(
        row
        for row in _all_offerings(region, kind)
        if all(any(_fits(row[fields[name]], glob) for glob in values) for name, values in filters)
    )


def _fits(value: str, glob: str) -> bool:
    """Tell whether a value is what a filter asks for: only * (any signs) and ? (one sign) are special."""
    return fnmatchcase(value, glob.replace("[", "[[]"))


@cache
def _all_offerings(region: str, kind: str) -> Sequence[Constant]:
    from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS

    return tuple(Constant(row) for row in INSTANCE_TYPE_OFFERINGS.get(kind, {}).get(region, []))


RULES: dict[str, Rule] = {"DescribeInstanceTypes": describe, "DescribeInstanceTypeOfferings": describe_offerings}
