# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RunInstances: what AWS refuses, what it repeats, and what it makes."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from tests.sandbox.cloud import PUBLIC_KEY, Cloud, Row, error_of, error_row, tag

ARM = "/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id"
STOCK = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"


def run(cloud: Cloud, **changes: Any) -> tuple[Any, Row]:
    request = {"ImageId": cloud.image(), "InstanceType": "g5.xlarge", "MinCount": 1, "MaxCount": 1, **changes}
    return cloud.client("ec2").run_instances, request


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"ImageId": "ami-0123456789abcdef0"}, "InvalidAMIID.NotFound", "does not exist"),
        ({"ImageId": "deep-learning"}, "InvalidAMIID.Malformed", "Invalid id"),
        ({"ImageId": None}, "MissingParameter", "ImageId"),
        ({"InstanceType": "g5.tiny"}, "InvalidParameterValue", "Invalid value 'g5.tiny' for InstanceType."),
        ({"InstanceType": "g2.2xlarge"}, "Unsupported", "currently not supported"),
        ({"KeyName": "no-such-key"}, "InvalidKeyPair.NotFound", "no-such-key"),
        ({"SecurityGroupIds": ["sg-0123456789abcdef0"]}, "InvalidGroup.NotFound", "sg-0123456789abcdef0"),
        ({"SubnetId": "subnet-0123456789abcdef0"}, "InvalidSubnetID.NotFound", "subnet-0123456789abcdef0"),
        ({"InstanceType": "g5g.xlarge"}, "InvalidParameterValue", "The architecture 'arm64' of the specified instance"),
        ({"MinCount": 2}, "InvalidParameterValue", "minCount"),
        ({"InstanceType": "p5.48xlarge"}, "VcpuLimitExceeded", "vCPU limit of 0 allows"),
        ({"MinCount": 4097, "MaxCount": 4097}, "VcpuLimitExceeded", "vCPU limit of 16384 allows"),
        ({"UserData": "x" * 16385}, "InvalidParameterValue", "limited to 16384 bytes"),
        ({"UserData": "x" * 16384, "DryRun": True}, "DryRunOperation", "would have succeeded"),
        ({"InstanceInitiatedShutdownBehavior": "sleep"}, "InvalidParameterValue", "'sleep'"),
        ({"Placement": {"AvailabilityZone": "us-west-2z"}}, "Unsupported", "requested Availability Zone (us-west-2z)"),
        ({"Placement": {"GroupName": "nobody"}}, "InvalidPlacementGroup.Unknown", "nobody"),
        (
            {"TagSpecifications": tag("security-group", a="b")},
            "InvalidParameterValue",
            "'security-group' is not a valid",
        ),
        ({"TagSpecifications": tag("instance", **{"aws:x": "b"})}, "InvalidParameterValue", "reserved"),
        ({"TagSpecifications": tag("instance", **{"k" * 128: "b"})}, "InvalidParameterValue", "exceeds the maximum"),
        ({"TagSpecifications": tag("instance", k="v" * 256)}, "InvalidParameterValue", "exceeds the maximum"),
        ({"ClientToken": "t" * 65}, "InvalidParameterValue", "64 ASCII"),
        ({"DryRun": True}, "DryRunOperation", "would have succeeded"),
    ],
)
def test_launch_is_refused(cloud: Cloud, changes: Row, code: str, words: str) -> None:
    call, request = run(cloud, **changes)
    request = {key: value for key, value in request.items() if value is not None}
    found = error_row(call, **request)
    assert found[0] == code
    assert words in found[1]


@pytest.mark.parametrize(
    ("image", "code", "words"),
    [
        ("*-pv-server-*", "InvalidParameterCombination", "Virtualization type 'hvm' is required"),
        ("*-i386-server-*", "InvalidParameterValue", "The architecture 'x86_64' of the specified instance type"),
    ],
)
def test_image_that_the_type_cannot_boot_is_refused(cloud: Cloud, image: str, code: str, words: str) -> None:
    call, request = run(cloud, ImageId=cloud.image_like(image))
    found = error_row(call, **request)
    assert found[0] == code
    assert words in found[1]


def test_running_machines_count_against_the_quota(cloud: Cloud) -> None:
    other = dataclasses.replace(cloud, region="us-east-2")
    # 85 machines of 192 vCPUs leave 64 of the quota's 16384.
    rows = other.launch(InstanceType="g5.48xlarge", MinCount=85, MaxCount=85)
    call, request = run(other, InstanceType="g5.48xlarge")
    assert error_of(call, **request) == "VcpuLimitExceeded"
    assert error_of(call, **{**request, "InstanceMarketOptions": {"MarketType": "spot"}}) is None
    other.client("ec2").terminate_instances(InstanceIds=[row["InstanceId"] for row in rows])
    assert error_of(call, **request) is None


