# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prices, quotas and spot prices in the shapes that boto3 reads."""

from __future__ import annotations

import json

import pytest

from tests.sandbox.cloud import Cloud, Row, error_of

COMPUTE = {
    "operatingSystem": "Linux",
    "tenancy": "Shared",
    "preInstalledSw": "NA",
    "capacitystatus": "Used",
    "licenseModel": "No License required",
}


def products(cloud: Cloud, service: str, rules: list[tuple[str, str, str]]) -> list[Row]:
    filters = [{"Type": kind, "Field": field, "Value": value} for kind, field, value in rules]
    answer = cloud.client("pricing", "us-east-1").get_products(ServiceCode=service, Filters=filters)
    return [json.loads(item) for item in answer["PriceList"]]


def terms(**match: str) -> list[tuple[str, str, str]]:
    return [("TERM_MATCH", field, value) for field, value in match.items()]


def usd(product: Row) -> list[float]:
    (term,) = product["terms"]["OnDemand"].values()
    return [float(row["pricePerUnit"]["USD"]) for row in term["priceDimensions"].values()]


FIELD = {"Field": "instanceType", "Value": "g5.xlarge"}

WINDOWS = {**COMPUTE, "operatingSystem": "Windows"}
OREGON = {"instanceType": "g5.xlarge", "regionCode": "us-west-2"}


@pytest.mark.parametrize(
    ("service", "match", "prices"),
    [
        ("AmazonEC2", {**OREGON, **COMPUTE}, [1.006]),
        ("AmazonEC2", {**OREGON, **COMPUTE, "regionCode": "ap-northeast-1"}, [1.459]),
        ("AmazonEC2", {**OREGON, **COMPUTE, "regionCode": "eu-central-1"}, [1.258]),
        ("AmazonEC2", {"instanceType": "g5.xlarge", "location": "US West (Oregon)", **COMPUTE}, [1.006]),
        ("AmazonEC2", {"instanceType": "g6.xlarge", "regionCode": "eu-west-1", **COMPUTE}, []),
        ("AmazonEC2", {"instanceType": "p5e.48xlarge", "regionCode": "us-west-2", **COMPUTE}, []),
        # the rows that trap a careless reader
        ("AmazonEC2", {**OREGON, "operatingSystem": "Linux"}, [0.0, 1.006, 1.006]),
        ("AmazonEC2", {**OREGON, "capacitystatus": "UnusedCapacityReservation", "operatingSystem": "Linux"}, [1.006]),
        ("AmazonEC2", {**OREGON, "capacitystatus": "AllocatedCapacityReservation"}, [0.0, 0.0]),
        ("AmazonEC2", {**OREGON, **COMPUTE, "instanceType": "p5.48xlarge"}, [0.0, 55.04]),
        ("AmazonEC2", {**OREGON, **COMPUTE, "instanceType": "p5.48xlarge", "marketoption": "OnDemand"}, [55.04]),
        # Windows adds a licence per vCPU, less for T, none with one's own, and isn't sold on arm64
        ("AmazonEC2", {**OREGON, **WINDOWS}, [1.19]),
        ("AmazonEC2", {**OREGON, **WINDOWS, "instanceType": "t3.medium"}, [0.06]),
        ("AmazonEC2", {**OREGON, **WINDOWS, "licenseModel": "Bring your own license"}, [1.006]),
        ("AmazonEC2", {**OREGON, **WINDOWS, "instanceType": "g5g.xlarge"}, []),
        # disks, snapshots, addresses, traffic
        ("AmazonEC2", {"productFamily": "Storage", "volumeApiName": "gp3", "regionCode": "us-west-2"}, [0.08]),
        ("AmazonEC2", {"productFamily": "Storage", "volumeApiName": "gp3", "regionCode": "sa-east-1"}, [0.152]),
        ("AmazonEC2", {"productFamily": "System Operation", "regionCode": "ap-northeast-1"}, [0.006]),
        ("AmazonEC2", {"productFamily": "Provisioned Throughput", "regionCode": "us-west-2"}, [40.96]),
        ("AmazonEC2", {"productFamily": "Provisioned Throughput", "regionCode": "ap-northeast-1"}, [49.152]),
        ("AmazonEC2", {"productFamily": "Storage Snapshot", "regionCode": "us-west-2"}, [0.0125, 0.05]),
        ("AmazonEC2", {"usagetype": "USW2-EBS:SnapshotUsage"}, [0.05]),
        ("AmazonVPC", {"usagetype": "USW2-PublicIPv4:InUseAddress"}, [0.005]),
        ("AmazonVPC", {"usagetype": "USE1-PublicIPv4:IdleAddress"}, [0.005]),
        ("AmazonVPC", {"group": "VPCPublicIPv4Address", "regionCode": "eu-west-1"}, [0.005, 0.005, 0.008]),
        ("AWSDataTransfer", {"usagetype": "DataTransfer-Out-Bytes"}, [0.05, 0.07, 0.085, 0.09]),
        ("AWSDataTransfer", {"fromLocation": "Global", "toLocation": "External"}, [0.0]),
        ("AWSDataTransfer", {"regionCode": "us-east-1"}, []),
    ],
)
def test_price_list(cloud: Cloud, service: str, match: dict[str, str], prices: list[float]) -> None:
    found = [price for product in products(cloud, service, terms(**match)) for price in usd(product)]
    assert sorted(found) == pytest.approx(prices, abs=1e-4)


