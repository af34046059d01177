# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the machines of a placement group stand: a cluster in one zone, a spread on seven racks of each.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-groups.html. The words about a cluster in another zone are
the service's own (https://github.com/hashicorp/terraform/issues/16183); that AWS refuses the eighth machine of a spread
is documented, by which code isn't: here as a lack of capacity.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sandbox.answers import AwsError
from sandbox.strict import capacity, zones
from sandbox.strict.placement_groups import PlacementGroup, named
from sandbox.strict.rule import Ec2Call, Proceed, Rule

SPREAD_PER_ZONE = 7


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Launch into the group that the request names; the zone has been chosen by now."""
    group = named(call)
    if group is None:
        return proceed()
    _check_zone(call, group)
    members = group.members()
    reservation = proceed()
    for instance in reservation.instances:
        instance.placement.group_name = group.group_name
        instance.placement.group_id = group.id
        instance.placement.partition_number = _partition(call, group, members)
        members.append(instance)
    return reservation


def _check_zone(call: Ec2Call, group: PlacementGroup) -> None:
    zone, members = zones.requested(call), group.members()
    elsewhere = next((row.placement.zone for row in members if row.placement.zone != zone), None)
    if group.strategy == "cluster" and elsewhere:
        raise AwsError(
            "InvalidPlacementGroup.InUse",
            f"The placement group '{group.group_name}' is in use in another availability zone: {elsewhere}",
        )
    here = sum(row.placement.zone == zone and row.state in ("pending", "running") for row in members)
    if group.strategy == "spread" and here + int(call.param("MinCount", 1)) > SPREAD_PER_ZONE:
        raise AwsError(
            capacity.CODE,
            f"The placement group '{group.group_name}' takes {SPREAD_PER_ZONE} running instances in {zone} "
            f"and has {here}.",
            capacity.STATUS,
        )


def _partition(call: Ec2Call, group: PlacementGroup, members: list[Any]) -> int | None:
    """Return the partition that is asked for, or the emptiest one."""
    if group.partition_count is None:
        return None
    wanted = call.param("Placement.PartitionNumber")
    if wanted:
        return int(wanted)
    used = Counter(row.placement.partition_number for row in members)
    return min(range(1, group.partition_count + 1), key=lambda number: used[number])


RULES: dict[str, Rule] = {"RunInstances": run_instances}
