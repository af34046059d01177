# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where machines stand: the plan, and each action after a crash at any point."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError, GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._run.place import (
    AllowBetween,
    AssignAddresses,
    CreatePlacementGroup,
    UseEndpoint,
    apply_place,
    plan_after,
    plan_before,
)

from tests.unit.fakes.aws import FakeClient, FakeClock, aws_error, clients_of
from tests.unit.fakes.rows import RUN_ID, boto_tags, choice, instance, machine, run_tags, spec, state

NAME = f"gpgpu-{RUN_ID}"
BY_RUN = {"Name": "tag:gpgpu:run", "Values": [RUN_ID]}
GROUP = {"GroupId": "sg-1", "VpcId": "vpc-1", "Tags": boto_tags(run_tags())}
GROUPS = {"SecurityGroups": [GROUP]}
WITH_FABRIC = choice(machine=machine(fabric=("efa",)))
CLUSTER = CreatePlacementGroup(NAME, "cluster")
FIXED = [{"NetworkInterfaceId": "eni-1", "Attachment": {}, "Association": {"IpOwnerId": "123456789012"}}]


@pytest.mark.parametrize(
    ("changes", "resources", "words"),
    [
        pytest.param({}, {}, [], id="a plain run"),
        pytest.param(
            {"placement_strategy": "cluster"}, {}, [f"create placement group {NAME} (cluster)"], id="a group of its own"
        ),
        pytest.param({"placement_strategy": "cluster"}, {"placement_group": ["pg-1"]}, [], id="made before"),
        pytest.param({"placement_group": "mine"}, {}, [], id="somebody's group"),
        pytest.param({"efa": True}, {}, ["allow all traffic between the machines of the run"], id="adapters"),
        pytest.param(
            {"access": "instance-connect-endpoint"},
            {},
            ["allow SSH (port 2222) from the network's instance connect endpoint, made when there is none"],
            id="an endpoint",
        ),
        pytest.param({"access": "session-manager"}, {}, [], id="Session Manager needs nothing"),
        pytest.param({"fixed_address": True}, {}, [], id="addresses come later"),
    ],
)
def test_plan_before(changes: dict[str, Any], resources: dict[str, list[str]], words: list[str]) -> None:
    actions = plan_before(spec(**changes), state(**resources), WITH_FABRIC, 2222)
    assert [str(action) for action in actions] == words


def test_a_type_without_adapters_needs_no_rule() -> None:
    assert plan_before(spec(efa=True), state(), choice()) == []


@pytest.mark.parametrize(
    ("changes", "machines", "count"),
    [
        ({}, [], 0),
        ({"fixed_address": True}, [], 2),
        ({"fixed_address": True}, [instance(1)], 2),
        ({"fixed_address": True}, [instance(1, NetworkInterfaces=FIXED)], 1),
        ({"fixed_address": True}, [instance(1, NetworkInterfaces=FIXED), instance(2, NetworkInterfaces=FIXED)], 0),
    ],
)
def test_plan_after(changes: dict[str, Any], machines: list[Any], count: int) -> None:
    actions = plan_after(spec(**changes), state(*machines), ["i-1", "i-2"])
    assert actions == ([AssignAddresses(count)] if count else [])
    assert [str(action) for action in actions] == [f"assign fixed addresses to {count} machines"][: bool(count)]


def applied(action: Any, changes: dict[str, Any], **answers: Any) -> FakeClient:
    """The calls of an action."""
    client = FakeClient(**answers)
    apply_place(clients_of(ec2=client), spec(**changes), action, ["i-1"], FakeClock())
    return client


def test_a_placement_group_carries_the_tags_of_the_run() -> None:
    client = applied(CLUSTER, {"placement_strategy": "cluster"}, create_placement_group={})
    (sent,) = client.sent("create_placement_group")
    assert (sent["GroupName"], sent["Strategy"]) == (NAME, "cluster")
    assert sent["TagSpecifications"][0]["ResourceType"] == "placement-group"


def existing_group(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "create_placement_group": aws_error("InvalidPlacementGroup.Duplicate"),
        "describe_placement_groups": {"PlacementGroups": rows},
    }


def test_a_group_of_an_earlier_attempt_is_adopted() -> None:
    client = applied(CLUSTER, {"placement_strategy": "cluster"}, **existing_group([{"Strategy": "cluster"}]))
    assert client.sent("describe_placement_groups") == [{"Filters": [{"Name": "group-name", "Values": [NAME]}, BY_RUN]}]


@pytest.mark.parametrize(
    ("rows", "told"), [([], "without this run's tag"), ([{"Strategy": "spread"}], "with the strategy spread")]
)
def test_somebody_elses_group_is_not_used(rows: list[dict[str, Any]], told: str) -> None:
    with pytest.raises(GpuError, match=told) as refused:
        applied(CLUSTER, {"placement_strategy": "cluster"}, **existing_group(rows))
    assert refused.value.code == "name_taken"


def test_another_refusal_is_told() -> None:
    with pytest.raises(AwsCallError):
        applied(CLUSTER, {"placement_strategy": "cluster"}, create_placement_group=aws_error("UnauthorizedOperation"))


@pytest.mark.parametrize("before", [{"SecurityGroupRules": []}, aws_error("InvalidPermission.Duplicate")])
def test_adapters_talk_both_ways_and_to_the_group_alone(before: Any) -> None:
    answers = {"authorize_security_group_ingress": before, "authorize_security_group_egress": before}
    client = applied(AllowBetween(), {"efa": True}, describe_security_groups=GROUPS, **answers)
    rule = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1"}]}]
    assert client.calls[1:] == [
        ("authorize_security_group_ingress", {"GroupId": "sg-1", "IpPermissions": rule}),
        ("authorize_security_group_egress", {"GroupId": "sg-1", "IpPermissions": rule}),
    ]


def test_the_endpoint_alone_is_let_in() -> None:
    endpoint = {"InstanceConnectEndpointId": "eice-1", "State": "create-complete", "SecurityGroupIds": ["sg-9"]}
    client = applied(
        UseEndpoint(22, ()),
        {"access": "instance-connect-endpoint"},
        describe_security_groups=GROUPS,
        describe_instance_connect_endpoints={"InstanceConnectEndpoints": [endpoint]},
        authorize_security_group_ingress={"SecurityGroupRules": []},
    )
    (sent,) = client.sent("authorize_security_group_ingress")
    (rule,) = sent["IpPermissions"]
    assert (rule["FromPort"], rule["ToPort"], rule["UserIdGroupPairs"]) == (22, 22, [{"GroupId": "sg-9"}])
    assert "IpRanges" not in rule


def test_a_group_that_aws_does_not_show_yet_is_told() -> None:
    with pytest.raises(GpuError, match="is not visible") as refused:
        applied(AllowBetween(), {"efa": True}, describe_security_groups={"SecurityGroups": []})
    assert refused.value.code == "group_invisible"
