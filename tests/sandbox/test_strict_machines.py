# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine may be launched with: interfaces, adapters, profiles, volumes, fixed addresses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.cloud import DEEP_LEARNING, Cloud, Row, error_of, error_row


def launch(cloud: Cloud, **changes: Any) -> tuple[str | None, str]:
    request = {"ImageId": cloud.image(), "InstanceType": "g5.xlarge", "MinCount": 1, "MaxCount": 1, **changes}
    return error_row(cloud.client("ec2").run_instances, **request, DryRun=True)


def nic(index: int, **more: Any) -> Row:
    return {"DeviceIndex": index, **more}


EFA = {"InterfaceType": "efa"}
PUBLIC = {"AssociatePublicIpAddress": True}
CARDS = [nic(0, NetworkCardIndex=0, **EFA), *(nic(1, NetworkCardIndex=card, **EFA) for card in (1, 2, 3))]


@pytest.mark.parametrize(
    ("instance_type", "rows", "code", "words"),
    [
        ("g5.xlarge", [nic(0, **PUBLIC)], "DryRunOperation", ""),
        ("g5.xlarge", [nic(0), nic(1)], "DryRunOperation", ""),
        ("g5.xlarge", [nic(0, **PUBLIC), nic(1)], "InvalidParameterCombination", "The associatePublicIPAddress"),
        ("g5.xlarge", [nic(0, **EFA)], "UnsupportedOperation", "EFA interfaces are not supported on g5.xlarge"),
        ("g5.8xlarge", [nic(0, **EFA)], "DryRunOperation", ""),
        ("g5.8xlarge", [nic(0, **EFA), nic(1, **EFA)], "AttachmentLimitExceeded", "EFA interface count 2"),
        ("g5.xlarge", [nic(index) for index in range(5)], "AttachmentLimitExceeded", "Interface count 5 exceeds"),
        ("g5.xlarge", [nic(0), nic(0)], "InvalidParameterValue", "same device index"),
        ("g5.xlarge", [nic(0), nic(1, NetworkCardIndex=1)], "InvalidParameterValue", "1 network cards"),
        ("g5.xlarge", [nic(0, InterfaceType="wifi")], "InvalidParameterValue", "'wifi'"),
        ("g5.xlarge", [{"Description": "a"}], "MissingParameter", "device index"),
        ("p4d.24xlarge", CARDS, "DryRunOperation", ""),
    ],
)
def test_interfaces_must_fit_the_type(cloud: Cloud, instance_type: str, rows: list[Row], code: str, words: str) -> None:
    found = launch(cloud, InstanceType=instance_type, NetworkInterfaces=[dict(row) for row in rows])
    assert found[0] == code
    assert words in found[1]


def test_group_beside_interfaces_is_refused(cloud: Cloud) -> None:
    group = cloud.client("ec2").describe_security_groups()["SecurityGroups"][0]["GroupId"]
    found = launch(cloud, NetworkInterfaces=[nic(0)], SecurityGroupIds=[group])
    assert found[0] == "InvalidParameterCombination"


def test_adapters_stand_on_their_cards_and_have_no_public_address(cloud: Cloud) -> None:
    (row,) = cloud.launch(InstanceType="g6e.48xlarge", NetworkInterfaces=[dict(each) for each in CARDS])
    shown = cloud.instance(row["InstanceId"])
    places = [
        (each["Attachment"]["NetworkCardIndex"], each["Attachment"]["DeviceIndex"], each["InterfaceType"])
        for each in shown["NetworkInterfaces"]
    ]
    assert sorted(places) == [(0, 0, "efa"), (1, 1, "efa"), (2, 1, "efa"), (3, 1, "efa")]
    assert not shown.get("PublicIpAddress")
    cloud.client("ec2").terminate_instances(InstanceIds=[row["InstanceId"]])


def test_profile_must_exist_and_is_every_machines(cloud: Cloud) -> None:
    name, iam = cloud.name(), cloud.client("iam")
    found = launch(cloud, IamInstanceProfile={"Name": name})
    words = f"Value ({name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"
    assert found == ("InvalidParameterValue", words)
    arn = f"arn:aws:iam::123456789012:instance-profile/{name}"
    assert launch(cloud, IamInstanceProfile={"Arn": arn})[0] == "InvalidParameterValue"
    iam.create_instance_profile(InstanceProfileName=name)
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}))
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    rows = cloud.launch(IamInstanceProfile={"Name": name}, MinCount=2, MaxCount=2)
    for row in rows:
        assert cloud.instance(row["InstanceId"])["IamInstanceProfile"]["Arn"] == arn


def disk(device: str, **ebs: Any) -> Row:
    return {"DeviceName": device, "Ebs": ebs}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([disk("/dev/sdf", VolumeSize=100, VolumeType="gp3"), disk("/dev/sdg", VolumeSize=1)], "DryRunOperation"),
        ([disk("/dev/sda1", VolumeType="gp3")], "DryRunOperation"),
        ([disk("/dev/sdf", VolumeSize=9), disk("/dev/sdf", VolumeSize=9)], "InvalidBlockDeviceMapping"),
        ([disk("/dev/sdf", VolumeType="gp3")], "MissingParameter"),
        ([disk("/dev/sdf", VolumeType="gp3", VolumeSize=65537)], "InvalidParameterValue"),
        ([disk("/dev/sdf", VolumeType="gp2", VolumeSize=16385)], "InvalidParameterValue"),
        ([disk("/dev/sdf", VolumeType="gp9", VolumeSize=9)], "InvalidParameterValue"),
    ],
)
def test_volumes_are_checked(cloud: Cloud, rows: list[Row], code: str) -> None:
    assert launch(cloud, BlockDeviceMappings=rows)[0] == code