def test_tiers_of_traffic_follow_each_other(cloud: Cloud) -> None:
    (product,) = products(cloud, "AWSDataTransfer", terms(fromRegionCode="eu-west-1", transferType="AWS Outbound"))
    (term,) = product["terms"]["OnDemand"].values()
    rows = sorted(term["priceDimensions"].values(), key=lambda row: int(row["beginRange"]))
    assert [row["unit"] for row in rows] == ["GB"] * 4
    assert [(row["beginRange"], row["endRange"]) for row in rows] == [
        ("0", "10240"),
        ("10240", "51200"),
        ("51200", "153600"),
        ("153600", "Inf"),
    ]


def test_product_has_the_shape_of_an_offer_file(cloud: Cloud) -> None:
    (product,) = products(cloud, "AmazonEC2", terms(**OREGON, **COMPUTE))
    sku = product["product"]["sku"]
    assert product["product"]["productFamily"] == "Compute Instance"
    assert product["product"]["attributes"]["usagetype"] == "USW2-BoxUsage:g5.xlarge"
    assert list(product["terms"]["OnDemand"]) == [f"{sku}.JRTCKXETXF"]
    (dimension,) = product["terms"]["OnDemand"][f"{sku}.JRTCKXETXF"]["priceDimensions"].values()
    assert dimension["rateCode"] == f"{sku}.JRTCKXETXF.6YS6EN2CT7"
    assert dimension["description"] == "$1.006 per On Demand Linux g5.xlarge Instance Hour"
    (address,) = products(cloud, "AmazonVPC", terms(usagetype="USW2-PublicIPv4:InUseAddress"))
    assert "productFamily" not in address["product"]


@pytest.mark.parametrize(
    ("rules", "types"),
    [
        ([("TERM_MATCH", "instanceType", "G6.XLARGE")], {"g6.xlarge"}),
        ([("EQUALS", "instanceType", "G6.XLARGE")], set()),
        ([("EQUALS", "instanceType", "g6.xlarge")], {"g6.xlarge"}),
        ([("CONTAINS", "instanceType", "g4dn.1")], {"g4dn.12xlarge", "g4dn.16xlarge"}),
        ([("ANY_OF", "instanceType", "g6.xlarge,g5.xlarge")], {"g6.xlarge", "g5.xlarge"}),
        ([("CONTAINS", "instanceType", "gr6."), ("NONE_OF", "instanceType", "gr6.4xlarge,g5.xlarge")], {"gr6.8xlarge"}),
        ([("EQUALS", "instanceType", "g6.xlarge"), ("EQUALS", "ServiceCode", "AmazonEC2")], {"g6.xlarge"}),
        ([("EQUALS", "instanceType", "g6.xlarge"), ("EQUALS", "colour", "red")], set()),
    ],
)
def test_filters_of_the_price_list(cloud: Cloud, rules: list[tuple[str, str, str]], types: set[str]) -> None:
    found = products(cloud, "AmazonEC2", [*rules, ("EQUALS", "regionCode", "us-west-2")])
    assert {product["product"]["attributes"]["instanceType"] for product in found} == types


