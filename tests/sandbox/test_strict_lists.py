# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists: pages, filters, tags, regions and types."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.cloud import PUBLIC_KEY, Cloud, Row, error_of, tag


@pytest.mark.parametrize(
    ("call", "key", "kind"),
    [
        ("describe_instances", "Reservations", "instance"),
        ("describe_volumes", "Volumes", "volume"),
        ("describe_network_interfaces", "NetworkInterfaces", "network-interface"),
        ("describe_tags", "Tags", "instance"),
    ],
)
def test_pages_hold_every_row_once(cloud: Cloud, call: str, key: str, kind: str) -> None:
    ec2, name = cloud.client("ec2"), cloud.name()
    cloud.launch(MaxCount=7, TagSpecifications=tag(kind, run=name))
    cloud.launch(MaxCount=5, TagSpecifications=tag(kind, run=name))
    request: Row = {"Filters": [{"Name": "tag:run", "Values": [name]}], "MaxResults": 5}
    sizes, rows = [], []
    while True:
        answer = getattr(ec2, call)(**request)
        page = [row for part in answer[key] for row in part.get("Instances", [part])]
        sizes.append(len(page))
        rows += [row.get("InstanceId") or row.get("VolumeId") or row.get("ResourceId") or str(row) for row in page]
        if not answer.get("NextToken"):
            break
        request["NextToken"] = answer["NextToken"]
    assert sizes == [5, 5, 2]
    assert len(set(rows)) == 12


def test_more_than_a_hundred_reservations_are_all_listed(cloud: Cloud) -> None:
    name = cloud.name()
    request = {"ImageId": cloud.image(), "TagSpecifications": tag("instance", run=name)}
    rows = [cloud.launch(**request)[0] for _ in range(101)]
    ec2, ids = cloud.client("ec2"), {row["InstanceId"] for row in rows}
    for asked in ({"Filters": [{"Name": "tag:run", "Values": [name]}]}, {"InstanceIds": list(ids)}):
        found = ec2.describe_instances(**asked)["Reservations"]
        assert {row["InstanceId"] for part in found for row in part["Instances"]} == ids
    ec2.terminate_instances(InstanceIds=list(ids))


@pytest.mark.parametrize(
    ("call", "size", "code"),
    [
        ("describe_instances", 4, "InvalidParameterValue"),
        ("describe_instances", 1001, "InvalidParameterValue"),
        ("describe_instances", 5, None),
        ("describe_volumes", 4, "InvalidParameterValue"),
        ("describe_tags", 4, "InvalidParameterValue"),
        ("describe_instance_types", 101, "InvalidParameterValue"),
        ("describe_images", 1, None),
        ("describe_spot_price_history", 1, None),
    ],
)
def test_page_sizes_are_limited(cloud: Cloud, call: str, size: int, code: str | None) -> None:
    assert error_of(getattr(cloud.client("ec2"), call), MaxResults=size) == code


