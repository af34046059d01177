# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removals, each by its own call; a refusal is kept and never stops the rest."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.apply import Refusals, apply_removals
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.plan import Remove

from tests.unit.fakes.aws import FakeClient, FakeClock, aws_error, clients_of
from tests.unit.fakes.rows import instance

BUSY = aws_error("DependencyViolation", "resource sg-1 has a dependent object")
DENIED = aws_error("UnauthorizedOperation", "You are not authorized.")
ADDRESS = {"Addresses": [{"AllocationId": "e-1", "AssociationId": "a-1"}]}


def machines(*states: str) -> dict[str, Any]:
    rows = [instance(number, state) for number, state in enumerate(states, 1)]
    return {"Reservations": [{"Instances": rows}]}


def removed(*actions: Remove, seconds: float = 60, **answers: Any) -> tuple[Refusals, FakeClient, FakeClock]:
    """What AWS refused, the client, and the clock."""
    client, clock = FakeClient(**answers), FakeClock()
    return apply_removals(clients_of(ec2=client), actions, seconds, clock), client, clock


@pytest.mark.parametrize(
    ("action", "answers", "calls"),
    [
        (
            Remove("spot-instances-request", ("sir-1", "sir-2")),
            {"cancel_spot_instance_requests": {}},
            [("cancel_spot_instance_requests", {"SpotInstanceRequestIds": ["sir-1", "sir-2"]})],
        ),
        (
            Remove("elastic-ip", ("e-1",)),
            {"describe_addresses": ADDRESS, "disassociate_address": {}, "release_address": {}},
            [
                ("describe_addresses", {"Filters": [{"Name": "allocation-id", "Values": ["e-1"]}]}),
                ("disassociate_address", {"AssociationId": "a-1"}),
                ("release_address", {"AllocationId": "e-1"}),
            ],
        ),
        (
            Remove("elastic-ip", ("e-1",)),
            {"describe_addresses": {"Addresses": [{"AllocationId": "e-1"}]}, "release_address": {}},
            [
                ("describe_addresses", {"Filters": [{"Name": "allocation-id", "Values": ["e-1"]}]}),
                ("release_address", {"AllocationId": "e-1"}),
            ],
        ),
        (
            Remove("volume", ("vol-1", "vol-2")),
            {"delete_volume": {}},
            [("delete_volume", {"VolumeId": "vol-1"}), ("delete_volume", {"VolumeId": "vol-2"})],
        ),
        (
            Remove("network-interface", ("eni-1",)),
            {"delete_network_interface": {}},
            [("delete_network_interface", {"NetworkInterfaceId": "eni-1"})],
        ),
        (
            Remove("security-group", ("sg-1",)),
            {"delete_security_group": {}},
            [("delete_security_group", {"GroupId": "sg-1"})],
        ),
        (
            Remove("capacity-reservation", ("cr-1",)),
            {"cancel_capacity_reservation": {}},
            [("cancel_capacity_reservation", {"CapacityReservationId": "cr-1"})],
        ),
        (
            Remove("placement-group", ("pg-1",)),
            {"describe_placement_groups": {"PlacementGroups": [{"GroupName": "mine"}]}, "delete_placement_group": {}},
            [
                ("describe_placement_groups", {"GroupIds": ["pg-1"]}),
                ("delete_placement_group", {"GroupName": "mine"}),
            ],
        ),
        (
            Remove("placement-group", ("pg-1",)),
            {"describe_placement_groups": aws_error("InvalidPlacementGroup.Unknown")},
            [("describe_placement_groups", {"GroupIds": ["pg-1"]})],
        ),
        (Remove("key-pair", ("key-1",)), {"delete_key_pair": {}}, [("delete_key_pair", {"KeyPairId": "key-1"})]),
    ],
)
def test_calls(action: Remove, answers: dict[str, Any], calls: list[Any]) -> None:
    refusals, client, _clock = removed(action, **answers)
    assert (refusals, client.calls) == ({}, calls)


def test_machines_are_waited_for_until_they_have_ended() -> None:
    looks = [machines("shutting-down", "terminated"), machines("shutting-down", "terminated"), machines("terminated")]
    refusals, client, clock = removed(
        Remove("instance", ("i-1", "i-2")), terminate_instances={"TerminatingInstances": []}, describe_instances=looks
    )
    assert refusals == {}
    assert client.methods == ["terminate_instances", *["describe_instances"] * 3]
    assert client.sent("terminate_instances") == [{"InstanceIds": ["i-1", "i-2"]}]
    assert clock.pauses == [1, 1.3]


