# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call per function: what "not there" means for it, how its failure reads, and that its permission is declared."""

from __future__ import annotations

import ast
import inspect
from types import ModuleType
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2, market, network
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import tagged_resources

from tests.unit.fakes.aws import FakeClient, aws_error, clients_of, operations

# A function, its arguments, boto3's method, the code for "not there", and what it then answers.
MISSING: list[tuple[Any, dict[str, Any], str, str, Any]] = [
    (ec2.describe_instances, {"InstanceIds": ["i-1"]}, "describe_instances", "InvalidInstanceID.NotFound", []),
    (ec2.describe_instance_types, {"names": ["g2"]}, "describe_instance_types", "InvalidInstanceType", []),
    (ec2.describe_images, {"ImageIds": ["ami-1"]}, "describe_images", "InvalidAMIID.NotFound", []),
    (ec2.describe_images, {"ImageIds": ["ami-1"]}, "describe_images", "InvalidAMIID.Malformed", []),
    (ec2.terminate_instances, {"instance_ids": ["i-1"]}, "terminate_instances", "InvalidInstanceID.NotFound", False),
    (market.get_parameter, {"name": "/aws/x"}, "get_parameter", "ParameterNotFound", ""),
    (network.describe_security_groups, {"GroupIds": ["sg-1"]}, "describe_security_groups", "InvalidGroup.NotFound", []),
    (network.describe_key_pairs, {"KeyNames": ["k"]}, "describe_key_pairs", "InvalidKeyPair.NotFound", []),
    (network.delete_security_group, {"group_id": "sg-1"}, "delete_security_group", "InvalidGroup.NotFound", False),
    (network.delete_key_pair, {"key_pair_id": "key-1"}, "delete_key_pair", "InvalidKeyPair.NotFound", False),
    (network.delete_volume, {"volume_id": "vol-1"}, "delete_volume", "InvalidVolume.NotFound", False),
    (network.release_address, {"allocation_id": "e-1"}, "release_address", "InvalidAllocationID.NotFound", False),
    (
        network.disassociate_address,
        {"association_id": "a-1"},
        "disassociate_address",
        "InvalidAssociationID.NotFound",
        False,
    ),
    (
        network.delete_network_interface,
        {"interface_id": "eni-1"},
        "delete_network_interface",
        "InvalidNetworkInterfaceID.NotFound",
        False,
    ),
    (
        network.cancel_spot_requests,
        {"request_ids": ["sir-1"]},
        "cancel_spot_instance_requests",
        "InvalidSpotInstanceRequestID.NotFound",
        False,
    ),
]
SERVICES = {ec2: "ec2", network: "ec2", market: "ssm"}


def service_of(call: Any) -> str:
    return SERVICES[inspect.getmodule(inspect.unwrap(call)) or ec2]


@pytest.mark.parametrize(
    ("call", "arguments", "method", "code", "answer"), MISSING, ids=[f"{row[2]}-{row[3]}" for row in MISSING]
)
def test_what_is_not_there(call: Any, arguments: dict[str, Any], method: str, code: str, answer: Any) -> None:
    assert call(FakeClient(service_of(call), **{method: aws_error(code)}), **arguments) == answer


@pytest.mark.parametrize(
    ("call", "arguments", "method", "code", "_answer"), MISSING, ids=[f"{row[2]}-{row[3]}" for row in MISSING]
)
def test_any_other_refusal_is_raised(
    call: Any, arguments: dict[str, Any], method: str, code: str, _answer: Any
) -> None:
    with pytest.raises(AwsCallError, match=r"^Failed to "):
        call(FakeClient(service_of(call), **{method: aws_error(f"Not{code}")}), **arguments)


def test_a_failure_names_the_thing() -> None:
    client = FakeClient(delete_volume=aws_error("UnauthorizedOperation"))
    with pytest.raises(AwsCallError, match=r"^Failed to delete volume vol-1: "):
        network.delete_volume(client, "vol-1")


def test_a_group_not_visible_yet_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    answers = [aws_error("InvalidGroup.NotFound"), {"SecurityGroupRules": ["rule"]}]
    client = FakeClient(authorize_security_group_ingress=answers)
    assert network.authorize_ingress(client, "sg-1", []) == ["rule"]
    assert len(client.calls) == 2


def test_machines_of_all_reservations_are_listed() -> None:
    reservations = [
        {"Instances": [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}]},
        {"Instances": [{"InstanceId": "i-3"}]},
    ]
    rows = ec2.describe_instances(FakeClient(describe_instances={"Reservations": reservations}))
    assert [row["InstanceId"] for row in rows] == ["i-1", "i-2", "i-3"]


def test_one_call_sees_every_kind_that_carries_the_tag() -> None:
    rows = [("volume", "vol-2"), ("instance", "i-1"), ("volume", "vol-1")]
    client = FakeClient(describe_tags={"Tags": [{"ResourceType": kind, "ResourceId": one} for kind, one in rows]})
    found = tagged_resources(clients_of(ec2=client), "r1")
    assert found == {"instance": ["i-1"], "volume": ["vol-1", "vol-2"]}
    filters = [{"Name": "key", "Values": ["gpgpu:run"]}, {"Name": "value", "Values": ["r1"]}]
    assert client.calls == [("describe_tags", {"Filters": filters})]


def calls_in(module: ModuleType) -> set[str]:
    """The methods that a file calls on `client`, and those it asks a paginator for."""
    nodes = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call)]
    called = [(node.func, node.args) for node in nodes if isinstance(node.func, ast.Attribute)]
    on_client = [(func.attr, args) for func, args in called if ast.unparse(func.value) == "client"]
    return {ast.literal_eval(args[0]) if name == "get_paginator" else name for name, args in on_client}


@pytest.mark.parametrize(
    ("module", "services", "beside"),
    [
        (ec2, {"ec2": "ec2"}, set()),
        # Tags at creation need the permission, though nothing calls it.
        (network, {"ec2": "ec2"}, {"ec2:CreateTags"}),
        (market, {"ssm": "ssm", "pricing": "pricing", "servicequotas": "service-quotas"}, set()),
    ],
    ids=["ec2", "network", "market"],
)
def test_the_permissions_are_those_of_the_calls(module: Any, services: dict[str, str], beside: set[str]) -> None:
    names = {
        method: f"{prefix}:{op.name}" for prefix, api in services.items() for method, op in operations(api).items()
    }
    assert {names[method] for method in calls_in(module)} | beside == set(module.IAM_ACTIONS)
    assert sorted(module.IAM_ACTIONS) == list(module.IAM_ACTIONS)
