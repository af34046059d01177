# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Marketplace: offers, agreements, and launches that need one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.loaders import create_loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from sandbox.services.marketplace_products import NVIDIA_GPU, NVIDIA_RTX, PAID_HOURLY, PAID_UPFRONT, PRODUCTS, Product
from tests.sandbox.cloud import Cloud, Row, error_of, error_row

ACCEPTOR = [{"name": "PartyType", "values": ["Acceptor"]}, {"name": "AgreementType", "values": ["PurchaseAgreement"]}]


@pytest.fixture
def market(cloud: Cloud) -> Iterator[Cloud]:
    """A sandbox without agreements."""
    cloud.control("PUT", "marketplace", {})
    yield cloud
    cloud.control("PUT", "marketplace", {})


def discovery(cloud: Cloud) -> Any:
    return cloud.client("marketplace-discovery", "us-east-1")


def agreements(cloud: Cloud) -> Any:
    return cloud.client("marketplace-agreement", "us-east-1")


def offer_of(cloud: Cloud, product: Product) -> Row:
    rules = [{"filterType": "PRODUCT_ID", "filterValues": [product.id]}]
    (option,) = discovery(cloud).list_purchase_options(filters=rules)["purchaseOptions"]
    offer: Row = discovery(cloud).get_offer(offerId=option["purchaseOptionId"])
    return offer


def proposal(cloud: Cloud, product: Product) -> Row:
    offer = offer_of(cloud, product)
    terms = discovery(cloud).get_offer_terms(offerId=offer["offerId"])["offerTerms"]
    return {
        "intent": "NEW",
        "agreementProposalIdentifier": offer["agreementProposalId"],
        "requestedTerms": [{"id": content["id"]} for term in terms for content in term.values()],
    }


def agree(cloud: Cloud, product: Product) -> str:
    quote = agreements(cloud).create_agreement_request(**proposal(cloud, product))
    answer = agreements(cloud).accept_agreement_request(agreementRequestId=quote["agreementRequestId"])
    return str(answer["agreementId"])


def launch(cloud: Cloud, product: Product, dry: bool = True) -> tuple[str | None, str]:
    request = {"InstanceType": "g5.xlarge", "MinCount": 1, "MaxCount": 1, "DryRun": dry}
    image = cloud.image(f"/aws/service/marketplace/{product.id}/latest")
    return error_row(cloud.client("ec2").run_instances, ImageId=image, **request)


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.code)
def test_launch_needs_an_agreement(market: Cloud, product: Product) -> None:
    for dry in (True, False):
        code, text = launch(market, product, dry)
        assert code == "OptInRequired"
        assert text.endswith(f"please visit https://aws.amazon.com/marketplace/pp?sku={product.code}")
    agree(market, product)
    assert launch(market, product)[0] == "DryRunOperation"
    assert launch(market, product, dry=False)[0] is None
    (row,) = market.control("GET", "state")["global"]["agreements"]
    assert (row["product"], row["status"]) == (product.id, "ACTIVE")


@pytest.mark.parametrize(
    ("product", "model", "price", "value", "charges"),
    [
        (NVIDIA_GPU, "FREE", {"0.0000"}, "0.00", []),
        (NVIDIA_RTX, "FREE", {"0.0000"}, "0.00", []),
        (PAID_HOURLY, "USAGE", {"0.7500"}, "0.00", []),
        (PAID_UPFRONT, "CONTRACT", {"499.00"}, "499.00", ["499.00"]),
    ],
    ids=lambda value: value.code if isinstance(value, Product) else None,
)
def test_prices_are_in_terms_and_quote(
    market: Cloud, product: Product, model: str, price: set[str], value: str, charges: list[str]
) -> None:
    offer = offer_of(market, product)
    assert offer["pricingModel"]["pricingModelType"] == model
    terms = discovery(market).get_offer_terms(offerId=offer["offerId"])["offerTerms"]
    content = {name: row for term in terms for name, row in term.items()}
    fixed, usage = content.get("fixedUpfrontPricingTerm"), content.get("usageBasedPricingTerm", {"rateCards": []})
    prices = {row["price"] for card in usage["rateCards"] for row in card["rateCard"]}
    assert (prices | {fixed["price"]} if fixed else prices) == price
    assert {"legalTerm", "supportTerm", "validityTerm"} <= set(content)
    quote = agreements(market).create_agreement_request(**proposal(market, product))
    assert quote["chargeSummary"]["newAgreementValue"] == value
    assert [row["amount"] for row in quote["chargeSummary"]["expectedCharges"]] == charges
    assert (quote["status"], quote["approvalRequirement"]) == ("DRAFT", "NOT_REQUIRED")
    assert launch(market, product)[0] == "OptInRequired"


