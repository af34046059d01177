# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies in force: what they don't allow is refused, by action, resource and condition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.cloud import PUBLIC_KEY, Cloud, Row, error_of, tag

RUN = {"run": "one"}
TO_BE_TAGGED = {"StringLike": {"aws:RequestTag/run": "?*"}}
TAGGED = {"StringLike": {"aws:ResourceTag/run": "?*"}}


def policy(actions: str | list[str], resource: str = "*", condition: Row | None = None) -> Row:
    """A policy with one statement."""
    row = {"Effect": "Allow", "Action": actions, "Resource": resource, "Condition": condition or {}}
    return {"Version": "2012-10-17", "Statement": [row]}


@pytest.fixture
def allow(cloud: Cloud) -> Iterator[Any]:
    """Allow only what some policies allow, for one test; its addresses go, because an account has few."""

    def allow(*documents: Row) -> None:
        assert cloud.control("PUT", "allowed", list(documents)) == list(documents)

    yield allow
    cloud.control("PUT", "allowed", [])
    ec2 = cloud.client("ec2")
    for row in ec2.describe_addresses()["Addresses"]:
        if "AssociationId" in row:
            ec2.disassociate_address(AssociationId=row["AssociationId"])
        ec2.release_address(AllocationId=row["AllocationId"])


@pytest.mark.parametrize(
    ("document", "tags", "region", "passes"),
    [
        (policy("ec2:AllocateAddress"), {}, "us-west-2", True),
        (policy("EC2:allocate*"), {}, "us-west-2", True),
        (policy("ec2:ReleaseAddress"), {}, "us-west-2", False),
        (policy("ec2:AllocateAddress", "arn:aws:ec2:*:*:instance/*"), {}, "us-west-2", False),
        (policy("ec2:AllocateAddress", "arn:aws:ec2:us-west-2:*:elastic-ip/*"), {}, "us-west-2", True),
        (policy("ec2:AllocateAddress", "arn:aws:ec2:us-west-2:*:elastic-ip/*"), {}, "eu-west-1", False),
        (
            policy("ec2:AllocateAddress", condition={"StringEquals": {"aws:RequestedRegion": ["us-west-2"]}}),
            {},
            "us-west-2",
            True,
        ),
        (
            policy("ec2:AllocateAddress", condition={"StringEquals": {"aws:RequestedRegion": ["us-west-2"]}}),
            {},
            "eu-west-1",
            False,
        ),
        (policy("ec2:AllocateAddress"), RUN, "us-west-2", False),
        (policy(["ec2:AllocateAddress", "ec2:CreateTags"]), RUN, "us-west-2", True),
        (policy("ec2:*", condition=TO_BE_TAGGED), RUN, "us-west-2", True),
        (policy("ec2:*", condition=TO_BE_TAGGED), {"run": ""}, "us-west-2", False),
        (policy("ec2:*", condition=TO_BE_TAGGED), {}, "us-west-2", False),
        (policy("ec2:*", condition={"StringEquals": {"ec2:CreateAction": "AllocateAddress"}}), RUN, "us-west-2", False),
        (policy("ec2:*", condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["run"]}}), RUN, "us-west-2", True),
        (policy("ec2:*", condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["other"]}}), RUN, "us-west-2", False),
    ],
)
def test_what_is_created(cloud: Cloud, allow: Any, document: Row, tags: Row, region: str, passes: bool) -> None:
    allow(document)
    request = {"Domain": "vpc", "DryRun": True, **({"TagSpecifications": tag("elastic-ip", **tags)} if tags else {})}
    found = error_of(cloud.client("ec2", region).allocate_address, **request)
    assert found == ("DryRunOperation" if passes else "UnauthorizedOperation")


