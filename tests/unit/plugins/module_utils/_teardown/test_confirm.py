# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The index of tags lags behind: what it lists is looked up by id, and what is gone is no longer counted."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.confirm import READERS, read_existing

from tests.unit.fakes.aws import FakeClient, aws_error, clients_of
from tests.unit.fakes.rows import RUN_ID, instance


def read(
    tagged: dict[str, list[str]], machines: Any = (), kinds: Any = None, **answers: Any
) -> tuple[dict[str, list[str]], list[str], FakeClient]:
    """What exists by kind, the machines, and the client."""
    tags = [{"ResourceType": kind, "ResourceId": one} for kind, ids in tagged.items() for one in ids]
    found = {"Reservations": [{"Instances": list(machines)}]}
    client = FakeClient(**{"describe_tags": {"Tags": tags}, "describe_instances": found, **answers})
    state = read_existing(clients_of(ec2=client), RUN_ID, tuple(READERS) if kinds is None else kinds)
    existing = {kind: ids for kind, ids in state.resources.items() if ids and kind != "instance"}
    return existing, [row["InstanceId"] for row in state.instances], client


# Kind -> the method that reads it, the filter by id, and an answer that shows the first of two.
LOOKUPS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "spot-instances-request": (
        "describe_spot_instance_requests",
        "spot-instance-request-id",
        {
            "SpotInstanceRequests": [
                {"SpotInstanceRequestId": "x-1", "State": "active"},
                {"SpotInstanceRequestId": "x-2", "State": "closed"},
            ]
        },
    ),
    "elastic-ip": ("describe_addresses", "allocation-id", {"Addresses": [{"AllocationId": "x-1"}]}),
    "volume": ("describe_volumes", "volume-id", {"Volumes": [{"VolumeId": "x-1"}]}),
    "network-interface": (
        "describe_network_interfaces",
        "network-interface-id",
        {"NetworkInterfaces": [{"NetworkInterfaceId": "x-1"}]},
    ),
    "security-group": ("describe_security_groups", "group-id", {"SecurityGroups": [{"GroupId": "x-1"}]}),
    "instance-connect-endpoint": (
        "describe_instance_connect_endpoints",
        "instance-connect-endpoint-id",
        {"InstanceConnectEndpoints": [{"InstanceConnectEndpointId": "x-1", "State": "create-complete"}]},
    ),
    "key-pair": ("describe_key_pairs", "key-pair-id", {"KeyPairs": [{"KeyPairId": "x-1"}]}),
}


# Kinds that are read one by one, since an unknown id hides the others: the method, its parameter, and the answer to
# an id that exists.
ONE_BY_ONE: dict[str, tuple[str, str, str, dict[str, Any], str]] = {
    "capacity-reservation": (
        *("describe_capacity_reservations", "CapacityReservationIds", "CapacityReservations"),
        {"CapacityReservationId": "x-1", "State": "active"},
        "InvalidCapacityReservationId.NotFound",
    ),
    "placement-group": (
        *("describe_placement_groups", "GroupIds", "PlacementGroups"),
        {"GroupId": "x-1", "GroupName": "gpgpu-x", "State": "available"},
        "InvalidPlacementGroup.Unknown",
    ),
}


def test_every_kind_that_is_looked_up_has_a_row_here() -> None:
    assert {*LOOKUPS, *ONE_BY_ONE} == set(READERS)


@pytest.mark.parametrize("kind", ONE_BY_ONE)
def test_an_unknown_id_hides_no_other(kind: str) -> None:
    method, parameter, envelope, row, code = ONE_BY_ONE[kind]
    answers = [aws_error(code), {envelope: [row]}]
    existing, _machines, client = read({kind: ["x-0", "x-1"]}, **{method: answers})
    assert existing == {kind: ["x-1"]}
    assert client.sent(method) == [{parameter: ["x-0"]}, {parameter: ["x-1"]}]


