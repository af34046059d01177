# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The interfaces of a machine: those of a launch, and which one carries its address."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType
from ansible_collections.gpgpu.aws.plugins.module_utils._run.interfaces import (
    has_fixed_address,
    launch_interfaces,
    primary_interface,
)

from tests.unit.fakes.rows import machine, spec

COMMON = {"Groups": ["sg-1"], "DeleteOnTermination": True}
MANY = ("efa", "efa-only", "efa-only")


def card(index: int, *kinds: str) -> dict[str, Any]:
    return {"NetworkCardIndex": index, "InterfaceTypes": list(kinds)}


@pytest.mark.parametrize(
    ("network", "fabric"),
    [
        ({}, ()),
        ({"EfaSupported": False, "NetworkCards": [card(0, "interface")]}, ()),
        ({"EfaSupported": True, "NetworkCards": [card(0, "interface", "efa", "efa-only")]}, ("efa",)),
        (
            {
                "EfaSupported": True,
                "NetworkCards": [card(number, "interface", "efa", "efa-only") for number in (2, 0, 1)],
            },
            MANY,
        ),
        (
            {"EfaSupported": True, "NetworkCards": [card(0, "interface"), card(1, "interface", "efa", "efa-only")]},
            ("interface", "efa-only"),
        ),
        (
            {"EfaSupported": True, "NetworkCards": [card(0, "efa"), card(1, "efa"), card(2, "interface")]},
            ("efa", "efa", ""),
        ),
        (
            {"EfaSupported": True, "NetworkCards": [{"NetworkCardIndex": 0}, {"NetworkCardIndex": 1}]},
            ("efa", "efa-only"),
        ),
    ],
)
def test_the_cards_of_a_type(network: dict[str, Any], fabric: tuple[str, ...]) -> None:
    row = {
        "InstanceType": "p5.48xlarge",
        "VCpuInfo": {"DefaultVCpus": 192},
        "MemoryInfo": {"SizeInMiB": 2097152},
        "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
        "NetworkInfo": network,
    }
    assert MachineType.from_row(row).fabric == fabric


@pytest.mark.parametrize(
    ("changes", "fabric", "rows"),
    [
        pytest.param({}, MANY, [], id="a plain launch leaves the interface to AWS"),
        pytest.param(
            {"public_address": False}, (), [{"DeviceIndex": 0, "AssociatePublicIpAddress": False}], id="private"
        ),
        pytest.param(
            {"subnet_id": "subnet-1"},
            (),
            [{"DeviceIndex": 0, "SubnetId": "subnet-1", "AssociatePublicIpAddress": True}],
            id="a named subnet",
        ),
        pytest.param(
            {"efa": True},
            ("efa",),
            [{"DeviceIndex": 0, "NetworkCardIndex": 0, "InterfaceType": "efa", "AssociatePublicIpAddress": True}],
            id="one adapter may have a public address",
        ),
        pytest.param(
            {"efa": True, "subnet_id": "subnet-1"},
            MANY,
            [
                {"DeviceIndex": 0, "NetworkCardIndex": 0, "InterfaceType": "efa", "SubnetId": "subnet-1"},
                {"DeviceIndex": 1, "NetworkCardIndex": 1, "InterfaceType": "efa-only", "SubnetId": "subnet-1"},
                {"DeviceIndex": 1, "NetworkCardIndex": 2, "InterfaceType": "efa-only", "SubnetId": "subnet-1"},
            ],
            id="one for each card, and AWS refuses to be asked for a public address",
        ),
        pytest.param(
            {"efa": True},
            ("interface", "", "efa-only"),
            [
                {"DeviceIndex": 0, "NetworkCardIndex": 0, "InterfaceType": "interface"},
                {"DeviceIndex": 1, "NetworkCardIndex": 2, "InterfaceType": "efa-only"},
            ],
            id="cards keep their numbers",
        ),
    ],
)
def test_interfaces_of_a_launch(changes: dict[str, Any], fabric: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    assert launch_interfaces(spec(**changes), machine(fabric=fabric), "sg-1") == [{**COMMON, **row} for row in rows]


def interface(one: str, device: int = 0, number: int = 0, owner: str = "") -> dict[str, Any]:
    row: dict[str, Any] = {
        "NetworkInterfaceId": one,
        "Attachment": {"DeviceIndex": device, "NetworkCardIndex": number},
    }
    return {**row, "Association": {"IpOwnerId": owner}} if owner else row


@pytest.mark.parametrize(
    ("rows", "primary"),
    [
        ([], ""),
        ([interface("eni-1")], "eni-1"),
        ([interface("eni-3", 1, 1), interface("eni-2", 1, 0), interface("eni-1")], "eni-1"),
        ([{"NetworkInterfaceId": "eni-1"}], "eni-1"),
    ],
)
def test_which_interface_carries_the_address(rows: list[dict[str, Any]], primary: str) -> None:
    assert primary_interface({"NetworkInterfaces": rows}) == primary


@pytest.mark.parametrize(("owner", "fixed"), [("", False), ("amazon", False), ("123456789012", True)])
def test_a_fixed_address_belongs_to_the_account(owner: str, fixed: bool) -> None:
    assert has_fixed_address({"NetworkInterfaces": [interface("eni-1", owner=owner)]}) is fixed