def test_tags_are_given_by_what_creates_only(cloud: Cloud, allow: Any) -> None:
    created = policy("ec2:CreateTags", condition={"StringEquals": {"ec2:CreateAction": "AllocateAddress"}})
    ec2 = cloud.client("ec2")
    own = ec2.allocate_address(Domain="vpc")["AllocationId"]
    allow(policy("ec2:AllocateAddress"), created)
    assert error_of(ec2.allocate_address, Domain="vpc", TagSpecifications=tag("elastic-ip", **RUN)) is None
    direct = {"Resources": [own], "Tags": [{"Key": "run", "Value": "one"}]}
    assert error_of(ec2.create_tags, **direct) == "UnauthorizedOperation"


@pytest.mark.parametrize("tags", [RUN, {"other": "two"}])
def test_what_is_changed(cloud: Cloud, allow: Any, tags: Row) -> None:
    ec2, name = cloud.client("ec2"), cloud.name()
    pair = ec2.import_key_pair(KeyName=name, PublicKeyMaterial=PUBLIC_KEY, TagSpecifications=tag("key-pair", **tags))[
        "KeyPairId"
    ]
    ec2.create_placement_group(GroupName=name, Strategy="cluster", TagSpecifications=tag("placement-group", **tags))
    given = ec2.allocate_address(Domain="vpc", TagSpecifications=tag("elastic-ip", **tags))["AllocationId"]
    (machine,) = cloud.launch(TagSpecifications=[*tag("network-interface", **tags), *tag("instance", **tags)])
    interface = cloud.instance(machine["InstanceId"])["NetworkInterfaces"][0]["NetworkInterfaceId"]
    held = ec2.associate_address(AllocationId=given, NetworkInterfaceId=interface)["AssociationId"]
    allow(policy("ec2:*", "arn:aws:ec2:us-west-2:123456789012:*/*", TAGGED))
    calls = (
        (ec2.disassociate_address, {"AssociationId": held}),
        (ec2.release_address, {"AllocationId": given}),
        (ec2.delete_key_pair, {"KeyPairId": pair}),
        (ec2.delete_placement_group, {"GroupName": name}),
        (ec2.terminate_instances, {"InstanceIds": [machine["InstanceId"]]}),
    )
    for call, request in calls:
        assert error_of(call, **request) == (None if tags == RUN else "UnauthorizedOperation"), request


@pytest.mark.parametrize(
    ("options", "passes"),
    [({"MetadataOptions": {"HttpTokens": "required"}}, True), ({"MetadataOptions": {"HttpTokens": "optional"}}, False)],
)
def test_condition_of_a_machine(cloud: Cloud, allow: Any, options: Row, passes: bool) -> None:
    image = cloud.image()
    allow(policy("ec2:RunInstances", condition={"StringEquals": {"ec2:MetadataHttpTokens": "required"}}))
    found = error_of(cloud.launch, ImageId=image, DryRun=True, **options)
    assert found == ("DryRunOperation" if passes else "UnauthorizedOperation")


@pytest.mark.parametrize("service", ["scheduler.amazonaws.com", "ec2.amazonaws.com"])
def test_roles_are_passed_to_one_service(cloud: Cloud, allow: Any, service: str) -> None:
    image = cloud.image()
    allow(
        policy("ec2:RunInstances"), policy("iam:PassRole", condition={"StringEquals": {"iam:PassedToService": service}})
    )
    found = error_of(cloud.launch, ImageId=image, IamInstanceProfile={"Name": "lab"}, DryRun=True)
    assert (found == "UnauthorizedOperation") == (service != "ec2.amazonaws.com")


@pytest.mark.parametrize(
    "body",
    [
        {},
        [1],
        [{}],
        [{"Statement": [{"Effect": "Deny", "Action": "a:b", "Resource": "*"}]}],
        [{"Statement": [{"Effect": "Allow", "Action": "a:b"}]}],
        [{"Statement": [{"Effect": "Allow", "NotAction": "a:b", "Resource": "*"}]}],
        [policy("a:b", condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})],
    ],
)
def test_malformed_policies_are_refused_and_change_nothing(cloud: Cloud, body: Any) -> None:
    assert "error" in cloud.control("PUT", "allowed", body)
    assert error_of(cloud.client("ec2").describe_instances) is None
