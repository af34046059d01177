# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""States, and what is left when a machine ends."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.sandbox.cloud import Cloud, Row, error_of, error_row, tag


def ids(rows: list[Row]) -> list[str]:
    return [row["InstanceId"] for row in rows]


def changes(answer: Row) -> list[tuple[str, str]]:
    (rows,) = [value for key, value in answer.items() if key.endswith("Instances")]
    return [(row["PreviousState"]["Name"], row["CurrentState"]["Name"]) for row in rows]


def test_instance_is_pending_and_then_running(cloud: Cloud) -> None:
    (row,) = cloud.launch()
    assert row["State"] == {"Code": 0, "Name": "pending"}
    assert cloud.instance(row["InstanceId"])["State"] == {"Code": 16, "Name": "running"}


def test_stop_start_and_terminate_name_the_states_on_the_way(cloud: Cloud) -> None:
    ec2, wanted = cloud.client("ec2"), ids(cloud.launch())
    before = cloud.instance(wanted[0])["PublicIpAddress"]
    assert changes(ec2.stop_instances(InstanceIds=wanted)) == [("running", "stopping")]
    stopped = cloud.instance(wanted[0])
    assert (stopped["State"]["Name"], stopped.get("PublicIpAddress")) == ("stopped", None)
    assert stopped["StateReason"]["Code"] == "Client.UserInitiatedShutdown"
    assert re.fullmatch(r"User initiated \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d GMT\)", stopped["StateTransitionReason"])
    assert changes(ec2.start_instances(InstanceIds=wanted)) == [("stopped", "pending")]
    started = cloud.instance(wanted[0])
    assert started["State"]["Name"] == "running"
    assert started["PublicIpAddress"] != before
    assert changes(ec2.terminate_instances(InstanceIds=wanted)) == [("running", "shutting-down")]
    assert cloud.instance(wanted[0])["State"] == {"Code": 48, "Name": "terminated"}


def test_terminated_instance_can_be_terminated_again(cloud: Cloud) -> None:
    ec2, wanted = cloud.client("ec2"), ids(cloud.launch())
    ec2.terminate_instances(InstanceIds=wanted)
    assert changes(ec2.terminate_instances(InstanceIds=wanted)) == [("terminated", "terminated")]


@pytest.mark.parametrize("call", ["stop_instances", "start_instances", "reboot_instances"])
def test_terminated_instance_takes_no_other_change(cloud: Cloud, call: str) -> None:
    ec2, wanted = cloud.client("ec2"), ids(cloud.launch())
    ec2.terminate_instances(InstanceIds=wanted)
    assert error_of(getattr(ec2, call), InstanceIds=wanted) == "IncorrectInstanceState"


def test_one_protected_instance_protects_the_whole_call(cloud: Cloud) -> None:
    ec2, wanted = cloud.client("ec2"), ids(cloud.launch(MaxCount=2))
    ec2.modify_instance_attribute(InstanceId=wanted[1], DisableApiTermination={"Value": True})
    assert error_of(ec2.terminate_instances, InstanceIds=wanted) == "OperationNotPermitted"
    assert cloud.instance(wanted[0])["State"]["Name"] == "running"


def test_shutdown_behavior_can_be_changed_and_leaves_the_groups(cloud: Cloud) -> None:
    ec2, (id,) = cloud.client("ec2"), ids(cloud.launch())
    groups = cloud.instance(id)["SecurityGroups"]
    ec2.modify_instance_attribute(InstanceId=id, InstanceInitiatedShutdownBehavior={"Value": "terminate"})
    found = ec2.describe_instance_attribute(InstanceId=id, Attribute="instanceInitiatedShutdownBehavior")
    assert found["InstanceInitiatedShutdownBehavior"]["Value"] == "terminate"
    assert cloud.instance(id)["SecurityGroups"] == groups != []