def test_ids_and_pages_exclude_each_other(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    (row,) = cloud.launch()
    error = error_of(ec2.describe_instances, InstanceIds=[row["InstanceId"]], MaxResults=5)
    assert error == "InvalidParameterCombination"


def test_foreign_page_token_is_refused(cloud: Cloud) -> None:
    assert error_of(cloud.client("ec2").describe_volumes, NextToken="bm9uc2Vuc2U=") == "InvalidNextToken"


def test_types_come_in_pages_of_a_hundred(cloud: Cloud) -> None:
    answer = cloud.client("ec2").describe_instance_types()
    assert len(answer["InstanceTypes"]) == 100
    assert answer["NextToken"]


@pytest.mark.parametrize(
    ("region", "instance_type", "code"),
    [
        ("us-west-2", "g5.xlarge", None),
        ("us-west-2", "g2.2xlarge", "InvalidInstanceType"),
        ("us-west-2", "g5.tiny", "InvalidInstanceType"),
        ("eu-west-1", "g6.xlarge", "InvalidInstanceType"),
    ],
)
def test_types_are_those_of_the_region(cloud: Cloud, region: str, instance_type: str, code: str | None) -> None:
    call = cloud.client("ec2", region).describe_instance_types
    assert error_of(call, InstanceTypes=[instance_type]) == code


@pytest.mark.parametrize(("region", "found"), [("us-west-2", 1), ("eu-west-1", 0)])
def test_lists_of_types_are_those_of_the_region(cloud: Cloud, region: str, found: int) -> None:
    filters = [{"Name": "instance-type", "Values": ["g6.xlarge"]}]
    assert len(cloud.client("ec2", region).describe_instance_types(Filters=filters)["InstanceTypes"]) == found


@pytest.mark.parametrize(
    ("values", "families"),
    [
        (["g*"], {"g4dn", "g5", "g5g", "g6", "g6e", "g6f", "g7", "g7e", "gr6", "gr6f"}),
        (["g6?.xlarge"], {"g6e", "g6f"}),
        (["p5.*", "p4d.24xlarge"], {"p4d", "p5"}),
        (["G6.xlarge"], set()),
        (["g[56].xlarge"], set()),
    ],
)
@pytest.mark.parametrize(
    ("call", "key"),
    [
        ("describe_instance_types", "InstanceTypes"),
        ("describe_instance_type_offerings", "InstanceTypeOfferings"),
    ],
)
def test_wildcards_for_types(cloud: Cloud, call: str, key: str, values: list[str], families: set[str]) -> None:
    pages = cloud.client("ec2").get_paginator(call).paginate(Filters=[{"Name": "instance-type", "Values": values}])
    assert {row["InstanceType"].partition(".")[0] for page in pages for row in page[key]} == families


@pytest.mark.parametrize(
    ("kind", "location", "found"),
    [
        ("region", "us-west-2", {"us-west-2"}),
        ("availability-zone", "us-west-2*", {"us-west-2a", "us-west-2b", "us-west-2c"}),
        ("availability-zone", "us-west-2?", {"us-west-2a", "us-west-2b", "us-west-2c"}),
        ("availability-zone", "us-west-2b", {"us-west-2b"}),
        ("availability-zone-id", "usw2-az1", {"usw2-az1"}),
        ("availability-zone-id", "us-west-2b", set()),
        ("outpost", "*", set()),
    ],
)
def test_where_a_type_is_offered(cloud: Cloud, kind: str, location: str, found: set[str]) -> None:
    filters = [{"Name": "instance-type", "Values": ["g5.xlarge"]}, {"Name": "location", "Values": [location]}]
    answer = cloud.client("ec2").describe_instance_type_offerings(LocationType=kind, Filters=filters)
    rows = answer["InstanceTypeOfferings"]
    assert {row["Location"] for row in rows} == found
    assert all((row["InstanceType"], row["LocationType"]) == ("g5.xlarge", kind) for row in rows)


@pytest.mark.parametrize(
    ("call", "request_", "code"),
    [
        ("describe_instance_types", {"InstanceTypes": ["g5.xlarge"], "MaxResults": 5}, "InvalidParameterCombination"),
        ("describe_instance_types", {"InstanceTypes": ["g5.xlarge"] * 101}, "InvalidParameterValue"),
        ("describe_instance_types", {"Filters": [{"Name": "gpu", "Values": ["1"]}]}, "InvalidParameterValue"),
        ("describe_instance_types", {"DryRun": True}, "DryRunOperation"),
        ("describe_instance_type_offerings", {"LocationType": "planet"}, "InvalidParameterValue"),
        ("describe_instance_type_offerings", {"Filters": [{"Name": "x", "Values": ["1"]}]}, "InvalidParameterValue"),
        ("describe_instance_type_offerings", {"MaxResults": 4}, "InvalidParameterValue"),
    ],
)
def test_requests_for_types_are_checked(cloud: Cloud, call: str, request_: Row, code: str) -> None:
    assert error_of(getattr(cloud.client("ec2"), call), **request_) == code


def test_fraction_of_a_gpu_is_counted(cloud: Cloud) -> None:
    (row,) = cloud.client("ec2").describe_instance_types(InstanceTypes=["g6f.large"])["InstanceTypes"]
    assert (row["GpuInfo"]["Gpus"][0]["Count"], row["GpuInfo"]["Gpus"][0]["LogicalGpuCount"]) == (0, 1)


@pytest.mark.parametrize(
    ("filters", "kinds"),
    [
        ([], ["instance", "key-pair", "security-group", "volume"]),
        ([{"Name": "resource-type", "Values": ["volume", "key-pair"]}], ["key-pair", "volume"]),
        ([{"Name": "key", "Values": ["extra"]}], ["volume"]),
        ([{"Name": "key", "Values": ["ex*"]}, {"Name": "value", "Values": ["y??"]}], ["volume"]),
        ([{"Name": "value", "Values": ["no"]}], []),
    ],
)
def test_tags_of_every_kind_are_found(cloud: Cloud, filters: list[Row], kinds: list[str]) -> None:
    ec2, name = cloud.client("ec2"), cloud.name()
    ec2.import_key_pair(KeyName=name, PublicKeyMaterial=PUBLIC_KEY, TagSpecifications=tag("key-pair", run=name))
    ec2.create_security_group(GroupName=name, Description="run", TagSpecifications=tag("security-group", run=name))
    cloud.launch(TagSpecifications=tag("instance", run=name) + tag("volume", run=name, extra="yes"))
    mine = {row["ResourceId"] for row in ec2.describe_tags(Filters=[{"Name": "tag:run", "Values": [name]}])["Tags"]}
    rows = ec2.describe_tags(Filters=[*filters, {"Name": "resource-id", "Values": sorted(mine)}])["Tags"]
    assert sorted({row["ResourceType"] for row in rows}) == kinds


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Resources": ["i-0123456789abcdef0"]}, "InvalidInstanceID.NotFound"),
        ({"Resources": ["vol-0123456789abcdef0"]}, "InvalidVolume.NotFound"),
        ({"Tags": [{"Key": "aws:x", "Value": "y"}]}, "InvalidParameterValue"),
        ({"Tags": [{"Key": "", "Value": "y"}]}, "InvalidParameterValue"),
        ({}, None),
    ],
)
def test_tagging_is_checked(cloud: Cloud, change: Row, code: str | None) -> None:
    (row,) = cloud.launch()
    request = {"Resources": [row["InstanceId"]], "Tags": [{"Key": "run", "Value": "x"}], **change}
    assert error_of(cloud.client("ec2").create_tags, **request) == code


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("client-token", "token"),
        ("instance-state-name", "running"),
        ("tag:run", "token"),
        ("instance-type", "g5.xlarge"),
    ],
)
def test_instances_are_filtered(cloud: Cloud, name: str, values: str) -> None:
    token = cloud.name()
    (row,) = cloud.launch(ClientToken=token, TagSpecifications=tag("instance", run=token))
    cloud.launch()
    wanted = token if values == "token" else values
    filters = [{"Name": name, "Values": [wanted]}, {"Name": "tag:run", "Values": [token]}]
    found = cloud.client("ec2").describe_instances(Filters=filters)["Reservations"]
    assert [item["InstanceId"] for part in found for item in part["Instances"]] == [row["InstanceId"]]


