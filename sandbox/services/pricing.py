# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Price List Query API: GetProducts.

https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/price-list-query-api.html
Filters: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_Filter.html. ANY_OF and NONE_OF
take values with commas between them, as AWS's own client sends them
(https://github.com/awslabs/mcp, src/aws-pricing-mcp-server, models.py). That a field which no product has finds
nothing, and that TERM_MATCH overlooks case, is what callers report; AWS doesn't write it down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sandbox.answers import Answer, AwsError, aws_json
from sandbox.call import Call
from sandbox.services import price_list
from sandbox.services.paging import json_page
from sandbox.services.product import Product

# The only regions that have the service.
ENDPOINT_REGIONS = ("us-east-1", "eu-central-1", "ap-south-1")

FORMAT = "aws_v1"

MATCHES: Mapping[str, Callable[[str, str], bool]] = {
    "TERM_MATCH": lambda value, wanted: value.lower() == wanted.lower(),
    "EQUALS": lambda value, wanted: value == wanted,
    "CONTAINS": lambda value, wanted: wanted in value,
    "ANY_OF": lambda value, wanted: value in wanted.split(","),
    "NONE_OF": lambda value, wanted: value not in wanted.split(","),
}

# Fields that say in which region a product is, and how the region's name gives their value.
_REGION_FIELDS: Mapping[str, Callable[[str], str]] = {
    "regioncode": lambda region: region,
    "fromregioncode": lambda region: region,
    "location": lambda region: price_list.locations()[region],
    "fromlocation": lambda region: price_list.locations()[region],
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
    if service not in price_list.SERVICES:
        raise AwsError("InvalidParameterException", f"Invalid service code: {service}")
    if call.params.get("FormatVersion", FORMAT) != FORMAT:
        raise AwsError("InvalidParameterException", f"Input Parameter FormatVersion must be {FORMAT}.")
    filters = call.params.get("Filters", [])
    _check(filters)
    found = [product for product in _candidates(service, filters) if _matches(product, filters)]
    page, token = json_page(found, call.params, default=100, maximum=100)
    answer: dict[str, Any] = {"FormatVersion": FORMAT, "PriceList": [product.text for product in page]}
    return aws_json({**answer, "NextToken": token} if token else answer)


def _check(filters: list[dict[str, str]]) -> None:
    for number, rule in enumerate(filters, 1):
        missing = [name for name in ("Type", "Field", "Value") if not rule.get(name)]
        if missing:
            raise AwsError("InvalidParameterException", f"Filter {number} has no {missing[0]}.")
        if rule["Type"] not in MATCHES:
            raise AwsError(
                "InvalidParameterException",
                f"Filter {number} has the type {rule['Type']}; valid are {', '.join(MATCHES)}.",
            )


def _candidates(service: str, filters: list[dict[str, str]]) -> Iterable[Product]:
    """Yield the products of the regions that the filters leave over."""
    regions = [
        region
        for region in ("", *price_list.locations())
        if all(_in_region(region, rule) for rule in filters if rule["Field"].lower() in _REGION_FIELDS)
    ]
    return (product for region in regions for product in price_list.products(service, region))


def _in_region(region: str, rule: dict[str, str]) -> bool:
    if not region:
        return True
    return MATCHES[rule["Type"]](_REGION_FIELDS[rule["Field"].lower()](region), rule["Value"])


def _matches(product: Product, filters: list[dict[str, str]]) -> bool:
    fields = product.fields
    return all(
        rule["Field"].lower() in fields and MATCHES[rule["Type"]](fields[rule["Field"].lower()], rule["Value"])
        for rule in filters
    )
