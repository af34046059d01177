# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Placement groups, which moto lacks: making and removing them, and what may be launched into one.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-groups.html. Of the words of errors, those about types
and unknown groups are the service's own.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule
from sandbox.strict.tags import check_specifications, specified

STRATEGIES = ("cluster", "spread", "partition")
MAXIMUM_PARTITIONS = 7
DEFAULT_PARTITIONS = 2


@dataclass
class PlacementGroup:
    """One group of one region."""

    ec2_backend: Any
    id: str
    group_name: str
    strategy: str
    partition_count: int | None = None
    spread_level: str | None = None
    state: str = "available"

    @property
    def group_id(self) -> str:
        """The id under its name in the API."""
        return self.id

    @property
    def group_arn(self) -> str:
        """The group's ARN."""
        backend = self.ec2_backend
        return f"arn:aws:ec2:{backend.region_name}:{backend.account_id}:placement-group/{self.group_name}"

    @property
    def tags(self) -> list[dict[str, str]]:
        """Tags in the API's shape."""
        return [{"Key": key, "Value": value} for key, value in self.ec2_backend.tags.get(self.id, {}).items()]

    def members(self) -> list[Any]:
        """Return the instances in the group that still exist."""
        return [
            row
            for row in self.ec2_backend.all_instances()
            if row.placement.group_name == self.group_name and row.state != "terminated"
        ]


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
    group = PlacementGroup(call.backend, f"pg-{next(_numbers):017x}", name, **_shape(call))
    call.stop_if_dry_run()
    _groups[call.region, name] = group
    tags = specified(call.param("TagSpecifications", []), "placement-group")
    call.backend.create_tags([group.id], tags)
    return {"PlacementGroup": group}


def _shape(call: Ec2Call) -> dict[str, Any]:
    """Return strategy, partitions and spread level of a new group, or refuse them."""
    strategy, partitions = call.param("Strategy", "cluster"), call.param("PartitionCount")
    if strategy not in STRATEGIES:
        raise AwsError(
            "InvalidParameterValue",
            f"Value ({strategy}) for parameter strategy is invalid. Valid are {', '.join(STRATEGIES)}.",
        )
    if partitions is not None and strategy != "partition":
        raise AwsError("InvalidParameterCombination", "PartitionCount is valid only with the strategy 'partition'.")
    count = int(partitions or DEFAULT_PARTITIONS)
    if not 1 <= count <= MAXIMUM_PARTITIONS:
        raise AwsError(
            "InvalidParameterValue",
            f"Value ({count}) for parameter PartitionCount is invalid. Expecting 1 to {MAXIMUM_PARTITIONS}.",
        )
    return {
        "strategy": strategy,
        "partition_count": count if strategy == "partition" else None,
        "spread_level": call.param("SpreadLevel", "rack") if strategy == "spread" else None,
    }


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
    if group.members():
        raise AwsError(
            "InvalidPlacementGroup.InUse", f"The placement group {group.group_name} is in use and may not be deleted."
        )
    call.stop_if_dry_run()
    del _groups[call.region, group.group_name]
    call.backend.tags.pop(group.id, None)


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse an unknown group, and machines that a group of its strategy doesn't take."""
    group = named(call)
    if group is not None:
        _check_fit(call, group)
    return proceed()


def _check_fit(call: Ec2Call, group: PlacementGroup) -> None:
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    instance_type = call.param("InstanceType", "")
    supported = INSTANCE_TYPES.get(instance_type, {}).get("PlacementGroupInfo", {}).get("SupportedStrategies")
    if supported is not None and group.strategy not in supported:
        raise AwsError(
            "InvalidParameterCombination",
            f"{group.strategy.capitalize()} placement groups are not supported by the '{instance_type}' instance "
            "type. Specify a supported instance type or change the placement group strategy, and try again.",
        )
    behavior = call.param("InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior", "terminate")
    if behavior != "terminate":
        raise AwsError(
            "InvalidParameterCombination",
            f"A Spot Instance that is to {behavior} on interruption can't be launched in a placement group.",
        )


def named(call: Ec2Call) -> PlacementGroup | None:
    """Return the group that a launch names, by name or id; None where it names none."""
    name, id = call.param("Placement.GroupName"), call.param("Placement.GroupId")
    if name and id:
        raise AwsError(
            "InvalidParameterCombination", "The parameter GroupName cannot be used with the parameter GroupId"
        )
    if name:
        return _find(call, name)
    if not id:
        return None
    group = next((group for group in groups(call.region) if group.id == id), None)
    if group is None:
        raise AwsError("InvalidPlacementGroup.Unknown", f"The Placement Group '{id}' is unknown.")
    return group


def _find(call: Ec2Call, name: str) -> PlacementGroup:
    group = _groups.get((call.region, name))
    if group is None:
        raise AwsError("InvalidPlacementGroup.Unknown", f"The Placement Group '{name}' is unknown.")
    return group


def _passes(group: PlacementGroup, filters: dict[str, list[str]]) -> bool:
    values = {
        "group-name": group.group_name,
        "group-arn": group.group_arn,
        "strategy": group.strategy,
        "spread-level": group.spread_level,
        "state": group.state,
    }
    values |= {f"tag:{row['Key']}": row["Value"] for row in group.tags}
    return all(values.get(name) in wanted for name, wanted in filters.items())


RULES: dict[str, Rule] = {
    "CreatePlacementGroup": create,
    "DescribePlacementGroups": describe,
    "DeletePlacementGroup": delete,
    "RunInstances": run_instances,
}