def test_regions_of_the_account_and_of_the_partition(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    mine = {row["RegionName"]: row["OptInStatus"] for row in ec2.describe_regions()["Regions"]}
    every = {row["RegionName"]: row["OptInStatus"] for row in ec2.describe_regions(AllRegions=True)["Regions"]}
    assert set(mine.values()) == {"opt-in-not-required"}
    assert (mine["us-west-2"], every["me-central-1"]) == ("opt-in-not-required", "not-opted-in")
    assert len(mine) == 17
    assert len(every) == 34
    assert error_of(ec2.describe_regions, RegionNames=["us-west-9"]) == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("call", "parameters", "code"),
    [
        ("describe_key_pairs", {"KeyNames": ["nobody"]}, "InvalidKeyPair.NotFound"),
        ("describe_key_pairs", {"KeyPairIds": ["key-0123456789abcdef0"]}, "InvalidKeyPair.NotFound"),
        ("import_key_pair", {"KeyName": "é", "PublicKeyMaterial": PUBLIC_KEY}, "InvalidParameterValue"),
        ("import_key_pair", {"KeyName": "x", "PublicKeyMaterial": b"nonsense"}, "InvalidKeyPair.Format"),
        ("delete_key_pair", {"KeyName": "nobody"}, None),
    ],
)
def test_key_pairs_are_checked(cloud: Cloud, call: str, parameters: dict[str, Any], code: str | None) -> None:
    assert error_of(getattr(cloud.client("ec2"), call), **parameters) == code


def test_second_key_pair_of_a_name_is_refused(cloud: Cloud) -> None:
    ec2, name = cloud.client("ec2"), cloud.name()
    pair = ec2.import_key_pair(KeyName=name, PublicKeyMaterial=PUBLIC_KEY)
    assert error_of(ec2.import_key_pair, KeyName=name, PublicKeyMaterial=PUBLIC_KEY) == "InvalidKeyPair.Duplicate"
    ec2.delete_key_pair(KeyPairId=pair["KeyPairId"])
    assert error_of(ec2.describe_key_pairs, KeyNames=[name]) == "InvalidKeyPair.NotFound"
