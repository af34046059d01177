# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stock, quotas and addresses: what a launch finds, and the words in which it is refused."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

import pytest

from tests.sandbox.cloud import Cloud, Row, error_of, error_row

SPOT = {"InstanceMarketOptions": {"MarketType": "spot"}}
PROVISIONING = "Our system will be working on provisioning additional capacity."

# A region that no other test launches in: its machines are ours to count.
REGION = "eu-west-3"
A, B, C = f"{REGION}a", f"{REGION}b", f"{REGION}c"


@pytest.fixture
def paris(cloud: Cloud) -> Cloud:
    return dataclasses.replace(cloud, region=REGION)


def refusal(cloud: Cloud, **parameters: Any) -> tuple[str | None, str]:
    return error_row(cloud.launch, **parameters)


def stock(cloud: Cloud, *rules: tuple[str, str, str, int]) -> None:
    fields = ("instance_type", "zone", "market", "free")
    rows = [dict(zip(fields, rule, strict=True)) for rule in rules]
    assert cloud.control("PUT", "stock", rows) == rows


def running(cloud: Cloud) -> int:
    pages = cloud.client("ec2").get_paginator("describe_instances")
    states = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
    return sum(len(row["Instances"]) for page in pages.paginate(Filters=states) for row in page["Reservations"])


def in_zone(zone: str) -> Row:
    return {"Placement": {"AvailabilityZone": zone}}


@pytest.mark.parametrize(
    ("rules", "request_", "words"),
    [
        pytest.param(
            [("g5.xlarge", A, "on-demand", 0)],
            in_zone(A),
            f"We currently do not have sufficient g5.xlarge capacity in the Availability Zone you requested ({A}). "
            f"{PROVISIONING} You can currently get g5.xlarge capacity by not specifying an Availability Zone in your "
            f"request or choosing {B}, {C}.",
            id="zone asked, others have some",
        ),
        pytest.param(
            [("g5.*", "*", "on-demand", 0)],
            in_zone(A),
            f"We currently do not have sufficient g5.xlarge capacity in the Availability Zone you requested ({A}). "
            f"{PROVISIONING}",
            id="zone asked, none has any",
        ),
        pytest.param(
            [("g5.xlarge", C, "*", 9), ("g5.xlarge", "*", "*", 1)],
            {**in_zone(A), "MinCount": 2, "MaxCount": 2},
            f"We currently do not have sufficient g5.xlarge capacity in the Availability Zone you requested ({A}). "
            f"{PROVISIONING} You can currently get g5.xlarge capacity by not specifying an Availability Zone in your "
            f"request or choosing {C}.",
            id="too few for the group",
        ),
        pytest.param(
            [("*", f"{REGION}?", "*", 0)],
            {},
            f"We currently do not have sufficient g5.xlarge capacity in zones with support for 'gp3' volumes. "
            f"{PROVISIONING}",
            id="no zone asked, none has any",
        ),
        pytest.param(
            [("*", A, "spot", 0)],
            {**SPOT, **in_zone(A)},
            "There is no Spot capacity available that matches your request.",
            id="spot names no zones",
        ),
        pytest.param(
            [("*", "*", "spot", 0)],
            SPOT,
            "There is no Spot capacity available that matches your request.",
            id="spot, no zone asked",
        ),
    ],
)
def test_launch_beyond_the_stock(paris: Cloud, rules: Any, request_: Row, words: str) -> None:
    stock(paris, *rules)
    before = running(paris)
    paris.control("DELETE", "calls")
    assert refusal(paris, **request_) == ("InsufficientInstanceCapacity", words)
    (call,) = [row for row in paris.control("GET", "calls") if row["action"] == "RunInstances"]
    assert call["status"] == 500
    assert running(paris) == before


@pytest.mark.parametrize(
    ("rules", "request_", "zones"),
    [
        pytest.param([(("g5.xlarge"), A, "*", 0)], {}, {B: 1}, id="AWS takes a zone that has some"),
        pytest.param([("g5.xlarge", A, "*", 1)], {"MinCount": 2, "MaxCount": 2}, {B: 2}, id="all in one zone"),
        pytest.param([("*", "*", "*", 3)], {"MinCount": 2, "MaxCount": 5}, {A: 3}, id="as many as there are"),
        pytest.param([("*", "*", "spot", 0)], {}, {A: 1}, id="markets are apart"),
        pytest.param([("g6.*", "*", "*", 0)], {}, {A: 1}, id="types are apart"),
        pytest.param([("g5.*", "*", "*", 1), ("*", "*", "*", 0)], {}, {A: 1}, id="the first rule decides"),
    ],
)
def test_launch_within_the_stock(paris: Cloud, rules: Any, request_: Row, zones: dict[str, int]) -> None:
    stock(paris, *rules)
    rows = paris.launch(**request_)
    assert Counter(row["Placement"]["AvailabilityZone"] for row in rows) == zones


def test_stock_is_used_up_and_comes_back(paris: Cloud) -> None:
    ec2 = paris.client("ec2")
    stock(paris, ("g5.xlarge", A, "on-demand", 1))
    (first,) = paris.launch(**in_zone(A))
    assert refusal(paris, **in_zone(A))[0] == "InsufficientInstanceCapacity"
    ec2.stop_instances(InstanceIds=[first["InstanceId"]])
    (second,) = paris.launch(**in_zone(A))
    found = error_row(ec2.start_instances, InstanceIds=[first["InstanceId"]])
    assert found == ("InsufficientInstanceCapacity", "Insufficient capacity.")
    ec2.terminate_instances(InstanceIds=[second["InstanceId"]])
    ec2.start_instances(InstanceIds=[first["InstanceId"]])
    assert refusal(paris, **in_zone(A))[0] == "InsufficientInstanceCapacity"