def test_any_of_regions(cloud: Cloud) -> None:
    rules = [*terms(instanceType="g5.xlarge", **COMPUTE), ("ANY_OF", "regionCode", "us-east-1,eu-central-1")]
    found = products(cloud, "AmazonEC2", rules)
    assert sorted(usd(product)[0] for product in found) == pytest.approx([1.006, 1.258], abs=1e-4)


def test_price_list_comes_in_pages(cloud: Cloud) -> None:
    pages = cloud.client("pricing", "us-east-1").get_paginator("get_products")
    filters = [{"Type": "TERM_MATCH", "Field": "capacitystatus", "Value": "Used"}]
    sizes = [len(page["PriceList"]) for page in pages.paginate(ServiceCode="AmazonEC2", Filters=filters)]
    assert len(sizes) > 1
    assert set(sizes[:-1]) == {100}


@pytest.mark.parametrize(
    ("region", "request_", "code"),
    [
        ("us-west-2", {"ServiceCode": "AmazonEC2"}, "UnknownEndpoint"),
        ("us-east-1", {"ServiceCode": "AmazonGPU"}, "InvalidParameterException"),
        ("us-east-1", {"ServiceCode": "AmazonEC2", "MaxResults": 101}, "InvalidParameterException"),
        ("us-east-1", {"ServiceCode": "AmazonEC2", "MaxResults": -1}, "InvalidParameterException"),
        ("us-east-1", {"ServiceCode": "AmazonEC2", "FormatVersion": "aws_v2"}, "InvalidParameterException"),
        (
            "us-east-1",
            {"ServiceCode": "AmazonEC2", "Filters": [{"Type": "LIKE", **FIELD}]},
            "InvalidParameterException",
        ),
        ("us-east-1", {"ServiceCode": "AmazonEC2", "Filters": [FIELD]}, "InvalidParameterException"),
        ("us-east-1", {"ServiceCode": "AmazonEC2", "NextToken": "x"}, "InvalidNextTokenException"),
    ],
)
def test_price_list_refuses(cloud: Cloud, region: str, request_: Row, code: str) -> None:
    assert error_of(cloud.client("pricing", region).get_products, **request_) == code


@pytest.mark.parametrize(
    ("quota_code", "applied", "default"),
    [
        ("L-DB2E81BA", 16384.0, 0.0),
        ("L-3819A6DF", 16384.0, 0.0),
        ("L-417A185B", 0.0, 0.0),
        ("L-1216C47A", 16384.0, 5.0),
    ],
)
def test_quota(cloud: Cloud, quota_code: str, applied: float, default: float) -> None:
    quotas, request = cloud.client("service-quotas"), {"ServiceCode": "ec2", "QuotaCode": quota_code}
    assert quotas.get_service_quota(**request)["Quota"]["Value"] == applied
    assert quotas.get_aws_default_service_quota(**request)["Quota"]["Value"] == default
    rows = {row["QuotaCode"]: row["Value"] for row in quotas.list_service_quotas(ServiceCode="ec2")["Quotas"]}
    assert rows[quota_code] == applied


@pytest.mark.parametrize(
    "request_", [{"ServiceCode": "ec2", "QuotaCode": "L-0"}, {"ServiceCode": "x", "QuotaCode": "y"}]
)
def test_unknown_quota_is_refused(cloud: Cloud, request_: dict[str, str]) -> None:
    assert error_of(cloud.client("service-quotas").get_service_quota, **request_) == "NoSuchResourceException"
