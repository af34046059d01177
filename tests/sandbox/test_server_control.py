# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import HTTPClientError

from tests.sandbox.cloud import Cloud, error_of, error_row, tag


def test_checkip_answers_with_the_callers_address(cloud: Cloud) -> None:
    assert cloud.control("GET", "checkip") == "127.0.0.1\n"


def test_unknown_control_request_names_the_known_ones(cloud: Cloud) -> None:
    assert "GET /_sandbox/state" in cloud.control("GET", "nothing")["error"]


def test_journal_has_each_call_with_its_outcome(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2", "eu-central-1")
    cloud.control("DELETE", "calls")
    ec2.describe_vpcs()
    error_of(ec2.terminate_instances, InstanceIds=["i-0123456789abcdef0"])
    calls = cloud.control("GET", "calls")
    seen = [(row["service"], row["action"], row["region"], row["status"], row["error"]) for row in calls]
    assert seen == [
        ("ec2", "DescribeVpcs", "eu-central-1", 200, None),
        ("ec2", "TerminateInstances", "eu-central-1", 400, "InvalidInstanceID.NotFound"),
    ]
    assert calls[1]["params"] == {"InstanceId.1": "i-0123456789abcdef0"}
    assert calls[0]["n"] < calls[1]["n"]
    assert cloud.control("DELETE", "calls") == []
    assert cloud.control("GET", "calls") == []


@pytest.mark.parametrize(
    ("service", "call", "parameters", "action"),
    [
        ("sts", "get_caller_identity", {}, "GetCallerIdentity"),
        ("ssm", "describe_parameters", {}, "DescribeParameters"),
        ("scheduler", "list_schedules", {}, "ListSchedules"),
        ("iam", "list_roles", {}, "ListRoles"),
    ],
)
def test_journal_names_the_action_of_each_protocol(
    cloud: Cloud, service: str, call: str, parameters: dict[str, Any], action: str
) -> None:
    cloud.control("DELETE", "calls")
    getattr(cloud.client(service), call)(**parameters)
    assert [(row["service"], row["action"]) for row in cloud.control("GET", "calls")] == [(service, action)]


def test_state_shows_what_exists_with_tags(cloud: Cloud) -> None:
    name = cloud.name()
    (row,) = cloud.launch(TagSpecifications=tag("instance", Name=name) + tag("volume", Name=name))
    state = cloud.control("GET", "state")["regions"][cloud.region]
    (instance,) = [found for found in state["instances"] if found["tags"] == {"Name": name}]
    assert instance["id"] == row["InstanceId"]
    assert instance["state"] == "running"
    assert instance["host"] is None
    (volume,) = [found for found in state["volumes"] if found["tags"] == {"Name": name}]
    assert volume["instance_id"] == row["InstanceId"]


def test_state_shows_other_services_and_forgets_what_is_deleted(cloud: Cloud) -> None:
    name, scheduler, iam = cloud.name(), cloud.client("scheduler"), cloud.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    target = {"Arn": "arn:aws:scheduler:::aws-sdk:ec2:terminateInstances", "RoleArn": role}
    window = {"Mode": "OFF"}
    scheduler.create_schedule(
        Name=name, ScheduleExpression="at(2030-01-01T00:00:00)", FlexibleTimeWindow=window, Target=target
    )
    cloud.client("ec2").create_placement_group(GroupName=name, Strategy="cluster")
    cloud.client("ssm").put_parameter(Name=name, Value="x", Type="String")

    def found() -> list[int]:
        state = cloud.control("GET", "state")
        kinds = {**state["regions"][cloud.region], **state["global"]}
        wanted = ("schedules", "roles", "placement_groups", "parameters")
        return [sum(name in row.values() for row in kinds[kind]) for kind in wanted]

    assert found() == [1, 1, 1, 1]
    scheduler.delete_schedule(Name=name)
    iam.delete_role(RoleName=name)
    cloud.client("ec2").delete_placement_group(GroupName=name)
    cloud.client("ssm").delete_parameter(Name=name)
    assert found() == [0, 0, 0, 0]


FAULT = {"action": "DescribeVpcs", "error": {"code": "RequestLimitExceeded", "message": "slow down", "status": 503}}


@pytest.mark.parametrize(
    ("rule", "outcomes"),
    [
        pytest.param(FAULT, ["x", "x", "x"], id="always"),
        pytest.param({**FAULT, "times": 2}, ["x", "x", None], id="the first two"),
        pytest.param({**FAULT, "nth": 2}, [None, "x", None], id="the second only"),
        pytest.param({**FAULT, "nth": 2, "times": 2}, [None, "x", "x", None], id="second and third"),
        pytest.param({**FAULT, "match": {"VpcId.1": "vpc-other"}}, [None], id="other parameters"),
        pytest.param({**FAULT, "match": {"region": "us-west-2"}}, ["x"], id="this region"),
        pytest.param({**FAULT, "match": {"region": "us-east-1"}}, [None], id="another region"),
        pytest.param({**FAULT, "action": "DescribeSubnets"}, [None], id="another action"),
    ],
)
def test_fault_fires_on_the_calls_it_names(cloud: Cloud, rule: dict[str, Any], outcomes: list[str | None]) -> None:
    ec2 = cloud.client("ec2")
    cloud.control("PUT", "faults", [rule])
    seen = [error_of(ec2.describe_vpcs) for _ in outcomes]
    assert seen == [outcome and "RequestLimitExceeded" for outcome in outcomes]


@pytest.mark.parametrize("service", ["ssm", "sts", "scheduler"])
def test_fault_is_worded_in_the_services_protocol(cloud: Cloud, service: str) -> None:
    calls = {"ssm": "describe_parameters", "sts": "get_caller_identity", "scheduler": "list_schedules"}
    action = "".join(word.capitalize() for word in calls[service].split("_"))
    rule = {"action": action, "error": {"code": "AccessDeniedException", "message": "no", "status": 403}}
    cloud.control("PUT", "faults", [rule])
    assert error_row(getattr(cloud.client(service), calls[service])) == ("AccessDeniedException", "no")


def test_lost_response_acts_and_then_cuts_the_connection(cloud: Cloud) -> None:
    ec2, name = cloud.client("ec2"), cloud.name()
    cloud.control("PUT", "faults", [{"action": "CreateSecurityGroup", "lost_response": True, "times": 1}])
    with pytest.raises(HTTPClientError):
        ec2.create_security_group(GroupName=name, Description="lost")
    groups = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": [name]}])["SecurityGroups"]
    assert [group["GroupName"] for group in groups] == [name]
    assert cloud.control("GET", "calls")[-2]["error"] == "lost_response"


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ({}, "list of rules"),
        ([{}], "an action"),
        ([{"action": "RunInstances"}], "needs one of"),
        ([{**FAULT, "sometimes": 1}], "sometimes"),
        ([{"action": "RunInstances", "error": {"message": "no code"}}], "with a code"),
    ],
)
def test_malformed_fault_script_is_refused_and_changes_nothing(cloud: Cloud, script: Any, complaint: str) -> None:
    cloud.control("PUT", "faults", [FAULT])
    assert complaint in cloud.control("PUT", "faults", script)["error"]
    assert error_of(cloud.client("ec2").describe_vpcs) == "RequestLimitExceeded"
