# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Placement groups: what may be in one, and where its machines stand."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.sandbox.cloud import Cloud, Row, error_of, error_row


def group(cloud: Cloud, **parameters: Any) -> Row:
    made: Row = cloud.client("ec2").create_placement_group(GroupName=cloud.name(), **parameters)["PlacementGroup"]
    return made


def placed(name: str, zone: str = "us-west-2a", **placement: Any) -> Row:
    return {"Placement": {"GroupName": name, "AvailabilityZone": zone, **placement}}


@pytest.mark.parametrize(
    ("parameters", "shown"),
    [
        ({"Strategy": "cluster"}, ("cluster", None, None)),
        ({"Strategy": "spread"}, ("spread", None, "rack")),
        ({"Strategy": "partition"}, ("partition", 2, None)),
        ({"Strategy": "partition", "PartitionCount": 7}, ("partition", 7, None)),
        ({}, ("cluster", None, None)),
    ],
)
def test_group_as_it_was_asked_for(cloud: Cloud, parameters: Row, shown: Any) -> None:
    name = group(cloud, **parameters)["GroupName"]
    (row,) = cloud.client("ec2").describe_placement_groups(GroupNames=[name])["PlacementGroups"]
    assert (row["Strategy"], row.get("PartitionCount"), row.get("SpreadLevel")) == shown
    assert row["GroupArn"].endswith(f":placement-group/{name}")


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"Strategy": "pile"}, "InvalidParameterValue"),
        ({"Strategy": "cluster", "PartitionCount": 2}, "InvalidParameterCombination"),
        ({"Strategy": "partition", "PartitionCount": 8}, "InvalidParameterValue"),
    ],
)
def test_group_that_cannot_be(cloud: Cloud, parameters: Row, code: str) -> None:
    assert error_of(cloud.client("ec2").create_placement_group, GroupName=cloud.name(), **parameters) == code


@pytest.mark.parametrize("key", ["GroupName", "GroupId"])
def test_machine_shows_its_group(cloud: Cloud, key: str) -> None:
    made = group(cloud, Strategy="cluster")
    (row,) = cloud.launch(Placement={key: made[key]})
    placement = cloud.instance(row["InstanceId"])["Placement"]
    assert (placement["GroupName"], placement["GroupId"]) == (made["GroupName"], made["GroupId"])


@pytest.mark.parametrize(
    ("placement", "code", "words"),
    [
        ({"GroupName": "nobody"}, "InvalidPlacementGroup.Unknown", "The Placement Group 'nobody' is unknown."),
        ({"GroupId": "pg-0123456789abcdef0"}, "InvalidPlacementGroup.Unknown", "pg-0123456789abcdef0"),
        ({"GroupName": "a", "GroupId": "b"}, "InvalidParameterCombination", "GroupId"),
    ],
)
def test_unknown_group(cloud: Cloud, placement: Row, code: str, words: str) -> None:
    found = error_row(cloud.launch, Placement=placement)
    assert found[0] == code
    assert words in found[1]


def test_cluster_takes_no_burstable_machine(cloud: Cloud) -> None:
    name = group(cloud, Strategy="cluster")["GroupName"]
    assert error_row(cloud.launch, InstanceType="t3.micro", **placed(name)) == (
        "InvalidParameterCombination",
        "Cluster placement groups are not supported by the 't3.micro' instance type. Specify a supported instance "
        "type or change the placement group strategy, and try again.",
    )


def test_group_takes_no_spot_machine_that_stops(cloud: Cloud) -> None:
    name = group(cloud, Strategy="cluster")["GroupName"]
    options = {"SpotInstanceType": "persistent", "InstanceInterruptionBehavior": "stop"}
    market = {"MarketType": "spot", "SpotOptions": options}
    code = error_of(cloud.launch, InstanceMarketOptions=market, **placed(name))
    assert code == "InvalidParameterCombination"


def test_cluster_stands_in_one_zone(cloud: Cloud) -> None:
    name = group(cloud, Strategy="cluster")["GroupName"]
    (row,) = cloud.launch(**placed(name))
    assert error_row(cloud.launch, **placed(name, "us-west-2b")) == (
        "InvalidPlacementGroup.InUse",
        f"The placement group '{name}' is in use in another availability zone: us-west-2a",
    )
    cloud.client("ec2").terminate_instances(InstanceIds=[row["InstanceId"]])
    assert cloud.client("ec2").describe_instances(InstanceIds=[row["InstanceId"]])
    assert error_of(cloud.launch, **placed(name, "us-west-2b")) is None


def test_spread_takes_seven_machines_per_zone(cloud: Cloud) -> None:
    name = group(cloud, Strategy="spread")["GroupName"]
    cloud.launch(MinCount=6, MaxCount=6, **placed(name))
    assert error_of(cloud.launch, MinCount=2, MaxCount=2, **placed(name)) == "InsufficientInstanceCapacity"
    cloud.launch(**placed(name))
    assert error_of(cloud.launch, **placed(name)) == "InsufficientInstanceCapacity"
    assert error_of(cloud.launch, **placed(name, "us-west-2b")) is None


def test_partitions_fill_evenly(cloud: Cloud) -> None:
    name = group(cloud, Strategy="partition", PartitionCount=3)["GroupName"]
    rows = [*cloud.launch(MinCount=4, MaxCount=4, **placed(name)), *cloud.launch(**placed(name, PartitionNumber=3))]
    numbers = [cloud.instance(row["InstanceId"])["Placement"]["PartitionNumber"] for row in rows]
    assert Counter(numbers) == {1: 2, 2: 1, 3: 2}