@pytest.mark.parametrize("call", ["describe_instances", "terminate_instances", "stop_instances"])
@pytest.mark.parametrize(
    ("id", "code"),
    [("i-0123456789abcdef0", "InvalidInstanceID.NotFound"), ("server-1", "InvalidInstanceID.Malformed")],
)
def test_unknown_instance_is_refused(cloud: Cloud, call: str, id: str, code: str) -> None:
    assert error_of(getattr(cloud.client("ec2"), call), InstanceIds=[id]) == code


def test_one_unknown_id_ends_none(cloud: Cloud) -> None:
    ec2, wanted = cloud.client("ec2"), ids(cloud.launch())
    error = error_of(ec2.terminate_instances, InstanceIds=[*wanted, "i-0123456789abcdef0"])
    assert error == "InvalidInstanceID.NotFound"
    assert cloud.instance(wanted[0])["State"]["Name"] == "running"


def test_nothing_of_a_terminated_instance_is_left(cloud: Cloud) -> None:
    ec2, name = cloud.client("ec2"), cloud.name()
    kinds = ("instance", "volume", "network-interface")
    specifications = [row for kind in kinds for row in tag(kind, run=name)]
    wanted = ids(cloud.launch(TagSpecifications=specifications))
    ec2.terminate_instances(InstanceIds=wanted)
    run: list[Row] = [{"Name": "tag:run", "Values": [name]}]
    assert ec2.describe_volumes(Filters=run)["Volumes"] == []
    assert ec2.describe_network_interfaces(Filters=run)["NetworkInterfaces"] == []
    assert cloud.instance(wanted[0]).get("NetworkInterfaces", []) == []
    tags = ec2.describe_tags(Filters=run)["Tags"]
    assert [row["ResourceType"] for row in tags] == ["instance"]


def test_volume_that_outlives_its_instance_becomes_available(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    disk = {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 5, "VolumeType": "gp3", "DeleteOnTermination": False}}
    (id,) = ids(cloud.launch(BlockDeviceMappings=[disk]))
    filters = [{"Name": "attachment.instance-id", "Values": [id]}, {"Name": "size", "Values": ["5"]}]
    (volume,) = ec2.describe_volumes(Filters=filters)["Volumes"]
    assert error_of(ec2.delete_volume, VolumeId=volume["VolumeId"]) == "VolumeInUse"
    ec2.terminate_instances(InstanceIds=[id])
    (left,) = ec2.describe_volumes(VolumeIds=[volume["VolumeId"]])["Volumes"]
    assert left["State"] == "available"


def test_group_in_use_is_not_deleted(cloud: Cloud) -> None:
    ec2, name = cloud.client("ec2"), cloud.name()
    group = ec2.create_security_group(GroupName=name, Description="run")["GroupId"]
    wanted = ids(cloud.launch(SecurityGroupIds=[group]))
    assert error_of(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    ec2.terminate_instances(InstanceIds=wanted)
    assert error_of(ec2.delete_security_group, GroupId=group) is None
    assert error_of(ec2.delete_security_group, GroupId=group) == "InvalidGroup.NotFound"


def test_group_named_by_another_groups_rule_is_not_deleted(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    first, second = (ec2.create_security_group(GroupName=cloud.name(), Description="run")["GroupId"] for _ in range(2))
    rule = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": first}]}]
    ec2.authorize_security_group_ingress(GroupId=second, IpPermissions=rule)
    assert error_of(ec2.delete_security_group, GroupId=first) == "DependencyViolation"
    ec2.revoke_security_group_ingress(GroupId=second, IpPermissions=rule)
    assert error_of(ec2.delete_security_group, GroupId=first) is None


def test_group_that_an_instance_was_moved_out_of_comes_free(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    old, new = (ec2.create_security_group(GroupName=cloud.name(), Description="run")["GroupId"] for _ in range(2))
    (id,) = ids(cloud.launch(SecurityGroupIds=[old]))
    ec2.modify_instance_attribute(InstanceId=id, Groups=[new])
    assert [group["GroupId"] for group in cloud.instance(id)["SecurityGroups"]] == [new]
    assert error_of(ec2.delete_security_group, GroupId=old) is None
    assert error_of(ec2.delete_security_group, GroupId=new) == "DependencyViolation"


def test_default_group_is_not_deleted(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    filters = [{"Name": "group-name", "Values": ["default"]}]
    (group,) = ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
    assert error_of(ec2.delete_security_group, GroupId=group["GroupId"]) == "CannotDelete"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"Description": "café"}, "Character sets beyond ASCII are not supported"),
        ({"GroupName": "sg-mine"}, "may not be in the format sg-*"),
        ({"Description": "one | two"}, "is invalid"),
        ({"TagSpecifications": tag("instance", a="b")}, "'instance' is not a valid taggable resource type"),
    ],
)
def test_group_words_are_checked(cloud: Cloud, changes: Row, words: str) -> None:
    request = {"GroupName": cloud.name(), "Description": "run", **changes}
    code, message = error_row(cloud.client("ec2").create_security_group, **request)
    assert code == "InvalidParameterValue"
    assert words in message


