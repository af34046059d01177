# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Denied permissions, in the words of each service, and dry runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.cloud import PUBLIC_KEY, Cloud, Row, error_of, error_row, tag

LAUNCH = {"InstanceType": "g5.xlarge", "MinCount": 1, "MaxCount": 1}


@pytest.fixture
def denied(cloud: Cloud) -> Iterator[Any]:
    """Deny permissions for one test."""

    def deny(*rows: Row) -> None:
        answer = cloud.control("PUT", "denied", list(rows))
        assert answer == list(rows)

    yield deny
    cloud.control("PUT", "denied", [])


def refusal(call: Any, **parameters: Any) -> tuple[str, str, int]:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    answer: Any = caught.value.response
    return answer["Error"]["Code"], answer["Error"]["Message"], answer["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(
    ("service", "method", "parameters", "action", "code", "status", "where"),
    [
        ("ec2", "describe_instances", {}, "ec2:DescribeInstances", "UnauthorizedOperation", 403, ""),
        ("ec2", "describe_regions", {}, "EC2:Describe*", "UnauthorizedOperation", 403, ""),
        (
            "ec2",
            "terminate_instances",
            {"InstanceIds": ["i-0123456789abcdef0"]},
            "ec2:*",
            "UnauthorizedOperation",
            403,
            "arn:aws:ec2:us-west-2:123456789012:instance/i-0123456789abcdef0",
        ),
        ("ec2", "allocate_address", {}, "ec2:AllocateAddress", "UnauthorizedOperation", 403, ":elastic-ip/*"),
        ("ec2", "import_key_pair", {"KeyName": "k"}, "ec2:ImportKeyPair", "UnauthorizedOperation", 403, ":key-pair/k"),
        ("ssm", "get_parameter", {"Name": "/aws/service/x"}, "ssm:*", "AccessDeniedException", 400, "::parameter/aws/"),
        ("pricing", "get_products", {}, "pricing:GetProducts", "AccessDeniedException", 400, ""),
        ("sts", "get_caller_identity", {}, "sts:*", "AccessDenied", 403, ""),
        ("iam", "list_roles", {}, "iam:ListRoles", "AccessDenied", 403, ""),
        ("scheduler", "list_schedules", {}, "scheduler:*", "AccessDeniedException", 403, ""),
        ("service-quotas", "list_service_quotas", {}, "servicequotas:List*", "AccessDeniedException", 400, ""),
    ],
)
def test_denied_call_fails_as_its_service_says(
    cloud: Cloud,
    denied: Any,
    service: str,
    method: str,
    parameters: Row,
    action: str,
    code: str,
    status: int,
    where: str,
) -> None:
    denied({"action": action})
    region = "us-east-1" if service == "pricing" else None
    found = refusal(getattr(cloud.client(service, region), method), **parameters)
    assert (found[0], found[2]) == (code, status)
    assert "arn:aws:sts::123456789012:user/moto is not authorized to perform: " in found[1]
    assert ("on resource: " in found[1]) == bool(where)
    assert where in found[1]
    assert ("Encoded authorization failure message: " in found[1]) == (service == "ec2" and bool(where))


