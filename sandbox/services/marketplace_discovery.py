# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Marketplace Discovery (2026-02-05): products, listings, offers and their terms. It only reads.

https://docs.aws.amazon.com/marketplace/latest/APIReference/ ; shapes: botocore's marketplace-discovery model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.answers import Answer, AwsError
from sandbox.call import Call
from sandbox.services import paging, shapes
from sandbox.services.marketplace_products import PRODUCTS, Product
from sandbox.services.marketplace_terms import offer_terms

MODEL = "marketplace-discovery"
ENDPOINT_REGION = "us-east-1"
CATALOG = "AWSMarketplace"
LOGO = "https://awsmp-logos.s3.amazonaws.com/logo.png"

# Purchase option filters, and where an offer has the value.
FILTERS: Mapping[str, Callable[[Product], str]] = {
    "PRODUCT_ID": lambda product: product.id,
    "SELLER_OF_RECORD_PROFILE_ID": lambda product: seller(product)["sellerProfileId"],
    "PURCHASE_OPTION_TYPE": lambda _: "OFFER",
    "VISIBILITY_SCOPE": lambda _: "PUBLIC",
    "AVAILABILITY_STATUS": lambda _: "AVAILABLE",
}


def list_purchase_options(call: Call) -> Answer:
    """Answer ListPurchaseOptions: the public offer of each product."""
    check(call, MODEL)
    filters = call.params.get("filters", [])
    found = [
        product
        for product in PRODUCTS
        if all(FILTERS[rule["filterType"]](product) in rule["filterValues"] for rule in filters)
    ]
    page, token = _page(found, call, 100)
    return rest_json(_with_token({"purchaseOptions": [_option(product) for product in page]}, token))


def get_offer(call: Call) -> Answer:
    """Answer GetOffer."""
    product = _find(call, "offerId", lambda product: product.offer)
    return rest_json(
        {
            "offerId": product.offer,
            "catalog": CATALOG,
            "sellerOfRecord": seller(product),
            "associatedEntities": [{"product": _product(product)}],
            "agreementProposalId": product.proposal,
            "pricingModel": pricing_model(product),
            "badges": [],
        }
    )


def get_offer_terms(call: Call) -> Answer:
    """Answer GetOfferTerms."""
    product = _find(call, "offerId", lambda product: product.offer)
    page, token = _page(offer_terms(product), call, 50)
    return rest_json(_with_token({"offerTerms": list(page)}, token))


def get_product(call: Call) -> Answer:
    """Answer GetProduct."""
    product = _find(call, "productId", lambda product: product.id)
    return rest_json(
        {
            **_described(product),
            "productId": product.id,
            "productName": product.title,
            "manufacturer": seller(product),
            "deployedOnAws": "NOT_APPLICABLE",
            "listingId": product.listing,
        }
    )


def get_listing(call: Call) -> Answer:
    """Answer GetListing."""
    product = _find(call, "listingId", lambda product: product.listing)
    return rest_json(
        {
            **_described(product),
            "listingId": product.listing,
            "listingName": product.title,
            "associatedEntities": [{"product": _product(product), "offer": _offer(product)}],
            "badges": [],
            "pricingModels": [pricing_model(product)],
            "pricingUnits": [],
            "publisher": seller(product),
            "useCases": [],
        }
    )


def list_fulfillment_options(call: Call) -> Answer:
    """Answer ListFulfillmentOptions: the image, with the SSM alias of its latest version."""
    product = _find(call, "productId", lambda product: product.id)
    system = ("Windows", "2022") if product.windows else ("Linux", "24.04")
    option = {
        "fulfillmentOptionId": f"fo-{product.key}",
        "fulfillmentOptionName": product.title,
        "fulfillmentOptionVersion": "26.09.1",
        "fulfillmentOptionType": "AMAZON_MACHINE_IMAGE",
        "fulfillmentOptionDisplayName": "64-bit (x86) Amazon Machine Image (AMI)",
        "operatingSystems": [
            {
                "operatingSystemFamilyName": system[0],
                "operatingSystemName": "Windows Server" if product.windows else "Ubuntu",
                "operatingSystemVersion": system[1],
            }
        ],
        "architecture": "x86_64",
        "amiAlias": f"/aws/service/marketplace/{product.id}/latest",
    }
    return rest_json({"fulfillmentOptions": [{"amazonMachineImageFulfillmentOption": option}]})