def test_second_group_of_a_name_is_refused(cloud: Cloud) -> None:
    ec2, name = cloud.client("ec2"), cloud.name()
    request: dict[str, Any] = {
        "GroupName": name,
        "Description": "run",
        "TagSpecifications": tag("security-group", run=name),
    }
    group = ec2.create_security_group(**request)["GroupId"]
    assert error_of(ec2.create_security_group, **request) == "InvalidGroup.Duplicate"
    (found,) = ec2.describe_security_groups(Filters=[{"Name": "tag:run", "Values": [name]}])["SecurityGroups"]
    assert found["GroupId"] == group


def test_associated_address_is_not_released(cloud: Cloud) -> None:
    ec2, (id,) = cloud.client("ec2"), ids(cloud.launch())
    address = ec2.allocate_address(Domain="vpc", TagSpecifications=tag("elastic-ip", run="x"))
    assert address["PublicIp"].startswith("127.77.")
    ec2.associate_address(AllocationId=address["AllocationId"], InstanceId=id)
    assert error_of(ec2.release_address, AllocationId=address["AllocationId"]) == "InvalidIPAddress.InUse"
    ec2.terminate_instances(InstanceIds=[id])
    (left,) = ec2.describe_addresses(AllocationIds=[address["AllocationId"]])["Addresses"]
    assert "AssociationId" not in left
    assert error_of(ec2.release_address, AllocationId=address["AllocationId"]) is None
    assert error_of(ec2.release_address, AllocationId=address["AllocationId"]) == "InvalidAllocationID.NotFound"


def test_placement_group_lives_until_its_instances_end(cloud: Cloud) -> None:
    ec2, name = cloud.client("ec2"), cloud.name()
    made = ec2.create_placement_group(
        GroupName=name, Strategy="cluster", TagSpecifications=tag("placement-group", run=name)
    )["PlacementGroup"]
    assert (made["GroupName"], made["State"], made["Tags"]) == (name, "available", [{"Key": "run", "Value": name}])
    assert error_of(ec2.create_placement_group, GroupName=name, Strategy="cluster") == "InvalidPlacementGroup.Duplicate"
    wanted = ids(cloud.launch(Placement={"GroupName": name}))
    assert error_of(ec2.delete_placement_group, GroupName=name) == "InvalidPlacementGroup.InUse"
    ec2.terminate_instances(InstanceIds=wanted)
    assert error_of(ec2.delete_placement_group, GroupName=name) is None
    assert error_of(ec2.describe_placement_groups, GroupNames=[name]) == "InvalidPlacementGroup.Unknown"


def test_console_of_an_api_only_machine_is_empty(cloud: Cloud) -> None:
    (id,) = ids(cloud.launch())
    assert cloud.client("ec2").get_console_output(InstanceId=id, Latest=True).get("Output", "") == ""