def test_client_token_repeats_the_quote(market: Cloud) -> None:
    create, request = agreements(market).create_agreement_request, proposal(market, NVIDIA_GPU)
    first = create(**request, clientToken="one")
    assert create(**request, clientToken="one")["agreementRequestId"] == first["agreementRequestId"]
    assert create(**request, clientToken="two")["agreementRequestId"] != first["agreementRequestId"]
    assert error_of(create, **proposal(market, NVIDIA_RTX), clientToken="one") == "ConflictException"


def test_agreement_takes_effect_after_a_while(market: Cloud) -> None:
    market.control("PUT", "marketplace", {"subscription_calls": 2})
    agree(market, NVIDIA_GPU)
    assert [launch(market, NVIDIA_GPU)[0] for _ in range(3)] == ["OptInRequired", "OptInRequired", "DryRunOperation"]


def test_entitlement_is_pending_until_the_agreement_takes_effect(market: Cloud) -> None:
    market.control("PUT", "marketplace", {"subscription_calls": 1})
    id = agree(market, NVIDIA_GPU)
    rows = [agreements(market).get_agreement_entitlements(agreementId=id)["agreementEntitlements"][0] for _ in "ab"]
    assert [row["status"] for row in rows] == ["PENDING", "PROVISIONED"]
    assert rows[0]["resource"] == {"id": NVIDIA_GPU.id, "type": "AmiProduct"}


def test_organisation_may_want_to_approve(market: Cloud) -> None:
    market.control("PUT", "marketplace", {"approval_required": True})
    quote = agreements(market).create_agreement_request(**proposal(market, NVIDIA_GPU))
    assert (quote["status"], quote["approvalRequirement"]) == ("PENDING_APPROVAL", "REQUIRED")
    id = quote["agreementRequestId"]
    assert error_of(agreements(market).accept_agreement_request, agreementRequestId=id) == "ValidationException"
    assert launch(market, NVIDIA_GPU)[0] == "OptInRequired"


def test_cancelled_agreement_ends_launches(market: Cloud) -> None:
    client = agreements(market)
    id = agree(market, NVIDIA_GPU)
    assert client.describe_agreement(agreementId=id)["status"] == "ACTIVE"
    client.cancel_agreement(agreementId=id)
    assert client.describe_agreement(agreementId=id)["status"] == "CANCELLED"
    assert launch(market, NVIDIA_GPU)[0] == "OptInRequired"
    assert error_of(client.cancel_agreement, agreementId=id) == "ValidationException"
    assert error_of(client.cancel_agreement, agreementId=agree(market, PAID_UPFRONT)) == "ValidationException"


@pytest.mark.parametrize(
    ("more", "count"),
    [
        ({}, 1),
        ({"Status": "ACTIVE", "ResourceIdentifier": NVIDIA_GPU.id}, 1),
        ({"Status": "CANCELLED"}, 0),
        ({"ResourceIdentifier": NVIDIA_RTX.id}, 0),
        ({"ResourceType": "AmiProduct"}, 1),
        ({"OfferId": NVIDIA_GPU.offer}, 1),
    ],
)
def test_agreements_are_found(market: Cloud, more: dict[str, str], count: int) -> None:
    id = agree(market, NVIDIA_GPU)
    filters = ACCEPTOR + [{"name": name, "values": [value]} for name, value in more.items()]
    rows = agreements(market).search_agreements(catalog="AWSMarketplace", filters=filters)["agreementViewSummaries"]
    assert [row["agreementId"] for row in rows] == [id] * count


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"intent": "BUY"}, "ValidationException", "intent must be one of NEW, AMEND, REPLACE"),
        ({"intent": "AMEND"}, "ValidationException", "only new agreements"),
        ({"requestedTerms": []}, "ValidationException", "requestedTerms"),
        ({"requestedTerms": [{"id": "term-nonsense"}]}, "ValidationException", "Unknown terms: term-nonsense"),
        ({"requestedTerms": [{"id": f"term-{NVIDIA_GPU.key}-legal"}]}, "ValidationException", "Terms are missing"),
        ({"agreementProposalIdentifier": "nonsense"}, "ValidationException", "must match"),
        ({"agreementProposalIdentifier": "at-nobody"}, "ResourceNotFoundException", "at-nobody"),
        ({"clientToken": "with space"}, "ValidationException", "clientToken must match"),
        ({"clientToken": 1}, "ValidationException", "clientToken"),
    ],
)
def test_malformed_requests_are_refused(market: Cloud, changes: Row, code: str, words: str) -> None:
    request = {**proposal(market, NVIDIA_GPU), **changes}
    found = error_row(agreements(market).create_agreement_request, **request)
    assert found[0] == code
    assert words in found[1]
    assert market.control("GET", "state")["global"]["agreements"] == []


