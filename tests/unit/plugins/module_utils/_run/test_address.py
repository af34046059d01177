# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixed addresses: one for each machine, whatever an earlier attempt left."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.gpgpu.aws.plugins.module_utils._run.address import assign_addresses

from tests.unit.fakes.aws import FakeClient, FakeClock, aws_error, clients_of
from tests.unit.fakes.rows import RUN_ID, instance, run_tags


class Addresses:
    """The addresses of a run: id -> the interface it is attached to, or none.

    Parameters:
        lost: whether each answer of AllocateAddress is lost once, and the call repeated by the client.
    """

    def __init__(self, lost: bool = False, **held: str) -> None:
        self.held = {name.replace("_", "-"): interface for name, interface in held.items()}
        self.lost = lost
        self.client = FakeClient(
            describe_instances=self.machines,
            describe_addresses=self.describe,
            allocate_address=self.allocate,
            associate_address=self.associate,
            release_address=self.release,
        )

    def machines(self, **_params: Any) -> dict[str, Any]:
        rows = [instance(number, NetworkInterfaces=[self.interface(f"eni-{number}")]) for number in (1, 2)]
        return {"Reservations": [{"Instances": rows}]}

    def interface(self, name: str) -> dict[str, Any]:
        row: dict[str, Any] = {"NetworkInterfaceId": name, "Attachment": {"DeviceIndex": 0}}
        return {**row, "Association": {"IpOwnerId": "123456789012"}} if name in self.held.values() else row

    def describe(self, **_params: Any) -> dict[str, Any]:
        return {
            "Addresses": [
                {"AllocationId": one, **({"AssociationId": "a", "NetworkInterfaceId": at} if at else {})}
                for one, at in self.held.items()
            ]
        }

    def allocate(self, **_params: Any) -> dict[str, Any]:
        for _time in range(1 + self.lost):
            self.held[f"e-{len(self.held) + 1}"] = ""
        return {"AllocationId": f"e-{len(self.held)}", "PublicIp": "192.0.2.99"}

    def associate(self, **params: Any) -> dict[str, Any]:
        assert self.held[params["AllocationId"]] == ""
        assert params["AllowReassociation"] is False
        self.held[params["AllocationId"]] = params["NetworkInterfaceId"]
        return {"AssociationId": "a"}

    def release(self, **params: Any) -> dict[str, Any]:
        assert self.held.pop(params["AllocationId"]) == ""
        return {}

    def assign(self) -> list[str]:
        """Assign to two machines; the methods called."""
        before = len(self.client.calls)
        assign_addresses(clients_of(ec2=self.client), RUN_ID, run_tags(), ["i-1", "i-2"], FakeClock())
        return self.client.methods[before:]


@pytest.mark.parametrize(
    ("held", "allocated"),
    [
        pytest.param({}, 2, id="nothing was there"),
        pytest.param({"e_1": ""}, 1, id="one was allocated and not attached"),
        pytest.param({"e_1": "", "e_2": ""}, 0, id="both were allocated"),
        pytest.param({"e_1": "eni-2"}, 1, id="one was attached"),
        pytest.param({"e_1": "eni-2", "e_2": ""}, 0, id="one attached, one not"),
        pytest.param({"e_1": "", "e_2": "", "e_3": ""}, 0, id="one too many"),
    ],
)
@pytest.mark.parametrize("lost", [False, True], ids=["", "lost answers"])
def test_each_machine_gets_one_and_no_more(held: dict[str, str], allocated: int, lost: bool) -> None:
    addresses = Addresses(lost, **held)
    assert addresses.assign().count("allocate_address") == allocated
    assert sorted(addresses.held.values()) == ["eni-1", "eni-2"]


def test_a_second_time_changes_nothing() -> None:
    addresses = Addresses()
    addresses.assign()
    assert addresses.assign() == ["describe_instances", "describe_addresses"]


def test_a_machine_whose_row_lags_behind_gets_no_second_one() -> None:
    addresses = Addresses(e_1="eni-1", e_2="eni-2")
    addresses.client._answers["describe_instances"] = {"Reservations": [{"Instances": [instance(1), instance(2)]}]}
    assert addresses.assign() == ["describe_instances", "describe_addresses"]


def test_they_carry_the_tags_of_the_run() -> None:
    addresses = Addresses()
    addresses.assign()
    (sent, _other) = addresses.client.sent("allocate_address")
    assert sent["Domain"] == "vpc"
    assert sent["TagSpecifications"][0]["ResourceType"] == "elastic-ip"


def test_a_quota_is_told() -> None:
    addresses = Addresses()
    addresses.client._answers["allocate_address"] = aws_error("AddressLimitExceeded")
    with pytest.raises(AwsCallError):
        addresses.assign()