@pytest.mark.parametrize(
    ("denial", "changes", "action"),
    [
        ({"action": "ec2:RunInstances", "resource": "*:capacity-reservation/*"}, {}, None),
        ({"action": "ec2:RunInstances", "resource": "*:subnet/*"}, {}, "ec2:RunInstances"),
        ({"action": "ec2:RunInstances", "resource": "*:security-group/*"}, {}, "ec2:RunInstances"),
        ({"action": "ec2:RunInstances", "resource": "*:instance/*"}, {}, "ec2:RunInstances"),
        ({"action": "ec2:RunInstances", "resource": "*:image/ami-*"}, {}, "ec2:RunInstances"),
        ({"action": "ec2:RunInstances", "resource": "*:key-pair/lab"}, {"KeyName": "lab"}, "ec2:RunInstances"),
        ({"action": "ec2:CreateTags"}, {}, None),
        ({"action": "ec2:CreateTags"}, {"TagSpecifications": tag("instance", a="b")}, "ec2:CreateTags"),
        (
            {"action": "ec2:CreateTags", "resource": "*:volume/*"},
            {"TagSpecifications": [*tag("instance", a="b"), *tag("volume", a="b")]},
            "ec2:CreateTags",
        ),
        ({"action": "ec2:CreateTags", "resource": "*:volume/*"}, {"TagSpecifications": tag("instance", a="b")}, None),
        ({"action": "iam:PassRole"}, {}, None),
        ({"action": "iam:PassRole"}, {"IamInstanceProfile": {"Name": "lab"}}, "iam:PassRole"),
    ],
)
def test_launch_needs_every_permission_it_implies(
    cloud: Cloud, denied: Any, denial: Row, changes: Row, action: str | None
) -> None:
    request = {"ImageId": cloud.image(), **LAUNCH, **changes, "DryRun": True}
    denied(denial)
    code, text = error_row(cloud.client("ec2").run_instances, **request)
    assert code == ("UnauthorizedOperation" if action else "DryRunOperation")
    assert action is None or f"is not authorized to perform: {action} on resource: " in text


def test_refusal_comes_before_the_request_is_checked(cloud: Cloud, denied: Any) -> None:
    call = cloud.client("ec2").run_instances
    assert error_of(call, ImageId="nonsense", **LAUNCH) == "InvalidAMIID.Malformed"
    denied({"action": "ec2:RunInstances"})
    assert error_of(call, ImageId="nonsense", **LAUNCH) == "UnauthorizedOperation"


def test_refusal_is_decoded(cloud: Cloud, denied: Any) -> None:
    decode = cloud.client("sts").decode_authorization_message
    denied({"action": "ec2:AllocateAddress"})
    message = refusal(cloud.client("ec2").allocate_address)[1].rpartition(": ")[2]
    content = json.loads(decode(EncodedMessage=message)["DecodedMessage"])
    assert (content["allowed"], content["explicitDeny"]) == (False, False)
    assert content["matchedStatements"] == {"items": []}
    assert content["context"]["action"] == "ec2:AllocateAddress"
    assert content["context"]["resource"].endswith(":elastic-ip/*")
    assert error_of(decode, EncodedMessage="nonsense") == "InvalidAuthorizationMessageException"
    denied({"action": "sts:DecodeAuthorizationMessage"})
    assert error_of(decode, EncodedMessage=message) == "AccessDenied"


@pytest.mark.parametrize(
    "rows", ["nonsense", [{"resource": "*"}], [{"action": "RunInstances"}], [{"action": "a:b", "x": 1}]]
)
def test_malformed_denials_are_refused_and_change_nothing(cloud: Cloud, rows: Any) -> None:
    assert "error" in cloud.control("PUT", "denied", rows)
    assert error_of(cloud.client("ec2").describe_instances) is None


def dry_runs(cloud: Cloud) -> dict[str, Row]:
    (instance,) = cloud.launch()
    id = {"InstanceIds": [instance["InstanceId"]]}
    return {
        "run_instances": {"ImageId": cloud.image(), **LAUNCH, "ClientToken": "dry"},
        "terminate_instances": id,
        "stop_instances": id,
        "reboot_instances": id,
        "create_security_group": {"GroupName": "dry", "Description": "dry"},
        "import_key_pair": {"KeyName": "dry", "PublicKeyMaterial": PUBLIC_KEY},
        "allocate_address": {"Domain": "vpc"},
        "create_placement_group": {"GroupName": "dry", "Strategy": "cluster"},
        "create_tags": {"Resources": id["InstanceIds"], "Tags": [{"Key": "dry", "Value": "run"}]},
        "create_volume": {"AvailabilityZone": "us-west-2a", "Size": 1},
        "create_route_table": {"VpcId": cloud.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]},
        "describe_vpcs": {},
        "describe_instances": {},
    }