@pytest.mark.parametrize(
    ("kind", "method", "answer"),
    [
        (
            "capacity-reservation",
            "describe_capacity_reservations",
            {"CapacityReservations": [{"CapacityReservationId": "x-1", "State": "cancelled"}]},
        ),
        (
            "instance-connect-endpoint",
            "describe_instance_connect_endpoints",
            {"InstanceConnectEndpoints": [{"InstanceConnectEndpointId": "x-1", "State": "delete-complete"}]},
        ),
        (
            "placement-group",
            "describe_placement_groups",
            {"PlacementGroups": [{"GroupId": "x-1", "State": "deleted"}]},
        ),
    ],
)
def test_what_is_over_is_gone(kind: str, method: str, answer: dict[str, Any]) -> None:
    assert read({kind: ["x-1"]}, **{method: answer})[0] == {}


def test_an_endpoint_on_its_way_is_still_there() -> None:
    rows = [{"InstanceConnectEndpointId": "x-1", "State": "delete-in-progress"}]
    answer = {"InstanceConnectEndpoints": rows}
    existing, _machines, _client = read(
        {"instance-connect-endpoint": ["x-1"]}, describe_instance_connect_endpoints=answer
    )
    assert existing == {"instance-connect-endpoint": ["x-1"]}


def test_a_capacity_block_is_no_reservation_to_cancel() -> None:
    row = {"CapacityReservationId": "cr-1", "State": "active", "ReservationType": "capacity-block"}
    answer = {"CapacityReservations": [row]}
    assert read({"capacity-reservation": ["cr-1"]}, describe_capacity_reservations=answer)[0] == {
        "capacity-block": ["cr-1"]
    }


@pytest.mark.parametrize("kind", LOOKUPS)
def test_what_is_gone_is_not_counted(kind: str) -> None:
    method, name, answer = LOOKUPS[kind]
    existing, _machines, client = read({kind: ["x-1", "x-2"]}, **{method: answer})
    assert existing == {kind: ["x-1"]}
    assert client.sent(method) == [{"Filters": [{"Name": name, "Values": ["x-1", "x-2"]}]}]


@pytest.mark.parametrize("state", ["cancelled", "failed", "closed"])
def test_a_spot_request_that_is_over_is_gone(state: str) -> None:
    row = {"SpotInstanceRequestId": "sir-1", "State": state}
    answer = {"SpotInstanceRequests": [row]}
    assert read({"spot-instances-request": ["sir-1"]}, describe_spot_instance_requests=answer)[0] == {}


def test_nothing_listed_is_two_calls() -> None:
    existing, machines, client = read({})
    assert (existing, machines, sorted(client.methods)) == ({}, [], ["describe_instances", "describe_tags"])


def test_other_kinds_are_taken_as_listed() -> None:
    existing, _machines, client = read({"security-group": ["sg-1"], "snapshot": ["snap-1"]}, kinds=("volume",))
    assert existing == {"security-group": ["sg-1"], "snapshot": ["snap-1"]}
    assert sorted(client.methods) == ["describe_instances", "describe_tags"]


def test_what_ends_with_a_machine_is_not_looked_up() -> None:
    tagged = {"instance": ["i-1"], "volume": ["vol-1"], "network-interface": ["eni-1"]}
    existing, _machines, client = read(tagged, [instance(1)])
    assert existing == {"volume": ["vol-1"], "network-interface": ["eni-1"]}
    assert sorted(client.methods) == ["describe_instances", "describe_tags"]


@pytest.mark.parametrize("by_id", [[instance(2)], []])
def test_a_machine_that_only_the_index_knows_is_read_by_id(by_id: list[Any]) -> None:
    answers = [{"Reservations": [{"Instances": rows}]} for rows in ([instance(1)], by_id)]
    _existing, machines, client = read({"instance": ["i-1", "i-2"]}, describe_instances=answers)
    assert machines == ["i-1", *(row["InstanceId"] for row in by_id)]
    assert client.sent("describe_instances")[-1] == {"InstanceIds": ["i-2"]}


def test_a_machine_that_is_gone_does_not_hide_one_that_lives() -> None:
    """Else a teardown would call zero what bills."""

    def machines(**params: Any) -> dict[str, Any]:
        if "i-1" in params.get("InstanceIds", []):
            raise aws_error("InvalidInstanceID.NotFound")
        return {"Reservations": [{"Instances": [instance(2)] if "InstanceIds" in params else []}]}

    assert read({"instance": ["i-1", "i-2"]}, describe_instances=machines)[1] == ["i-2"]
