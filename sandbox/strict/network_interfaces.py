# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network interfaces of a launch: they end with their instance and carry their tags."""

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
        for index, interface in instance.nics.items():
            row = wanted.get(index, {})
            if "NetworkInterfaceId" in row:
                continue
            # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/scenarios-enis.html: made by a launch, ends with it
            interface.delete_on_termination = row.get("DeleteOnTermination", True)
            interface.add_tags(tags)
    return reservation


RULES: dict[str, Rule] = {"RunInstances": run_instances}
