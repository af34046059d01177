# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network interfaces of a machine: those of a launch, and those of a machine that exists. Pure.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-acc-inst-types.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec

Params = dict[str, Any]

# Whose the automatic public addresses are. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
AMAZON = "amazon"


def launch_interfaces(spec: LaunchSpec, machine: MachineType, group_id: str) -> list[Params]:
    """The interfaces that a launch asks for; empty where AWS's own single interface will do.

    Elastic fabric adapters: one for each network card that takes one, the first with an address, the others for the
    fabric alone. AWS gives no public address to a machine with several interfaces.
    """
    cards = machine.fabric if spec.efa else ()
    if not (cards or spec.subnet_id) and spec.public_address:
        return []
    rows = [_interface(spec, group_id, card, kind) for card, kind in enumerate(cards or ("interface",)) if kind]
    if len(rows) == 1:
        rows[0]["AssociatePublicIpAddress"] = spec.public_address
    return rows


def _interface(spec: LaunchSpec, group_id: str, card: int, kind: str) -> Params:
    row: Params = {"DeviceIndex": 1 if card else 0, "Groups": [group_id], "DeleteOnTermination": True}
    if spec.subnet_id:
        row["SubnetId"] = spec.subnet_id
    if spec.efa:
        row |= {"NetworkCardIndex": card, "InterfaceType": kind}
    return row


def primary_interface(instance: Mapping[str, Any]) -> str:
    """The id of the interface that carries a machine's address."""
    for row in instance.get("NetworkInterfaces", []):
        attachment = row.get("Attachment", {})
        if not attachment.get("DeviceIndex", 0) and not attachment.get("NetworkCardIndex", 0):
            return str(row["NetworkInterfaceId"])
    return ""


def has_fixed_address(instance: Mapping[str, Any]) -> bool:
    """Whether a machine's public address is one that was allocated, not one that AWS lends while it runs."""
    owners = [row.get("Association", {}).get("IpOwnerId", AMAZON) for row in instance.get("NetworkInterfaces", [])]
    return any(owner != AMAZON for owner in owners)
