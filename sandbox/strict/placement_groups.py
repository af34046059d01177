# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Placement groups, which moto lacks.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-groups.html
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule
from sandbox.strict.tags import check_specifications, specified


@dataclass
class PlacementGroup:
    """One group of one region."""

    ec2_backend: Any
    id: str
    group_name: str
    strategy: str
    state: str = "available"

    @property
    def group_id(self) -> str:
        """The id under its name in the API."""
        return self.id

    @property
    def tags(self) -> list[dict[str, str]]:
        """Tags in the API's shape."""
        return [{"Key": key, "Value": value} for key, value in self.ec2_backend.tags.get(self.id, {}).items()]


_numbers = itertools.count(1)
_groups: dict[tuple[str, str], PlacementGroup] = {}


def groups(region: str) -> list[PlacementGroup]:
    """Return the placement groups of a region."""
    return [group for (where, _), group in _groups.items() if where == region]


def create(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer CreatePlacementGroup."""
    name = call.param("GroupName")
    check_specifications(call.param("TagSpecifications", []), ("placement-group",))
    if (call.region, name) in _groups:
        raise AwsError("InvalidPlacementGroup.Duplicate", f"The Placement Group '{name}' already exists.")
    call.stop_if_dry_run()
    group = PlacementGroup(call.backend, f"pg-{next(_numbers):017x}", name, call.param("Strategy", "cluster"))
    _groups[call.region, name] = group
    tags = specified(call.param("TagSpecifications", []), "placement-group")
    call.backend.create_tags([group.id], tags)
    return {"PlacementGroup": group}


def describe(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer DescribePlacementGroups; filters group-name and tag:KEY."""
    names, ids = call.param("GroupNames", []), call.param("GroupIds", [])
    for name in names:
        _find(call, name)
    found = [
        group
        for group in groups(call.region)
        if (not names or group.group_name in names) and (not ids or group.id in ids) and _passes(group, call.filters())
    ]
    return {"PlacementGroups": found}


def delete(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer DeletePlacementGroup."""
    group = _find(call, call.param("GroupName"))
    used = any(
        instance.placement.group_name == group.group_name and instance.state != "terminated"
        for instance in call.backend.all_instances()
    )
    if used:
        raise AwsError(
            "InvalidPlacementGroup.InUse", f"The placement group {group.group_name} is in use and may not be deleted."
        )
    call.stop_if_dry_run()
    del _groups[call.region, group.group_name]
    call.backend.tags.pop(group.id, None)


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Launch into the group that the request names."""
    name = call.param("Placement.GroupName")
    if name:
        _find(call, name)
    reservation = proceed()
    for instance in reservation.instances:
        instance.placement.group_name = name or ""
    return reservation


def _find(call: Ec2Call, name: str) -> PlacementGroup:
    group = _groups.get((call.region, name))
    if group is None:
        raise AwsError("InvalidPlacementGroup.Unknown", f"The Placement Group '{name}' is unknown.")
    return group


def _passes(group: PlacementGroup, filters: dict[str, list[str]]) -> bool:
    values = {"group-name": group.group_name, "strategy": group.strategy, "state": group.state}
    values |= {f"tag:{row['Key']}": row["Value"] for row in group.tags}
    return all(values.get(name) in wanted for name, wanted in filters.items())


RULES: dict[str, Rule] = {
    "CreatePlacementGroup": create,
    "DescribePlacementGroups": describe,
    "DeletePlacementGroup": delete,
    "RunInstances": run_instances,
}