def test_extra_volumes_are_made(cloud: Cloud) -> None:
    data = disk("/dev/sdf", VolumeSize=200, VolumeType="gp3", Iops=4000, Throughput=250)
    (row,) = cloud.launch(BlockDeviceMappings=[data, disk("/dev/sdg", VolumeSize=5)])
    by_machine = [{"Name": "attachment.instance-id", "Values": [row["InstanceId"]]}]
    rows = cloud.client("ec2").describe_volumes(Filters=by_machine)["Volumes"]
    found = {
        each["Attachments"][0]["Device"]: (each["Size"], each.get("Iops"), each.get("Throughput")) for each in rows
    }
    assert found["/dev/sdf"] == (200, 4000, 250)
    assert set(found) == {"/dev/sda1", "/dev/sdf", "/dev/sdg"}


def test_elastic_address_moves_and_stays_over_a_stop(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    one, two = (cloud.launch()[0]["InstanceId"] for _ in "ab")
    own = {id: cloud.instance(id)["PublicIpAddress"] for id in (one, two)}
    elastic = ec2.allocate_address(Domain="vpc")
    id, address = elastic["AllocationId"], elastic["PublicIp"]
    ec2.associate_address(InstanceId=one, AllocationId=id)
    assert cloud.instance(one)["PublicIpAddress"] == address
    ec2.stop_instances(InstanceIds=[one])
    assert cloud.instance(one)["State"]["Name"] == "stopped"
    ec2.start_instances(InstanceIds=[one])
    assert cloud.instance(one)["PublicIpAddress"] == address
    assert error_of(ec2.associate_address, InstanceId=two, AllocationId=id) == "Resource.AlreadyAssociated"
    ec2.associate_address(InstanceId=two, AllocationId=id, AllowReassociation=True)
    assert cloud.instance(two)["PublicIpAddress"] == address
    assert cloud.instance(one)["PublicIpAddress"] != address
    (row,) = ec2.describe_addresses(AllocationIds=[id])["Addresses"]
    assert error_of(ec2.release_address, AllocationId=id) == "InvalidIPAddress.InUse"
    ec2.disassociate_address(AssociationId=row["AssociationId"])
    assert cloud.instance(two)["PublicIpAddress"] == own[two]
    ec2.release_address(AllocationId=id)
    ec2.terminate_instances(InstanceIds=[one, two])
    gone = cloud.client("ec2").allocate_address(Domain="vpc")
    assert error_of(ec2.associate_address, InstanceId=one, AllocationId=gone["AllocationId"]) == "InvalidInstanceID"
    ec2.release_address(AllocationId=gone["AllocationId"])


def test_an_automatic_address_is_amazons_and_an_elastic_one_the_accounts(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    one = cloud.launch()[0]["InstanceId"]
    owners = []
    for _time in range(2):
        (interface,) = cloud.instance(one)["NetworkInterfaces"]
        owners.append(interface["Association"]["IpOwnerId"])
        elastic = ec2.allocate_address(Domain="vpc")
        ec2.associate_address(InstanceId=one, AllocationId=elastic["AllocationId"])
    assert owners[0] == "amazon"
    assert owners[1].isdigit()


@pytest.mark.parametrize(
    ("instance_type", "asked", "found"),
    [
        ("g5.xlarge", None, {"CoreCount": 2, "ThreadsPerCore": 2}),
        ("g5g.xlarge", None, {"CoreCount": 4, "ThreadsPerCore": 1}),
        ("g6.xlarge", None, {"CoreCount": 2, "ThreadsPerCore": 2}),
        ("g6.xlarge", {"CoreCount": 1, "ThreadsPerCore": 1}, {"CoreCount": 1, "ThreadsPerCore": 1}),
    ],
)
def test_machine_shows_its_cores(cloud: Cloud, instance_type: str, asked: Row | None, found: Row) -> None:
    types = cloud.client("ec2").describe_instance_types(InstanceTypes=[instance_type])["InstanceTypes"]
    parameter = DEEP_LEARNING
    if types[0]["ProcessorInfo"]["SupportedArchitectures"] == ["arm64"]:
        parameter = DEEP_LEARNING.replace("x86_64", "arm64")
    more = {"CpuOptions": asked} if asked else {}
    (row,) = cloud.launch(InstanceType=instance_type, ImageId=cloud.image(parameter), **more)
    assert row["CpuOptions"] == found
    assert cloud.instance(row["InstanceId"])["CpuOptions"] == found
    if asked is None:
        assert found["CoreCount"] * found["ThreadsPerCore"] == types[0]["VCpuInfo"]["DefaultVCpus"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"CoreCount": 2}, "MissingParameter"),
        ({"CoreCount": 7, "ThreadsPerCore": 2}, "InvalidParameterValue"),
        ({"CoreCount": 2, "ThreadsPerCore": 3}, "InvalidParameterValue"),
        ({"CoreCount": 2, "ThreadsPerCore": 2}, "DryRunOperation"),
    ],
)
def test_cores_must_be_those_that_the_type_can_have(cloud: Cloud, asked: Row, code: str) -> None:
    assert launch(cloud, CpuOptions=asked)[0] == code
