# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several network interfaces in one launch, and Elastic Fabric Adapters among them.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-network-interfaces.html (network cards) and
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa.html ; the sentences were seen in public trackers, but for those
on network cards and on too many adapters.
"""

from __future__ import annotations

from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule

KINDS = ("interface", "efa", "efa-only")

Row = dict[str, Any]


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Check the interfaces, launch, and show each on its network card."""
    rows: list[Row] = call.param("NetworkInterfaces", [])
    if not rows:
        return proceed()
    _check_request(call, rows)
    _check_type(call.param("InstanceType"), rows)
    places = [(int(row.get("NetworkCardIndex", 0)), int(row["DeviceIndex"])) for row in rows]
    for index, row in enumerate(sorted(rows, key=_place)):
        # moto knows one card: there, interfaces with the same index on two cards would displace each other.
        row["DeviceIndex"] = index
        if len(rows) > 1:
            row["AssociatePublicIpAddress"] = False
    kinds = [row.get("InterfaceType", "interface") for row in sorted(rows, key=lambda row: int(row["DeviceIndex"]))]
    reservation = proceed()
    for instance in reservation.instances:
        for index, place in enumerate(sorted(places)):
            interface = instance.nics[index]
            interface.network_card_index, interface.device_index = place
            interface.interface_type = kinds[index]
    return reservation


def _place(row: Row) -> tuple[int, int]:
    return int(row.get("NetworkCardIndex", 0)), int(row["DeviceIndex"])


def _check_request(call: Ec2Call, rows: list[Row]) -> None:
    if any("DeviceIndex" not in row for row in rows):
        raise AwsError("MissingParameter", "Each network interface requires a device index.")
    if call.param("SecurityGroupIds") or call.param("SecurityGroups"):
        raise AwsError(
            "InvalidParameterCombination",
            "Network interfaces and an instance-level security groups may not be specified on the same request",
        )
    if len(rows) > 1 and any(row.get("AssociatePublicIpAddress") is True for row in rows):
        raise AwsError(
            "InvalidParameterCombination",
            "The associatePublicIPAddress parameter cannot be specified when launching with multiple network "
            "interfaces.",
        )
    for row in rows:
        if row.get("InterfaceType", "interface") not in KINDS:
            raise AwsError("InvalidParameterValue", f"Invalid value '{row['InterfaceType']}' for InterfaceType.")
    if len({_place(row) for row in rows}) < len(rows):
        raise AwsError("InvalidParameterValue", "Two network interfaces have the same device index on one card.")


def _check_type(name: str | None, rows: list[Row]) -> None:
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    network = INSTANCE_TYPES.get(name or "", {}).get("NetworkInfo")
    if network is None:
        return
    adapters = sum(row.get("InterfaceType", "interface") != "interface" for row in rows)
    if adapters and not network["EfaSupported"]:
        raise AwsError("UnsupportedOperation", f"EFA interfaces are not supported on {name}")
    if adapters > network.get("EfaInfo", {}).get("MaximumEfaInterfaces", 0):
        raise AwsError("AttachmentLimitExceeded", f"EFA interface count {adapters} exceeds the limit for {name}")
    if len(rows) > network["MaximumNetworkInterfaces"]:
        raise AwsError("AttachmentLimitExceeded", f"Interface count {len(rows)} exceeds the limit for {name}")
    cards = network.get("MaximumNetworkCards", 1)
    if any(int(row.get("NetworkCardIndex", 0)) >= cards for row in rows):
        raise AwsError("InvalidParameterValue", f"{name} has {cards} network cards, counted from 0.")


RULES: dict[str, Rule] = {"RunInstances": run_instances}