def test_dry_run_says_nothing_about_stock(paris: Cloud) -> None:
    stock(paris, ("*", "*", "*", 0))
    assert refusal(paris, DryRun=True)[0] == "DryRunOperation"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([{"free": -1}], "from 0 on"),
        ([{"free": "many"}], "from 0 on"),
        ([{"type": "g5.xlarge", "free": 1}], "Unknown fields of a stock rule: type"),
        ([{"zone": A}], "how many machines are free"),
    ],
)
def test_stock_that_makes_no_sense_is_refused(paris: Cloud, body: Any, words: str) -> None:
    assert words in paris.control("PUT", "stock", body)["error"]


@pytest.mark.parametrize(
    ("code", "value", "request_", "error"),
    [
        ("L-DB2E81BA", 3, {}, "VcpuLimitExceeded"),
        ("L-DB2E81BA", 3, SPOT, None),
        ("L-3819A6DF", 3, SPOT, "MaxSpotInstanceCountExceeded"),
        ("L-3819A6DF", 3, {}, None),
        ("L-417A185B", 191, {"InstanceType": "p5.48xlarge"}, "VcpuLimitExceeded"),
        ("L-417A185B", 192, {"InstanceType": "p5.48xlarge"}, None),
        ("L-7212CCBC", 192, {"InstanceType": "p5.48xlarge", **SPOT}, "MaxSpotInstanceCountExceeded"),
        ("L-C4BD4855", 192, {"InstanceType": "p5.48xlarge", **SPOT}, None),
    ],
)
def test_quotas_that_were_changed(cloud: Cloud, code: str, value: int, request_: Row, error: str | None) -> None:
    sydney = dataclasses.replace(cloud, region="ap-southeast-2")
    cloud.control("PUT", "quotas", {"ap-southeast-2": {code: value}})
    quotas = {"ServiceCode": "ec2", "QuotaCode": code}
    assert sydney.client("service-quotas").get_service_quota(**quotas)["Quota"]["Value"] == value
    elsewhere = cloud.client("service-quotas", "eu-north-1").get_service_quota(**quotas)["Quota"]["Value"]
    assert elsewhere in {0.0, 16384.0}
    found = error_of(sydney.launch, **request_)
    ids = [row["id"] for row in cloud.control("GET", "state")["regions"]["ap-southeast-2"]["instances"]]
    if ids:
        sydney.client("ec2").terminate_instances(InstanceIds=ids)
    assert found == error


def test_start_beyond_the_quota(cloud: Cloud) -> None:
    seoul = dataclasses.replace(cloud, region="ap-northeast-2")
    (row,) = seoul.launch()
    ids = {"InstanceIds": [row["InstanceId"]]}
    seoul.client("ec2").stop_instances(**ids)
    cloud.control("PUT", "quotas", {"ap-northeast-2": {"L-DB2E81BA": 3}})
    assert error_of(seoul.client("ec2").start_instances, **ids) == "VcpuLimitExceeded"
    cloud.control("PUT", "quotas", {})
    assert error_of(seoul.client("ec2").start_instances, **ids) is None


def test_elastic_addresses_above_the_quota(cloud: Cloud) -> None:
    ec2, quotas = cloud.client("ec2", "ca-central-1"), cloud.client("service-quotas", "ca-central-1")
    row = quotas.get_service_quota(ServiceCode="ec2", QuotaCode="L-0263D0A3")["Quota"]
    assert (row["QuotaName"], row["Value"]) == ("EC2-VPC Elastic IPs", 5.0)
    ids = [ec2.allocate_address(Domain="vpc")["AllocationId"] for _ in range(5)]
    expected = ("AddressLimitExceeded", "The maximum number of addresses has been reached.")
    assert error_row(ec2.allocate_address, Domain="vpc") == expected
    ec2.release_address(AllocationId=ids[0])
    assert error_of(ec2.allocate_address, Domain="vpc") is None


@pytest.mark.parametrize(
    ("code", "call", "parameters", "error"),
    [
        ("L-E79EC296", "create_security_group", {"GroupName": "g", "Description": "g"}, "SecurityGroupLimitExceeded"),
        ("L-F678F1CE", "create_vpc", {"CidrBlock": "10.0.0.0/16"}, "VpcLimitExceeded"),
    ],
)
def test_network_quotas(cloud: Cloud, code: str, call: str, parameters: Row, error: str) -> None:
    cloud.control("PUT", "quotas", {"eu-north-1": {code: 1}})
    rows = cloud.client("service-quotas", "eu-north-1").list_service_quotas(ServiceCode="vpc")["Quotas"]
    assert {row["QuotaCode"]: row["Value"] for row in rows}[code] == 1.0
    assert error_of(getattr(cloud.client("ec2", "eu-north-1"), call), **parameters) == error


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"us-west-2": {"L-0": 1}}, "Unknown quota: L-0"),
        ({"us-west-2": {"L-DB2E81BA": -1}}, "from 0 on"),
        ({"us-west-2": {"L-DB2E81BA": "1"}}, "from 0 on"),
    ],
)
def test_quotas_that_make_no_sense_are_refused(cloud: Cloud, body: Any, words: str) -> None:
    assert words in cloud.control("PUT", "quotas", body)["error"]
