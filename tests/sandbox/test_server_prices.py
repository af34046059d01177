# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prices, quotas and spot prices in the shapes that boto3 reads."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sandbox.cloud import Cloud, Row, error_of

COMPUTE = {
    "operatingSystem": "Linux",
    "tenancy": "Shared",
    "preInstalledSw": "NA",
    "capacitystatus": "Used",
    "licenseModel": "No License required",
}


def products(cloud: Cloud, service: str, **match: str) -> list[Row]:
    filters = [{"Type": "TERM_MATCH", "Field": key, "Value": value} for key, value in match.items()]
    answer = cloud.client("pricing", "us-east-1").get_products(ServiceCode=service, Filters=filters)
    return [json.loads(item) for item in answer["PriceList"]]


def usd(product: Row) -> float:
    (term,) = product["terms"]["OnDemand"].values()
    (dimension,) = term["priceDimensions"].values()
    return float(dimension["pricePerUnit"]["USD"])


@pytest.mark.parametrize(
    ("service", "match", "prices"),
    [
        ("AmazonEC2", {"instanceType": "g5.xlarge", "regionCode": "us-west-2", **COMPUTE}, [1.006]),
        ("AmazonEC2", {"instanceType": "g5.xlarge", "regionCode": "ap-northeast-1", **COMPUTE}, [1.459]),
        ("AmazonEC2", {"instanceType": "g5.xlarge", "location": "US West (Oregon)", **COMPUTE}, [1.006]),
        ("AmazonEC2", {"instanceType": "g6.xlarge", "regionCode": "eu-west-1", **COMPUTE}, []),
        ("AmazonEC2", {"instanceType": "p5e.48xlarge", "regionCode": "us-west-2", **COMPUTE}, []),
        ("AmazonEC2", {"instanceType": "g5.xlarge", "regionCode": "us-west-2"}, [0.0, 1.006, 1.006]),
        ("AmazonEC2", {"productFamily": "Storage", "volumeApiName": "gp3", "regionCode": "us-west-2"}, [0.08]),
        ("AmazonVPC", {"usagetype": "USW2-PublicIPv4:InUseAddress"}, [0.005]),
        ("AmazonVPC", {"regionCode": "us-east-1"}, [0.005, 0.005]),
    ],
)
def test_price_list(cloud: Cloud, service: str, match: dict[str, str], prices: list[float]) -> None:
    assert sorted(usd(product) for product in products(cloud, service, **match)) == pytest.approx(prices, abs=1e-4)


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


def test_spot_price_in_force_now(cloud: Cloud) -> None:
    now = datetime.now(UTC)
    rows: list[dict[str, Any]] = cloud.client("ec2").describe_spot_price_history(
        InstanceTypes=["g5.xlarge"], ProductDescriptions=["Linux/UNIX"], StartTime=now
    )["SpotPriceHistory"]
    assert sorted(row["AvailabilityZone"] for row in rows) == ["us-west-2a", "us-west-2b", "us-west-2c"]
    for row in rows:
        assert now - timedelta(hours=6, seconds=1) <= row["Timestamp"] <= now
        assert 0.2 * 1.006 < float(row["SpotPrice"]) < 1.006


def test_spot_prices_move_and_repeat(cloud: Cloud) -> None:
    request = {
        "InstanceTypes": ["g5.xlarge"],
        "AvailabilityZone": "us-west-2a",
        "StartTime": datetime(2026, 11, 1, tzinfo=UTC),
        "EndTime": datetime(2026, 11, 3, tzinfo=UTC),
    }
    first, second = (cloud.client("ec2").describe_spot_price_history(**request)["SpotPriceHistory"] for _ in range(2))
    assert first == second
    assert len({row["SpotPrice"] for row in first}) > 4
    assert [row["Timestamp"] for row in first] == sorted((row["Timestamp"] for row in first), reverse=True)


def test_no_spot_price_for_a_product_that_is_not_linux(cloud: Cloud) -> None:
    request = {"InstanceTypes": ["g5.xlarge"], "ProductDescriptions": ["Windows"]}
    assert cloud.client("ec2").describe_spot_price_history(**request)["SpotPriceHistory"] == []