def test_waiting_ends_with_the_time() -> None:
    answers = {"terminate_instances": {"TerminatingInstances": []}, "describe_instances": machines("shutting-down")}
    _refusals, _client, clock = removed(Remove("instance", ("i-1",)), seconds=10, **answers)
    assert clock.seconds == 10


def test_a_refusal_is_kept_and_the_rest_goes_on() -> None:
    refusals, client, clock = removed(
        Remove("instance", ("i-1", "i-2")),
        Remove("security-group", ("sg-1",)),
        Remove("key-pair", ("key-1",)),
        terminate_instances=DENIED,
        delete_security_group=BUSY,
        delete_key_pair={},
    )
    assert refusals == {
        "i-1": ("UnauthorizedOperation", "You are not authorized."),
        "i-2": ("UnauthorizedOperation", "You are not authorized."),
        "sg-1": ("DependencyViolation", "resource sg-1 has a dependent object"),
    }
    assert client.methods == ["terminate_instances", "delete_security_group", "delete_key_pair"]
    assert clock.pauses == [], "machines that were not told to end are not waited for"


@pytest.mark.parametrize(
    ("code", "lasting"),
    [
        ("DependencyViolation", False),
        ("VolumeInUse", False),
        ("InvalidIPAddress.InUse", False),
        ("IncorrectState", False),
        ("InvalidParameterValue", False),
        ("InvalidPlacementGroup.InUse", False),
        ("RequestLimitExceeded", False),
        ("InternalError", False),
        ("ServiceUnavailable", False),
        ("Unavailable", False),
        ("ConnectTimeoutError", False),
        ("EndpointConnectionError", False),
        ("ReadTimeoutError", False),
        ("ConnectionClosedError", False),
        ("UnauthorizedOperation", True),
        ("OperationNotPermitted", True),
        ("AuthFailure", True),
    ],
)
def test_which_refusals_end_by_waiting(code: str, lasting: bool) -> None:
    assert Refusals({"sg-1": (code, "words")}).lasting() is lasting


def test_one_lasting_refusal_is_enough() -> None:
    both = {"sg-1": ("DependencyViolation", ""), "i-1": ("UnauthorizedOperation", "")}
    assert Refusals(both).lasting()
    assert not Refusals().lasting()


def endpoints(*states: str) -> list[dict[str, Any]]:
    """The answers of DescribeInstanceConnectEndpoints, one for each state; the empty state: it is gone."""
    return [
        {"InstanceConnectEndpoints": [{"InstanceConnectEndpointId": "eice-1", "State": state}] if state else []}
        for state in states
    ]


@pytest.mark.parametrize(
    ("states", "deletions"),
    [
        pytest.param(["create-complete", "delete-in-progress", "delete-complete"], 1, id="deleted and waited for"),
        pytest.param(["create-complete", ""], 1, id="gone at once"),
        pytest.param(["create-in-progress", "create-complete", ""], 1, id="AWS deletes it only once it is made"),
        pytest.param(["create-failed", ""], 1, id="one that failed"),
        pytest.param(["delete-failed", ""], 1, id="one whose deletion failed"),
        pytest.param(["delete-in-progress", "delete-in-progress", ""], 0, id="already on its way"),
        pytest.param([""], 0, id="gone before"),
    ],
)
def test_an_endpoint_is_waited_for_because_it_holds_the_security_group(states: list[str], deletions: int) -> None:
    refusals, client, _clock = removed(
        Remove("instance-connect-endpoint", ("eice-1",)),
        describe_instance_connect_endpoints=endpoints(*states),
        delete_instance_connect_endpoint={},
    )
    assert refusals == {}
    assert client.methods.count("delete_instance_connect_endpoint") == deletions
    assert client.methods.count("describe_instance_connect_endpoints") == max(len(states), 2)


def test_an_endpoint_is_deleted_only_once_it_is_made() -> None:
    _refusals, client, _clock = removed(
        Remove("instance-connect-endpoint", ("eice-1",)),
        describe_instance_connect_endpoints=endpoints("create-in-progress", "create-complete", ""),
        delete_instance_connect_endpoint={},
    )
    look = "describe_instance_connect_endpoints"
    assert client.methods == [look, look, "delete_instance_connect_endpoint", look]


def test_an_endpoint_that_may_not_be_deleted_is_not_waited_for() -> None:
    refusals, _client, clock = removed(
        Remove("instance-connect-endpoint", ("eice-1",)),
        describe_instance_connect_endpoints=endpoints("create-complete"),
        delete_instance_connect_endpoint=DENIED,
    )
    assert refusals == {"eice-1": ("UnauthorizedOperation", "You are not authorized.")}
    assert clock.pauses == []
