# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic addresses: they move a machine's public address, and are not released while associated.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html
A machine that loses its elastic address gets its first one back, where AWS gives it a new one.
"""

from __future__ import annotations

from typing import Any, Protocol

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule


class Leads(Protocol):
    """What lies behind public addresses."""

    def attach(self, address: str, instance: Any) -> None:
        """Lead an elastic address to an instance."""

    def detach(self, address: str, instance: Any) -> None:
        """Lead an elastic address nowhere, and give the instance its own address back."""

    def give_back(self, address: str) -> None:
        """Return a released address to the pool."""


_leads: list[Leads] = []


def connect(leads: Leads) -> None:
    """Say what lies behind public addresses."""
    _leads[:] = [leads]


def associate(call: Ec2Call, proceed: Proceed) -> Any:
    """Associate with a machine that runs or is stopped; its public address is the elastic one from now on."""
    address = _named(call)
    instance = _instance(call)
    if instance is not None and instance.state not in ("running", "stopped", "stopping"):
        raise AwsError(
            "InvalidInstanceID",
            f"The {instance.state} instance '{instance.id}' is not in a valid state for this operation.",
        )
    before = _holder(address)
    answer = proceed()
    if address is not None and before is not None:
        _detach(address.public_ip, before)
    if address is not None and instance is not None:
        _attach(address.public_ip, instance)
    return answer


def disassociate(call: Ec2Call, proceed: Proceed) -> Any:
    """Take the address off its machine."""
    address = _named(call)
    before = _holder(address)
    answer = proceed()
    if address is not None and before is not None:
        _detach(address.public_ip, before)
    return answer


def release(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse an address that is in use."""
    address = _named(call)
    if address is not None and address.association_id:
        raise AwsError("InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")
    answer = proceed()
    if address is not None:
        call.backend.tags.pop(address.id, None)
        for leads in _leads:
            leads.give_back(address.public_ip)
    return answer


def _named(call: Ec2Call) -> Any:
    wanted = {"allocation_id": "AllocationId", "association_id": "AssociationId", "public_ip": "PublicIp"}
    values = {attribute: call.param(name) for attribute, name in wanted.items() if call.param(name)}
    rows = call.backend.addresses
    return next((row for row in rows for key, value in values.items() if getattr(row, key) == value), None)


def _instance(call: Ec2Call) -> Any:
    if call.param("InstanceId"):
        return call.backend.get_instance(call.param("InstanceId"))
    if call.param("NetworkInterfaceId"):
        return call.backend.get_network_interface(call.param("NetworkInterfaceId")).instance
    return None


def _holder(address: Any) -> Any:
    """Return the machine that has an elastic address, or None."""
    if address is None:
        return None
    return address.instance or (address.eni.instance if address.eni else None)


def _attach(public_ip: str, instance: Any) -> None:
    for leads in _leads:
        leads.attach(public_ip, instance)


def _detach(public_ip: str, instance: Any) -> None:
    for leads in _leads:
        leads.detach(public_ip, instance)


RULES: dict[str, Rule] = {
    "AssociateAddress": associate,
    "DisassociateAddress": disassociate,
    "ReleaseAddress": release,
}
