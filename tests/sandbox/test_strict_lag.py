# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Eventual consistency: what was just made is listed late, in each list by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.cloud import PUBLIC_KEY, Cloud, Row, error_of, error_row, tag

SPOT = {"InstanceMarketOptions": {"MarketType": "spot"}}


def launched(cloud: Cloud, name: str) -> Row:
    kinds = ("instance", "volume", "network-interface", "spot-instances-request")
    tags = [row for kind in kinds for row in tag(kind, run=name)]
    return cloud.launch(TagSpecifications=tags, **SPOT)[0]


def machine(cloud: Cloud, name: str) -> str:
    return str(launched(cloud, name)["InstanceId"])


def volume(cloud: Cloud, name: str) -> str:
    launched(cloud, name)
    (id,) = (row["id"] for row in truth(cloud, "volumes") if row["tags"] == {"run": name})
    return str(id)


def interface(cloud: Cloud, name: str) -> str:
    return str(launched(cloud, name)["NetworkInterfaces"][0]["NetworkInterfaceId"])


def spot_request(cloud: Cloud, name: str) -> str:
    return str(launched(cloud, name)["SpotInstanceRequestId"])


def group(cloud: Cloud, name: str) -> str:
    tags = tag("security-group", run=name)
    made = cloud.client("ec2").create_security_group(GroupName=name, Description="run", TagSpecifications=tags)
    return str(made["GroupId"])


def imported_key(cloud: Cloud, name: str) -> str:
    tags = tag("key-pair", run=name)
    made = cloud.client("ec2").import_key_pair(KeyName=name, PublicKeyMaterial=PUBLIC_KEY, TagSpecifications=tags)
    return str(made["KeyPairId"])


def created_key(cloud: Cloud, name: str) -> str:
    return str(
        cloud.client("ec2").create_key_pair(KeyName=name, TagSpecifications=tag("key-pair", run=name))["KeyPairId"]
    )


def address(cloud: Cloud, name: str) -> str:
    tags = tag("elastic-ip", run=name)
    return str(cloud.client("ec2").allocate_address(Domain="vpc", TagSpecifications=tags)["AllocationId"])


def truth(cloud: Cloud, kind: str) -> list[Row]:
    rows: list[Row] = cloud.control("GET", "state")["regions"][cloud.region][kind]
    return rows


def by_tag(cloud: Cloud, call: str, name: str) -> bool:
    """Tell whether a list shows anything with the tag."""
    answer = getattr(cloud.client("ec2"), call)(Filters=[{"Name": "tag:run", "Values": [name]}])
    return any(value for key, value in answer.items() if isinstance(value, list))


CASES = [
    (machine, "describe_instances", "InstanceIds", "InvalidInstanceID.NotFound"),
    (volume, "describe_volumes", "VolumeIds", "InvalidVolume.NotFound"),
    (interface, "describe_network_interfaces", "NetworkInterfaceIds", "InvalidNetworkInterfaceID.NotFound"),
    (
        spot_request,
        "describe_spot_instance_requests",
        "SpotInstanceRequestIds",
        "InvalidSpotInstanceRequestID.NotFound",
    ),
    (group, "describe_security_groups", "GroupIds", "InvalidGroup.NotFound"),
    (imported_key, "describe_key_pairs", "KeyPairIds", "InvalidKeyPair.NotFound"),
    (created_key, "describe_key_pairs", "KeyPairIds", "InvalidKeyPair.NotFound"),
    (address, "describe_addresses", "AllocationIds", "InvalidAllocationID.NotFound"),
]


@pytest.mark.parametrize(("make", "call", "ids", "code"), CASES, ids=[case[0].__name__ for case in CASES])
def test_what_was_just_made_is_read_late(
    cloud: Cloud, make: Callable[[Cloud, str], str], call: str, ids: str, code: str
) -> None:
    name = cloud.name()
    cloud.control("PUT", "lag", {"calls": 2})
    first = make(cloud, name)
    assert [by_tag(cloud, call, name) for _ in range(3)] == [False, False, True]
    assert [by_tag(cloud, "describe_tags", name) for _ in range(3)] == [False, False, True], "another index"
    other = cloud.name()
    id = make(cloud, other)
    read = getattr(cloud.client("ec2"), call)
    assert [error_of(read, **{ids: [id]}) for _ in range(3)] == [code, code, None]
    cloud.control("PUT", "lag", {})
    if make is address:
        for made in (first, id):
            cloud.client("ec2").release_address(AllocationId=made)


def test_words_of_an_id_that_is_not_known_yet(cloud: Cloud) -> None:
    ec2, name = cloud.client("ec2"), cloud.name()
    cloud.control("PUT", "lag", {"calls": 1})
    id = machine(cloud, name)
    assert error_row(ec2.describe_instances, InstanceIds=[id])[1] == f"The instance ID '{id}' does not exist"
    imported_key(cloud, name)
    assert error_row(ec2.describe_key_pairs, KeyNames=[name])[1] == f"The key pair '{name}' does not exist"


def test_what_was_there_before_is_seen(cloud: Cloud) -> None:
    name = cloud.name()
    old = machine(cloud, name)
    cloud.control("PUT", "lag", {"calls": 1})
    new = machine(cloud, name)

    def seen() -> set[str]:
        filters = [{"Name": "tag:run", "Values": [name]}]
        pages = cloud.client("ec2").describe_instances(Filters=filters)["Reservations"]
        return {row["InstanceId"] for page in pages for row in page["Instances"]}

    assert [seen(), seen()] == [{old}, {old, new}]


def test_repeated_token_answers_with_what_is_not_seen_yet(cloud: Cloud) -> None:
    ec2, token = cloud.client("ec2"), cloud.name()
    cloud.control("PUT", "lag", {"calls": 1})
    first, second = (cloud.launch(ClientToken=token)[0]["InstanceId"] for _ in range(2))
    assert first == second
    filters = [{"Name": "client-token", "Values": [token]}]
    assert [len(ec2.describe_instances(Filters=filters)["Reservations"]) for _ in range(2)] == [0, 1]


def test_lag_of_seconds_ends_when_it_is_taken_away(cloud: Cloud) -> None:
    name = cloud.name()
    cloud.control("PUT", "lag", {"seconds": 3600})
    group(cloud, name)
    assert [by_tag(cloud, "describe_security_groups", name) for _ in range(3)] == [False] * 3
    cloud.control("PUT", "lag", {})
    assert by_tag(cloud, "describe_security_groups", name)


def test_name_that_is_not_seen_yet_is_taken(cloud: Cloud) -> None:
    name = cloud.name()
    cloud.control("PUT", "lag", {"calls": 9})
    group(cloud, name)
    imported_key(cloud, name)
    assert error_of(group, cloud=cloud, name=name) == "InvalidGroup.Duplicate"
    assert error_of(imported_key, cloud=cloud, name=name) == "InvalidKeyPair.Duplicate"


@pytest.mark.parametrize(
    "body", [[], {"calls": -1}, {"calls": "2"}, {"calls": True}, {"reads": 1}, {"calls": 1, "seconds": 1}]
)
def test_malformed_lag_is_refused(cloud: Cloud, body: Any) -> None:
    assert "error" in cloud.control("PUT", "lag", body)