def pricing_model(product: Product) -> dict[str, str]:
    """Return how a product is paid for."""
    if product.upfront_usd:
        return {"pricingModelType": "CONTRACT", "displayName": "Contract"}
    if product.hourly_usd:
        return {"pricingModelType": "USAGE", "displayName": "Usage based"}
    return {"pricingModelType": "FREE", "displayName": "Free"}


def seller(product: Product) -> dict[str, str]:
    """Return who sells a product."""
    return {"sellerProfileId": f"seller-{product.seller.lower().replace(' ', '-')}", "displayName": product.seller}


def check(call: Call, model: str) -> None:
    """Raise AwsError for a region without endpoint or a request that the service model forbids."""
    if call.region != ENDPOINT_REGION:
        raise AwsError("UnknownEndpoint", f"The Marketplace has no endpoint in {call.region}.", 404)
    wrong = shapes.problems(model, call.action, call.params)
    if wrong:
        reason = "MALFORMED_REQUEST_PARAMETERS" if model == MODEL else "OTHER"
        raise AwsError("ValidationException", "; ".join(wrong), 400, (("reason", reason),))


def rest_json(value: Any) -> Answer:
    """Answer a REST JSON call."""
    return Answer(200, "application/json", json.dumps(value).encode())


def _find(call: Call, parameter: str, id_of: Callable[[Product], str]) -> Product:
    check(call, MODEL)
    wanted = call.params[parameter]
    found = next((product for product in PRODUCTS if id_of(product) == wanted), None)
    if found is None:
        raise AwsError("ResourceNotFoundException", f"{parameter} {wanted} was not found.", 404)
    return found


def _page(rows: list[Any], call: Call, default: int) -> Any:
    try:
        return paging.cut(rows, call.params.get("nextToken"), int(call.params.get("maxResults", default)))
    except ValueError as error:
        reason = (("reason", "INVALID_PAGINATION_TOKEN"),)
        raise AwsError("ValidationException", "The nextToken is not valid.", 400, reason) from error


def _with_token(answer: dict[str, Any], token: str | None) -> dict[str, Any]:
    return {**answer, "nextToken": token} if token else answer


def _product(product: Product) -> dict[str, Any]:
    return {"productId": product.id, "productName": product.title, "manufacturer": seller(product)}


def _offer(product: Product) -> dict[str, Any]:
    return {"offerId": product.offer, "sellerOfRecord": seller(product)}


def _option(product: Product) -> dict[str, Any]:
    return {
        "purchaseOptionId": product.offer,
        "catalog": CATALOG,
        "purchaseOptionType": "OFFER",
        "sellerOfRecord": seller(product),
        "badges": [],
        "associatedEntities": [{"product": _product(product), "offer": _offer(product)}],
    }


def _described(product: Product) -> dict[str, Any]:
    return {
        "catalog": CATALOG,
        "shortDescription": product.title,
        "longDescription": f"{product.title}, as the sandbox sells it.",
        "logoThumbnailUrl": LOGO,
        "fulfillmentOptionSummaries": [
            {"fulfillmentOptionType": "AMAZON_MACHINE_IMAGE", "displayName": "64-bit (x86) Amazon Machine Image (AMI)"}
        ],
        "categories": [{"categoryId": "machine-learning", "displayName": "Machine Learning"}],
        "highlights": [],
        "promotionalMedia": [],
        "resources": [],
        "sellerEngagements": [],
    }
