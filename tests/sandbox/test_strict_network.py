# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network of a region: what it comes with, how it is taken apart, and what a launch needs of it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from sandbox.strict.region_table import ENABLED_REGIONS
from tests.sandbox.cloud import Cloud, error_of, error_row


def filters(**wanted: str) -> list[dict[str, Any]]:
    return [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in wanted.items()]


@pytest.mark.parametrize("region", sorted(ENABLED_REGIONS))
def test_every_region_has_a_default_network(cloud: Cloud, region: str) -> None:
    ec2 = cloud.client("ec2", region)
    (vpc,) = ec2.describe_vpcs(Filters=filters(is_default="true"))["Vpcs"]
    zones = {row["ZoneName"]: row["ZoneId"] for row in ec2.describe_availability_zones()["AvailabilityZones"]}
    subnets = ec2.describe_subnets(Filters=filters(default_for_az="true"))["Subnets"]
    assert {row["AvailabilityZone"]: row["AvailabilityZoneId"] for row in subnets} == zones
    assert all(row["MapPublicIpOnLaunch"] for row in subnets)
    (gateway,) = ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc["VpcId"]]}])[
        "InternetGateways"
    ]
    tables = ec2.describe_route_tables(
        Filters=[{"Name": "association.main", "Values": ["true"]}, {"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    )["RouteTables"]
    routes = {row["DestinationCidrBlock"]: row["GatewayId"] for row in tables[0]["Routes"]}
    assert routes == {"172.31.0.0/16": "local", "0.0.0.0/0": gateway["InternetGatewayId"]}


def test_default_vpc_goes_in_aws_order(cloud: Cloud) -> None:
    osaka = dataclasses.replace(cloud, region="ap-northeast-3")
    ec2 = osaka.client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    gateway = ec2.describe_internet_gateways()["InternetGateways"][0]["InternetGatewayId"]
    subnets = [row["SubnetId"] for row in ec2.describe_subnets()["Subnets"]]
    (row,) = osaka.launch(InstanceType="g4dn.xlarge")
    group = ec2.create_security_group(GroupName="mine", Description="mine")["GroupId"]
    detach = {"InternetGatewayId": gateway, "VpcId": vpc}

    assert error_of(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"
    assert error_of(ec2.delete_subnet, SubnetId=row["SubnetId"]) == "DependencyViolation"
    assert error_of(ec2.detach_internet_gateway, **detach) == "DependencyViolation"
    ec2.terminate_instances(InstanceIds=[row["InstanceId"]])
    ec2.describe_instances()
    for subnet in subnets:
        ec2.delete_subnet(SubnetId=subnet)
    assert error_row(osaka.launch, InstanceType="g4dn.xlarge") == (
        "MissingInput",
        f"No subnets found for the default VPC '{vpc}'. Please specify a subnet.",
    )
    ec2.delete_security_group(GroupId=group)
    assert error_of(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"
    ec2.detach_internet_gateway(**detach)
    ec2.delete_internet_gateway(InternetGatewayId=gateway)
    group = ec2.create_security_group(GroupName="mine", Description="mine")["GroupId"]
    assert error_of(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"
    ec2.delete_security_group(GroupId=group)
    ec2.delete_vpc(VpcId=vpc)

    assert ec2.describe_vpcs()["Vpcs"] == []
    without = "No default VPC for this user"
    assert error_row(osaka.launch, InstanceType="g4dn.xlarge") == ("VPCIdNotSpecified", without)
    by_name = error_row(osaka.launch, InstanceType="g4dn.xlarge", SecurityGroups=["default"])
    assert by_name == ("VPCIdNotSpecified", f"{without}. GroupName is only supported for EC2-Classic and default VPC.")
    group_without_vpc = {"GroupName": "x", "Description": "x"}
    assert error_row(ec2.create_security_group, **group_without_vpc) == ("VPCIdNotSpecified", without)
    ec2.create_default_vpc()
    assert error_of(osaka.launch, InstanceType="g4dn.xlarge") is None


def test_zone_without_default_subnet(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2", "us-west-1")
    california = dataclasses.replace(cloud, region="us-west-1")
    zones = [row["ZoneName"] for row in ec2.describe_availability_zones()["AvailabilityZones"]]
    subnet = ec2.describe_subnets(Filters=filters(availability_zone=zones[0]))["Subnets"][0]["SubnetId"]
    ec2.delete_subnet(SubnetId=subnet)
    place = {"InstanceType": "g4dn.xlarge", "Placement": {"AvailabilityZone": zones[0]}}
    expected = ("InvalidInput", f"No default subnet for availability zone: '{zones[0]}'.")
    assert error_row(california.launch, **place) == expected
    (row,) = california.launch(InstanceType="g4dn.xlarge")
    assert row["Placement"]["AvailabilityZone"] != zones[0]


def test_subnet_without_free_addresses(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    vpc = ec2.describe_vpcs(Filters=filters(is_default="true"))["Vpcs"][0]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="172.31.240.0/28", AvailabilityZone="us-west-2a")["Subnet"]
    assert subnet["AvailableIpAddressCount"] == 11
    rows = cloud.launch(SubnetId=subnet["SubnetId"], MinCount=5, MaxCount=20)
    assert len(rows) == 11
    assert error_row(cloud.launch, SubnetId=subnet["SubnetId"]) == (
        "InsufficientFreeAddressesInSubnet",
        f"There are not enough free addresses in subnet '{subnet['SubnetId']}' to satisfy the requested number of "
        "instances.",
    )
    ec2.terminate_instances(InstanceIds=[row["InstanceId"] for row in rows])
    assert error_of(cloud.launch, SubnetId=subnet["SubnetId"]) is None


def test_subnet_can_be_without_a_way_to_the_internet(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    vpc = ec2.describe_vpcs(Filters=filters(is_default="true"))["Vpcs"][0]["VpcId"]
    place = {"VpcId": vpc, "CidrBlock": "172.31.250.0/28", "AvailabilityZone": "us-west-2a"}
    subnet = ec2.create_subnet(**place)["Subnet"]["SubnetId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    own = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["RouteTables"]
    assert [row["DestinationCidrBlock"] for row in own[0]["Routes"]] == ["172.31.0.0/16"]
    assert error_of(cloud.launch, SubnetId=subnet) is None


@pytest.mark.parametrize(
    ("placement", "code"),
    [
        ({"AvailabilityZoneId": "usw2-az1"}, None),
        ({"AvailabilityZoneId": "usw2-az9"}, "InvalidParameterValue"),
        ({"AvailabilityZoneId": "usw2-az1", "AvailabilityZone": "us-west-2a"}, "InvalidParameterCombination"),
    ],
)
def test_zone_by_its_id(cloud: Cloud, placement: dict[str, str], code: str | None) -> None:
    assert error_of(cloud.launch, Placement=placement) == code


def test_zone_by_its_id_is_that_zone(cloud: Cloud) -> None:
    zones = cloud.client("ec2").describe_availability_zones(ZoneIds=["usw2-az2"])["AvailabilityZones"]
    (row,) = cloud.launch(Placement={"AvailabilityZoneId": "usw2-az2"})
    assert row["Placement"]["AvailabilityZone"] == zones[0]["ZoneName"]