def test_arm_image_boots_on_an_arm_type(cloud: Cloud) -> None:
    (row,) = cloud.launch(ImageId=cloud.image(ARM), InstanceType="g5g.xlarge")
    assert row["Architecture"] == "arm64"


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"VolumeSize": 10}, "InvalidBlockDeviceMapping"),
        ({"VolumeType": "gp2", "Iops": 4000}, "InvalidParameterCombination"),
        ({"VolumeType": "gp2", "Throughput": 300}, "InvalidParameterCombination"),
        ({"Iops": 2999}, "InvalidParameterValue"),
        ({"Throughput": 2001}, "InvalidParameterValue"),
        ({"Iops": 4000, "Throughput": 300}, None),
    ],
)
def test_disk_figures_are_checked(cloud: Cloud, mapping: Row, code: str | None) -> None:
    call, request = run(cloud, BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": mapping}])
    assert error_of(call, **request) == code


@pytest.mark.parametrize(
    ("parameter", "mappings", "disks"),
    [
        pytest.param(STOCK, [], {"/dev/sda1": (8, "gp3", 3000, 125, False, True)}, id="the image's own"),
        pytest.param(
            STOCK,
            [
                {
                    "DeviceName": "/dev/sda1",
                    "Ebs": {"VolumeSize": 90, "Iops": 4000, "Throughput": 300, "Encrypted": True},
                }
            ],
            {"/dev/sda1": (90, "gp3", 4000, 300, True, True)},
            id="its root changed",
        ),
        pytest.param(
            STOCK,
            [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 90, "VolumeType": "gp3"}}],
            {"/dev/sda1": (8, "gp3", 3000, 125, False, True), "/dev/xvda": (90, "gp3", 3000, 125, False, True)},
            id="a wrong root name silently adds a second volume",
        ),
        pytest.param(
            STOCK,
            [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeType": "gp2", "DeleteOnTermination": False}}],
            {"/dev/sda1": (8, "gp2", None, None, False, False)},
            id="another type drops gp3's figures",
        ),
    ],
)
def test_volumes_of_a_launch(cloud: Cloud, parameter: str, mappings: list[Row], disks: Row) -> None:
    (row,) = cloud.launch(ImageId=cloud.image(parameter), BlockDeviceMappings=mappings)
    filters = [{"Name": "attachment.instance-id", "Values": [row["InstanceId"]]}]
    volumes = cloud.client("ec2").describe_volumes(Filters=filters)["Volumes"]
    assert {
        volume["Attachments"][0]["Device"]: (
            volume["Size"],
            volume["VolumeType"],
            volume.get("Iops"),
            volume.get("Throughput"),
            volume["Encrypted"],
            volume["Attachments"][0]["DeleteOnTermination"],
        )
        for volume in volumes
    } == disks


def test_same_token_and_request_answers_with_the_same_machines(cloud: Cloud) -> None:
    token = cloud.name()
    first = cloud.launch(ClientToken=token, MaxCount=2)
    again = cloud.launch(ClientToken=token, MaxCount=2)
    assert [row["InstanceId"] for row in again] == [row["InstanceId"] for row in first]
    assert [row["State"]["Name"] for row in first] == ["pending", "pending"]
    assert [row["State"]["Name"] for row in again] == ["running", "running"]


def test_token_answers_although_the_key_is_gone(cloud: Cloud) -> None:
    token, name, ec2 = cloud.name(), cloud.name(), cloud.client("ec2")
    ec2.import_key_pair(KeyName=name, PublicKeyMaterial=PUBLIC_KEY)
    first = cloud.launch(ClientToken=token, KeyName=name)
    ec2.delete_key_pair(KeyName=name)
    assert cloud.launch(ClientToken=token, KeyName=name)[0]["InstanceId"] == first[0]["InstanceId"]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"InstanceType": "g5.2xlarge"}, "IdempotentParameterMismatch"), ({"MaxCount": 2}, "IdempotentParameterMismatch")],
)
def test_same_token_with_another_request_is_refused(cloud: Cloud, change: Row, code: str) -> None:
    token = cloud.name()
    cloud.launch(ClientToken=token)
    call, request = run(cloud, ClientToken=token, **change)
    assert error_of(call, **request) == code


def test_token_of_a_terminated_machine_is_refused(cloud: Cloud) -> None:
    token, ec2 = cloud.name(), cloud.client("ec2")
    (row,) = cloud.launch(ClientToken=token)
    ec2.terminate_instances(InstanceIds=[row["InstanceId"]])
    call, request = run(cloud, ClientToken=token)
    assert error_of(call, **request) == "IdempotentInstanceTerminated"


def test_token_counts_per_zone_where_the_request_names_one(cloud: Cloud) -> None:
    token = cloud.name()
    rows = [
        cloud.launch(ClientToken=token, Placement={"AvailabilityZone": zone})[0]
        for zone in ("us-west-2a", "us-west-2b")
    ]
    assert rows[0]["InstanceId"] != rows[1]["InstanceId"]
    assert [row["Placement"]["AvailabilityZone"] for row in rows] == ["us-west-2a", "us-west-2b"]


