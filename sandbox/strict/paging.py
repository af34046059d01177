# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of the Describe calls, which moto answers in one piece.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-pagination
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.answers import AwsError
from sandbox.services.paging import cut
from sandbox.strict.rule import Ec2Call, Proceed, Rule

# More rows than there will ever be.
EVERYTHING = 10**9


@dataclass(frozen=True)
class Paged:
    """How one call is paged: where its rows are, which ids exclude paging, and the page sizes."""

    key: str
    ids: str | None = None
    least: int = 5
    most: int = 1000
    default: int | None = None
    """Rows of a page where the request doesn't say; None: all of them."""


# Limits are those of each action's MaxResults in the API reference.
PAGED = {
    "DescribeInstances": Paged("Reservations", "InstanceIds", default=1000),
    "DescribeInstanceStatus": Paged("InstanceStatuses", "InstanceIds", default=1000),
    "DescribeInstanceTypes": Paged("InstanceTypes", "InstanceTypes", most=100, default=100),
    "DescribeInstanceTypeOfferings": Paged("InstanceTypeOfferings", default=1000),
    "DescribeImages": Paged("Images", "ImageIds", least=1),
    "DescribeVolumes": Paged("Volumes", "VolumeIds", default=1000),
    "DescribeSnapshots": Paged("Snapshots", "SnapshotIds", default=1000),
    "DescribeNetworkInterfaces": Paged("NetworkInterfaces", "NetworkInterfaceIds", default=1000),
    "DescribeSecurityGroups": Paged("SecurityGroups", "GroupIds"),
    "DescribeSecurityGroupRules": Paged("SecurityGroupRules", "SecurityGroupRuleIds"),
    "DescribeSpotInstanceRequests": Paged("SpotInstanceRequests", "SpotInstanceRequestIds", default=1000),
    "GetSpotPlacementScores": Paged("SpotPlacementScores", least=10),
    "DescribeSpotPriceHistory": Paged("SpotPriceHistory", least=1, default=1000),
    "DescribeSubnets": Paged("Subnets", "SubnetIds"),
    "DescribeVpcs": Paged("Vpcs", "VpcIds"),
    "DescribeRouteTables": Paged("RouteTables", "RouteTableIds", most=100),
    "DescribeLaunchTemplates": Paged("LaunchTemplates", "LaunchTemplateIds", least=1, most=200),
    "DescribeTags": Paged("Tags", default=1000),
}


def _page(paged: Paged, call: Ec2Call, proceed: Proceed) -> Any:
    size = call.params.pop("MaxResults", None)
    token = call.params.pop("NextToken", None)
    _check(paged, call, size)
    if paged.key == "Reservations":
        call.params["MaxResults"] = EVERYTHING  # moto's own page would end after a hundred.
    answer = proceed()
    rows = answer[paged.key]
    limit = size or (None if paged.ids and call.param(paged.ids) else paged.default)
    if limit is None:
        return {**answer, "NextToken": None}
    if paged.key == "Reservations":
        rows = list(single(rows))
    try:
        page, following = cut(rows, token, int(limit))
    except ValueError as error:
        raise AwsError("InvalidNextToken", f"The specified token is not valid: {token}") from error
    if paged.key == "Reservations":
        page = list(joined(page))
    return {**answer, paged.key: page, "NextToken": following}


def _check(paged: Paged, call: Ec2Call, size: int | None) -> None:
    if size is None:
        return
    if paged.ids and call.param(paged.ids):
        name = f"{paged.ids[0].lower()}{paged.ids[1:]}"
        raise AwsError(
            "InvalidParameterCombination", f"The parameter {name} cannot be used with the parameter maxResults"
        )
    if not paged.least <= int(size) <= paged.most:
        raise AwsError(
            "InvalidParameterValue",
            f"Value ( {size} ) for parameter maxResults is invalid. "
            f"Expecting a value between {paged.least} and {paged.most}.",
        )


def single(reservations: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Split reservations, because a page counts instances."""
    for reservation in reservations:
        for instance in reservation.instances:
            yield reservation, instance


def joined(pairs: Any) -> Iterator[Any]:
    """Put the instances of a page back into (parts of) their reservations."""
    parts: dict[str, Any] = {}
    for reservation, instance in pairs:
        if reservation.id not in parts:
            parts[reservation.id] = copy.copy(reservation)
            parts[reservation.id].instances = []
        parts[reservation.id].instances.append(instance)
    yield from parts.values()


def _rule(paged: Paged) -> Rule:
    return lambda call, proceed: _page(paged, call, proceed)


RULES: dict[str, Rule] = {action: _rule(paged) for action, paged in PAGED.items()}