def test_dry_runs_do_nothing(cloud: Cloud, denied: Any) -> None:
    requests = dry_runs(cloud)
    before = cloud.control("GET", "state")
    for method, request in requests.items():
        call = getattr(cloud.client("ec2"), method)
        assert refusal(call, **request, DryRun=True)[::2] == ("DryRunOperation", 412), method
    after = cloud.control("GET", "state")
    for state in (before, after):
        for row in state["regions"]["us-west-2"]["instances"]:
            row.pop("state")
    assert after == before
    denied({"action": "ec2:*"})
    for method, request in requests.items():
        assert error_of(getattr(cloud.client("ec2"), method), **request, DryRun=True) == "UnauthorizedOperation"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ImageId": "ami-0123456789abcdef0"}, "InvalidAMIID.NotFound"),
        ({"KeyName": "nobody"}, "InvalidKeyPair.NotFound"),
        ({"Placement": {"GroupName": "nobody"}}, "InvalidPlacementGroup.Unknown"),
        ({"InstanceInitiatedShutdownBehavior": "sleep"}, "InvalidParameterValue"),
        ({"InstanceType": "p5.48xlarge"}, "DryRunOperation"),
        ({"MinCount": 9999, "MaxCount": 9999}, "DryRunOperation"),
    ],
)
def test_dry_run_checks_the_request_but_not_the_quota(cloud: Cloud, changes: Row, code: str) -> None:
    request = {"ImageId": cloud.image(), **LAUNCH, **changes, "DryRun": True}
    assert error_of(cloud.client("ec2").run_instances, **request) == code


SPOT = {"InstanceMarketOptions": {"MarketType": "spot"}}
SPOT_ROLE = "AuthFailure.ServiceLinkedRoleCreationNotPermitted"


@pytest.mark.parametrize(
    ("roles", "market", "code"),
    [
        ({"spot": False}, SPOT, SPOT_ROLE),
        ({"spot": False}, {}, None),
        ({"spot": False}, {**SPOT, "DryRun": True}, "DryRunOperation"),
        ({"spot": True}, SPOT, None),
        ({}, SPOT, None),
    ],
)
def test_first_spot_launch_makes_the_role_of_spot(
    cloud: Cloud, denied: Any, roles: Row, market: Row, code: str | None
) -> None:
    denied({"action": "iam:CreateServiceLinkedRole"})
    cloud.control("PUT", "roles", roles)
    assert error_of(cloud.launch, **market) == code


def test_role_of_spot_is_made_once(cloud: Cloud, denied: Any) -> None:
    cloud.control("PUT", "roles", {"spot": False})
    assert error_of(cloud.launch, **SPOT) is None
    denied({"action": "iam:CreateServiceLinkedRole"})
    assert error_of(cloud.launch, **SPOT) is None


def test_role_of_spot_may_be_made_by_hand(cloud: Cloud, denied: Any) -> None:
    iam = cloud.client("iam")
    cloud.control("PUT", "roles", {"spot": False})
    made = iam.create_service_linked_role(AWSServiceName="spot.amazonaws.com")["Role"]["RoleName"]
    denied({"action": "iam:CreateServiceLinkedRole"})
    assert error_of(cloud.launch, **SPOT) is None
    iam.delete_role(RoleName=made)
    cloud.control("PUT", "roles", {"spot": False})
    assert refusal(cloud.launch, **SPOT) == (
        SPOT_ROLE,
        "The provided credentials do not have permission to create the service-linked role for EC2 Spot Instances.",
        403,
    )


@pytest.mark.parametrize("body", [[], {"spot": "no"}, {"fleet": True}])
def test_malformed_roles_are_refused(cloud: Cloud, body: Any) -> None:
    assert "error" in cloud.control("PUT", "roles", body)
