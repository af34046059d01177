# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Price List Query API: GetProducts for EC2 compute, EBS and public IPv4.

https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/price-list-query-api.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sandbox.answers import Answer, AwsError, aws_json
from sandbox.call import Call
from sandbox.services import price_table
from sandbox.services.paging import json_page

# The only regions that have the service.
ENDPOINT_REGIONS = ("us-east-1", "eu-central-1", "ap-south-1")

# Prefix of usage types; us-east-1 has none, regions that are not listed get a stand-in made of their name.
USAGE_PREFIX = {"us-east-1": "", "us-east-2": "USE2-", "us-west-2": "USW2-", "ap-northeast-1": "APN1-"}

Product = dict[str, Any]

MATCHES: dict[str, Callable[[str, str], bool]] = {
    "TERM_MATCH": lambda value, wanted: value.lower() == wanted.lower(),
    "EQUALS": lambda value, wanted: value == wanted,
    "CONTAINS": lambda value, wanted: wanted in value,
    "ANY_OF": lambda value, wanted: value in wanted.split(","),
    "NONE_OF": lambda value, wanted: value not in wanted.split(","),
}


def get_products(call: Call) -> Answer:
    """Answer GetProducts."""
    if call.region not in ENDPOINT_REGIONS:
        raise AwsError(
            "UnknownEndpoint",
            f"The price list has no endpoint in {call.region}, only in {', '.join(ENDPOINT_REGIONS)}.",
            404,
        )
    service = call.params.get("ServiceCode", "")
    if service not in ("AmazonEC2", "AmazonVPC"):
        raise AwsError("InvalidParameterException", f"Invalid service code: {service}")
    filters = call.params.get("Filters", [])
    found = [product for product in _products(service) if _matches(product, filters)]
    page, token = json_page(found, call.params, default=100, maximum=100)
    answer: dict[str, Any] = {"FormatVersion": "aws_v1", "PriceList": [json.dumps(product) for product in page]}
    return aws_json({**answer, "NextToken": token} if token else answer)


def _matches(product: Product, filters: list[dict[str, str]]) -> bool:
    attributes = {**product["product"]["attributes"], "productFamily": product["product"]["productFamily"]}
    return all(
        rule["Field"] in attributes and MATCHES[rule["Type"]](attributes[rule["Field"]], rule["Value"])
        for rule in filters
    )


@dataclass(frozen=True)
class Line:
    """One price of one region, before it takes the API's shape."""

    family: str
    usage: str
    unit: str
    usd: float
    description: str
    attributes: dict[str, str]


@cache
def _products(service: str) -> tuple[Product, ...]:
    makers = {"AmazonEC2": (_compute, _storage), "AmazonVPC": (_addresses,)}
    return tuple(
        _product(service, region, line) for region in _locations() for make in makers[service] for line in make(region)
    )


@cache
def _locations() -> dict[str, str]:
    """Return the price list's name of each region."""
    from botocore.loaders import create_loader

    partition = create_loader().load_data("partitions")["partitions"][0]
    return {
        region: row["description"].replace("Europe", "EU")
        for region, row in partition["regions"].items()
        if region != "aws-global"
    }


def _compute(region: str) -> Iterator[Line]:
    """Make the rows of each GPU type: the price, and the reservation rows at 0.00 that trap a careless reader."""
    from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS, INSTANCE_TYPES

    offered = {row["InstanceType"] for row in INSTANCE_TYPE_OFFERINGS["region"].get(region, [])}
    for instance_type in price_table.ON_DEMAND:
        price = price_table.on_demand(instance_type, region)
        if instance_type not in offered or price is None:
            continue
        details = INSTANCE_TYPES[instance_type]
        rows = (
            ("Used", f"BoxUsage:{instance_type}", price),
            ("UnusedCapacityReservation", f"UnusedBox:{instance_type}", price),
            ("AllocatedCapacityReservation", f"Reservation:{instance_type}", 0.0),
        )
        for status, usage, usd in rows:
            attributes = {
                "instanceType": instance_type,
                "instanceFamily": "GPU instance" if "GpuInfo" in details else "General purpose",
                "vcpu": str(details["VCpuInfo"]["DefaultVCpus"]),
                "memory": f"{details['MemoryInfo']['SizeInMiB'] // 1024} GiB",
                "operatingSystem": "Linux",
                "tenancy": "Shared",
                "preInstalledSw": "NA",
                "licenseModel": "No License required",
                "capacitystatus": status,
                "marketoption": "OnDemand",
                "operation": "RunInstances",
            }
            text = f"${usd} per On Demand Linux {instance_type} Instance Hour"
            yield Line("Compute Instance", usage, "Hrs", usd, text, attributes)


def _storage(region: str) -> Iterator[Line]:
    gp3 = {"volumeApiName": "gp3"}
    rows = (
        ("Storage", "EBS:VolumeUsage.gp3", "GB-Mo", price_table.GP3_GB_MONTH),
        ("System Operation", "EBS:VolumeP-IOPS.gp3", "IOPS-Mo", price_table.GP3_IOPS_MONTH),
        ("Provisioned Throughput", "EBS:VolumeP-Throughput.gp3", "GiBps-mo", price_table.GP3_THROUGHPUT_MONTH * 1024),
        ("Storage Snapshot", "EBS:SnapshotUsage", "GB-Mo", price_table.SNAPSHOT_GB_MONTH),
    )
    for family, usage, unit, usd in rows:
        local = round(usd * price_table.factor(region), 6)
        attributes = gp3 if usage.endswith("gp3") else {}
        yield Line(family, usage, unit, local, f"${local} per {unit}", attributes)


def _addresses(_region: str) -> Iterator[Line]:
    for kind in ("InUseAddress", "IdleAddress"):
        usd = price_table.PUBLIC_IPV4_HOUR
        attributes = {"group": "VPCPublicIPv4Address", "groupDescription": f"Hourly charge for {kind} public IPv4"}
        yield Line("VpcPublicIPv4", f"PublicIPv4:{kind}", "Hrs", usd, f"${usd} per public IPv4 hour", attributes)


def _product(service: str, region: str, line: Line) -> Product:
    """Make one PriceList item in the API's shape."""
    usage_type = USAGE_PREFIX.get(region, f"{region.upper()}-") + line.usage
    sku = hashlib.sha256(f"{service}/{usage_type}".encode()).hexdigest()[:16].upper()
    offer, rate = f"{sku}.JRTCKXETXF", f"{sku}.JRTCKXETXF.6YS6EN2CT7"
    dimension = {
        "unit": line.unit,
        "endRange": "Inf",
        "description": line.description,
        "appliesTo": [],
        "rateCode": rate,
        "beginRange": "0",
        "pricePerUnit": {"USD": f"{line.usd:.10f}"},
    }
    terms = {
        "priceDimensions": {rate: dimension},
        "sku": sku,
        "effectiveDate": price_table.AS_OF,
        "offerTermCode": "JRTCKXETXF",
        "termAttributes": {},
    }
    common = {
        "regionCode": region,
        "location": _locations()[region],
        "locationType": "AWS Region",
        "servicecode": service,
        "usagetype": usage_type,
    }
    return {
        "product": {"productFamily": line.family, "attributes": {**common, **line.attributes}, "sku": sku},
        "serviceCode": service,
        "terms": {"OnDemand": {offer: terms}},
        "version": price_table.AS_OF,
        "publicationDate": price_table.AS_OF,
    }