def test_other_requests_are_refused_too(market: Cloud) -> None:
    client, id = agreements(market), agree(market, NVIDIA_GPU)
    request = proposal(market, NVIDIA_GPU)
    assert error_of(client.create_agreement_request, **request) == "ConflictException"
    assert error_of(client.accept_agreement_request, agreementRequestId="ar-nobody") == "ResourceNotFoundException"
    assert error_of(client.describe_agreement, agreementId="agmt-nobody") == "ResourceNotFoundException"
    assert error_of(client.search_agreements, filters=ACCEPTOR[1:]) == "ValidationException"
    strange = [*ACCEPTOR, {"name": "Colour", "values": ["red"]}]
    assert error_of(client.search_agreements, filters=strange) == "ValidationException"
    assert error_of(discovery(market).get_offer, offerId="offer-nobody") == "ResourceNotFoundException"
    elsewhere = market.client("marketplace-agreement", "eu-west-1")
    assert error_of(elsewhere.describe_agreement, agreementId=id) == "UnknownEndpoint"
    market.control("PUT", "denied", [{"action": "aws-marketplace:*"}])
    assert error_of(client.describe_agreement, agreementId=id) == "AccessDeniedException"
    market.control("PUT", "denied", [])
    assert "error" in market.control("PUT", "marketplace", {"agreements": ["nonsense"]})


def answers(cloud: Cloud) -> Iterator[tuple[str, str, Row]]:
    found, bought = discovery(cloud), agreements(cloud)
    for product in PRODUCTS:
        request = proposal(cloud, product)
        quote = bought.create_agreement_request(**request)
        quoted = {"agreementRequestId": quote["agreementRequestId"]}
        accepted = bought.accept_agreement_request(**quoted)
        agreed = {"agreementId": accepted["agreementId"]}
        yield "marketplace-discovery", "ListPurchaseOptions", found.list_purchase_options()
        yield "marketplace-discovery", "GetOffer", found.get_offer(offerId=product.offer)
        yield "marketplace-discovery", "GetOfferTerms", found.get_offer_terms(offerId=product.offer)
        yield "marketplace-discovery", "GetProduct", found.get_product(productId=product.id)
        yield "marketplace-discovery", "GetListing", found.get_listing(listingId=product.listing)
        yield "marketplace-discovery", "ListFulfillmentOptions", found.list_fulfillment_options(productId=product.id)
        yield "marketplace-agreement", "CreateAgreementRequest", quote
        yield "marketplace-agreement", "AcceptAgreementRequest", accepted
        yield "marketplace-agreement", "GetAgreementRequest", bought.get_agreement_request(**quoted)
        yield "marketplace-agreement", "SearchAgreements", bought.search_agreements(filters=ACCEPTOR)
        yield "marketplace-agreement", "DescribeAgreement", bought.describe_agreement(**agreed)
        yield "marketplace-agreement", "GetAgreementTerms", bought.get_agreement_terms(**agreed)
        yield "marketplace-agreement", "GetAgreementEntitlements", bought.get_agreement_entitlements(**agreed)


def test_answers_have_the_shapes_of_the_service_model(market: Cloud) -> None:
    seen, loader = 0, create_loader()
    for service, operation, answer in answers(market):
        answer.pop("ResponseMetadata")
        model = ServiceModel(loader.load_service_model(service, "service-2"), service)
        report = ParamValidator().validate(answer, model.operation_model(operation).output_shape)
        assert not report.has_errors(), f"{operation}: {report.generate_report()}"
        assert answer, operation
        seen += 1
    assert seen == 13 * len(PRODUCTS)
