# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network interfaces of a launch: their groups, their tags, and their end with the instance."""

from __future__ import annotations

from typing import Any

from sandbox.strict.rule import Ec2Call, Proceed, Rule
from sandbox.strict.tags import specified


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Launch, then mend the interfaces that the launch made."""
    wanted = {int(row.get("DeviceIndex", 0)): row for row in call.param("NetworkInterfaces", [])}
    tags = specified(call.param("TagSpecifications", []), "network-interface")
    reservation = proceed()
    for instance in reservation.instances:
        # An instance's groups are those of its primary interface.
        instance.security_groups = sorted(instance.nics[0].group_set, key=lambda group: group.id)
        for index, interface in instance.nics.items():
            row = wanted.get(index, {})
            if "NetworkInterfaceId" in row:
                continue
            # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/scenarios-enis.html: made by a launch, ends with it
            interface.delete_on_termination = row.get("DeleteOnTermination", True)
            interface.add_tags(tags)
    return reservation


def modify_instance(call: Ec2Call, proceed: Proceed) -> Any:
    """Give the instance's new groups to its primary interface, so that the old ones come free."""
    answer = proceed()
    if call.param("Groups"):
        instance = call.backend.get_instance(call.param("InstanceId"))
        instance.nics[0]._group_set = list(instance.security_groups)
    return answer


RULES: dict[str, Rule] = {"RunInstances": run_instances, "ModifyInstanceAttribute": modify_instance}