def test_failed_launch_does_not_use_up_its_token(cloud: Cloud) -> None:
    token, name, ec2 = cloud.name(), cloud.name(), cloud.client("ec2")
    call, request = run(cloud, ClientToken=token, KeyName=name)
    assert error_of(call, **request) == "InvalidKeyPair.NotFound"
    ec2.import_key_pair(KeyName=name, PublicKeyMaterial=PUBLIC_KEY)
    assert error_of(call, **request) is None


def test_launch_without_zone_takes_one_that_has_the_type(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    filters = [{"Name": "instance-type", "Values": ["g6e.xlarge"]}]
    offers = ec2.describe_instance_type_offerings(LocationType="availability-zone", Filters=filters)
    (row,) = cloud.launch(InstanceType="g6e.xlarge")
    assert row["Placement"]["AvailabilityZone"] in {offer["Location"] for offer in offers["InstanceTypeOfferings"]}
    assert row["SubnetId"].startswith("subnet-")
    assert cloud.instance(row["InstanceId"])["PublicIpAddress"].startswith("127.77.")


def test_tags_reach_every_kind_that_the_launch_makes(cloud: Cloud) -> None:
    name, ec2 = cloud.name(), cloud.client("ec2")
    kinds = ("instance", "volume", "network-interface")
    cloud.launch(TagSpecifications=[row for kind in kinds for row in tag(kind, run=name)])
    tags = ec2.describe_tags(Filters=[{"Name": "value", "Values": [name]}])["Tags"]
    assert sorted(row["ResourceType"] for row in tags) == sorted(kinds)


def test_options_of_the_launch_are_kept(cloud: Cloud) -> None:
    (row,) = cloud.launch(
        ImageId=cloud.image(STOCK),
        MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 2, "InstanceMetadataTags": "enabled"},
        InstanceInitiatedShutdownBehavior="terminate",
        ClientToken=cloud.name(),
    )
    ec2, id = cloud.client("ec2"), row["InstanceId"]
    ec2.modify_instance_metadata_options(InstanceId=id, HttpEndpoint="disabled")
    options = cloud.instance(id)["MetadataOptions"]
    assert (options["HttpTokens"], options["HttpPutResponseHopLimit"]) == ("required", 2)
    assert (options["HttpEndpoint"], options["InstanceMetadataTags"]) == ("disabled", "enabled")
    behavior = ec2.describe_instance_attribute(InstanceId=id, Attribute="instanceInitiatedShutdownBehavior")
    assert behavior["InstanceInitiatedShutdownBehavior"]["Value"] == "terminate"


def test_image_that_requires_tokens_makes_them_the_default(cloud: Cloud) -> None:
    assert cloud.launch()[0]["MetadataOptions"]["HttpTokens"] == "required"
    assert cloud.launch(ImageId=cloud.image(STOCK))[0]["MetadataOptions"]["HttpTokens"] == "optional"


def test_spot_launch_has_a_request_that_follows_its_instance(cloud: Cloud) -> None:
    ec2, name = cloud.client("ec2"), cloud.name()
    (row,) = cloud.launch(
        InstanceMarketOptions={"MarketType": "spot"}, TagSpecifications=tag("spot-instances-request", run=name)
    )
    id = row["SpotInstanceRequestId"]
    assert row["InstanceLifecycle"] == "spot"
    (request,) = ec2.describe_spot_instance_requests(Filters=[{"Name": "tag:run", "Values": [name]}])[
        "SpotInstanceRequests"
    ]
    assert (request["SpotInstanceRequestId"], request["State"]) == (id, "active")
    assert (request["InstanceId"], request["Status"]["Code"]) == (row["InstanceId"], "fulfilled")
    cancelled = ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=[id])["CancelledSpotInstanceRequests"]
    assert cancelled == [{"SpotInstanceRequestId": id, "State": "cancelled"}]
    assert cloud.instance(row["InstanceId"])["State"]["Name"] == "running"


@pytest.mark.parametrize(("kind", "state"), [("one-time", "closed"), ("persistent", "open")])
def test_request_after_its_instance_was_terminated(cloud: Cloud, kind: str, state: str) -> None:
    ec2 = cloud.client("ec2")
    (row,) = cloud.launch(InstanceMarketOptions={"MarketType": "spot", "SpotOptions": {"SpotInstanceType": kind}})
    ec2.terminate_instances(InstanceIds=[row["InstanceId"]])
    ids = [row["SpotInstanceRequestId"]]
    (request,) = ec2.describe_spot_instance_requests(SpotInstanceRequestIds=ids)["SpotInstanceRequests"]
    assert request["State"] == state


def test_spot_price_below_the_market_is_refused(cloud: Cloud) -> None:
    market = {"MarketType": "spot", "SpotOptions": {"MaxPrice": "0.01"}}
    call, request = run(cloud, InstanceMarketOptions=market)
    assert error_of(call, **request) == "SpotMaxPriceTooLow"


def test_unknown_spot_request_is_refused(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    for call in (ec2.describe_spot_instance_requests, ec2.cancel_spot_instance_requests):
        assert error_of(call, SpotInstanceRequestIds=["sir-00000000"]) == "InvalidSpotInstanceRequestID.NotFound"
