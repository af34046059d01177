# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Terms are accepted only when the person said so and they are free, and once."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError, GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._image.terms import Terms, accept_terms, terms_of

from tests.unit.fakes.aws import FakeClient, aws_error, clients_of, problems_of_answer
from tests.unit.fakes.rows import image

PRODUCT = "prod-77u2eeb33lmrm"
URL = "https://aws.amazon.com/marketplace/pp/prodview-f4reygwmtxipu"
IMAGE = image(product_code="6fd3yd", product_id=PRODUCT, terms_url=URL)
SELLER = {"sellerProfileId": "seller-1", "displayName": "NVIDIA"}
PRODUCT_ROW = {"productId": PRODUCT, "productName": "RTX", "manufacturer": SELLER}


def option(offer: str, kind: str = "OFFER", badge: str = "", product: str = PRODUCT) -> dict[str, Any]:
    """One row of ListPurchaseOptions."""
    return {
        "purchaseOptionId": offer,
        "catalog": "AWSMarketplace",
        "purchaseOptionType": kind,
        "sellerOfRecord": SELLER,
        "badges": [{"badgeType": badge, "displayName": badge}] if badge else [],
        "associatedEntities": [
            {
                "product": {**PRODUCT_ROW, "productId": product},
                "offer": {"offerId": offer, "sellerOfRecord": SELLER},
            }
        ],
    }


def offer(model: str = "FREE") -> dict[str, Any]:
    """The answer of GetOffer."""
    return {
        "offerId": "offer-1",
        "catalog": "AWSMarketplace",
        "sellerOfRecord": SELLER,
        "associatedEntities": [{"product": PRODUCT_ROW}],
        "agreementProposalId": "at-1",
        "pricingModel": {"pricingModelType": model, "displayName": model},
        "badges": [],
    }


def offer_terms(price: str = "0.0000") -> dict[str, Any]:
    """The answer of GetOfferTerms."""
    rate = {"dimensionKey": "g5.xlarge", "displayName": "g5.xlarge", "unit": "Hrs", "price": price}
    usage = {
        "id": "term-u",
        "type": "UsageBasedPricingTerm",
        "currencyCode": "USD",
        "rateCards": [{"rateCard": [rate]}],
    }
    document = {"type": "StandardEula", "url": "https://example.com/eula"}
    legal = {"id": "term-l", "type": "LegalTerm", "documents": [document]}
    return {"offerTerms": [{"usageBasedPricingTerm": usage}, {"legalTerm": legal}]}


def quote(value: str = "0.00", status: str = "DRAFT", approval: str = "NOT_REQUIRED") -> dict[str, Any]:
    """The answer of CreateAgreementRequest."""
    return {
        "agreementRequestId": "ar-1",
        "agreementType": "PurchaseAgreement",
        "chargeSummary": {"currencyCode": "USD", "newAgreementValue": value, "expectedCharges": []},
        "status": status,
        "approvalRequirement": approval,
    }


AGREED = {"agreementViewSummaries": [{"agreementId": "agmt-1", "status": "ACTIVE"}]}
NOT_AGREED: dict[str, Any] = {"agreementViewSummaries": []}


def market(agreements: Any = NOT_AGREED, options: Any = None, price: str = "0.0000", **quoting: str) -> Any:
    """Both services, whose answers are such as AWS could give."""
    listed = {"purchaseOptions": [option("offer-1")]} if options is None else options
    answers: dict[str, dict[str, Any]] = {
        "marketplace-agreement": {
            "search_agreements": agreements,
            "create_agreement_request": quote(**quoting),
            "accept_agreement_request": {"agreementId": "agmt-9"},
        },
        "marketplace-discovery": {
            "list_purchase_options": listed,
            "get_offer": offer("USAGE"),
            "get_offer_terms": offer_terms(price),
        },
    }
    for service, methods in answers.items():
        for method, answer in methods.items():
            assert isinstance(answer, Exception) or problems_of_answer(service, method, answer) == ""
    made = {service: FakeClient(service, **methods) for service, methods in answers.items()}
    return made["marketplace-agreement"], made["marketplace-discovery"]


def read(**changes: Any) -> tuple[Terms | None, FakeClient, FakeClient]:
    agreement, discovery = market(**changes)
    clients = clients_of(marketplace_agreement=agreement, marketplace_discovery=discovery)
    return terms_of(clients, IMAGE), agreement, discovery


def test_an_image_without_terms_is_not_looked_up() -> None:
    agreement, discovery = market()
    assert terms_of(clients_of(marketplace_agreement=agreement, marketplace_discovery=discovery), image()) is None
    assert (agreement.calls, discovery.calls) == ([], [])


def test_a_product_that_is_not_known_has_unknown_terms() -> None:
    unknown = image(product_code="6fd3yd", terms_url="https://aws.amazon.com/marketplace/pp?sku=6fd3yd")
    terms = terms_of(clients_of(), unknown)
    assert terms is not None
    assert (terms.agreed, terms.free, terms.url) == (None, False, unknown.terms_url)


@pytest.mark.parametrize(
    ("changes", "agreed", "agreement", "free"),
    [
        ({"agreements": AGREED}, True, "agmt-1", True),
        ({"agreements": NOT_AGREED}, False, "", True),
        ({"price": "0.75"}, False, "", False),
        ({"agreements": aws_error("AccessDeniedException")}, None, "", True),
        ({"options": aws_error("AccessDeniedException")}, False, "", False),
        ({"options": {"purchaseOptions": []}}, False, "", False),
    ],
)
def test_terms(changes: dict[str, Any], agreed: bool | None, agreement: str, free: bool) -> None:
    terms, _agreement, _discovery = read(**changes)
    assert terms is not None
    assert (terms.agreed, terms.agreement_id, terms.free) == (agreed, agreement, free)


def test_the_public_offer_of_the_product_is_read() -> None:
    others = [
        option("offer-set", kind="OFFERSET"),
        option("offer-private", badge="PRIVATE_PRICING"),
        option("offer-later", badge="FUTURE_DATED"),
        option("offer-else", product="prod-else"),
        option("offer-1"),
    ]
    terms, _agreement, discovery = read(options={"purchaseOptions": others})
    assert terms is not None
    assert (terms.offer_id, terms.proposal_id, terms.term_ids) == ("offer-1", "at-1", ("term-l", "term-u"))
    assert discovery.sent("get_offer") == [{"offerId": "offer-1"}]


def test_reading_changes_nothing() -> None:
    _terms, agreement, _discovery = read()
    assert agreement.methods == ["search_agreements"]


def accept(consent: bool = True, seed: str = "", **changes: Any) -> tuple[Terms, FakeClient]:
    agreement, discovery = market(**changes)
    clients = clients_of(marketplace_agreement=agreement, marketplace_discovery=discovery)
    terms = terms_of(clients, IMAGE)
    assert terms is not None
    return accept_terms(clients, terms, consent, seed), agreement


def test_free_terms_are_accepted_when_the_person_said_so() -> None:
    terms, agreement = accept()
    assert (terms.agreed, terms.agreement_id) == (True, "agmt-9")
    (asked,) = agreement.sent("create_agreement_request")
    assert asked["requestedTerms"] == [{"id": "term-l"}, {"id": "term-u"}]
    assert agreement.sent("accept_agreement_request") == [{"agreementRequestId": "ar-1"}]


def test_what_is_agreed_is_not_accepted_again() -> None:
    terms, agreement = accept(consent=False, agreements=AGREED)
    assert (terms.agreement_id, agreement.methods) == ("agmt-1", ["search_agreements"])


def test_a_request_that_was_accepted_before_is_not_accepted_again() -> None:
    terms, agreement = accept(status="ACCEPTED")
    assert terms.agreed
    assert agreement.sent("accept_agreement_request") == []


@pytest.mark.parametrize("refused", ["create_agreement_request", "accept_agreement_request"])
def test_a_refused_repeat_of_what_was_done_is_done(refused: str) -> None:
    """The first answer was lost: AWS refuses the second request, and the agreement is there."""
    answers = {"create_agreement_request": quote(), refused: aws_error("ConflictException")}
    agreement = FakeClient("marketplace-agreement", search_agreements=[NOT_AGREED, AGREED], **answers)
    clients = clients_of(marketplace_agreement=agreement, marketplace_discovery=market()[1])
    terms = terms_of(clients, IMAGE)
    assert terms is not None
    assert accept_terms(clients, terms, consent=True).agreement_id == "agmt-1"


def test_a_refusal_that_leaves_no_agreement_is_told() -> None:
    agreement = FakeClient(
        "marketplace-agreement",
        search_agreements=NOT_AGREED,
        create_agreement_request=aws_error("AccessDeniedException"),
    )
    clients = clients_of(marketplace_agreement=agreement, marketplace_discovery=market()[1])
    terms = terms_of(clients, IMAGE)
    assert terms is not None
    with pytest.raises(AwsCallError, match="ask for an agreement on Marketplace proposal at-1"):
        accept_terms(clients, terms, consent=True)


def test_an_approved_request_is_accepted() -> None:
    _terms, agreement = accept(status="APPROVED", approval="REQUIRED")
    assert len(agreement.sent("accept_agreement_request")) == 1


def test_the_token_repeats_with_the_seed() -> None:
    tokens = [accept(seed=seed)[1].sent("create_agreement_request")[0]["clientToken"] for seed in ("a", "a", "b")]
    assert tokens[0] == tokens[1] != tokens[2]
    assert len(tokens[0]) <= 64


REFUSED: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "no consent": (
        {"consent": False},
        *("terms_not_accepted", "are not accepted", "They are free: set gpu_accept_marketplace_terms to true, or"),
    ),
    "no consent, and they cost": (
        {"consent": False, "price": "0.75"},
        *("terms_not_accepted", "are not accepted: g5.xlarge: USD 0.75 Hrs", "Read and accept them at"),
    ),
    "they cost by the hour": (
        {"price": "0.75"},
        *("terms_cost", "cost money: g5.xlarge: USD 0.75 Hrs", "Read and accept them at"),
    ),
    "the quote has a charge": (
        {"value": "499.00"},
        *("terms_cost", "cost money: Value of the agreement: USD 499.00 once", "Read and accept them at"),
    ),
    "no offer to read": (
        {"options": {"purchaseOptions": []}},
        *("terms_unknown", "have no public offer that you may read", "Read and accept them at"),
    ),
    "waits for approval": (
        {"status": "PENDING_APPROVAL"},
        *("terms_pending_approval", "need an approval", "Request ar-1 waits for an approver of your organisation ("),
    ),
    "will need approval": (
        {"approval": "REQUIRED"},
        *("terms_pending_approval", "need an approval", "Request ar-1 waits for an approver of your organisation ("),
    ),
    "rejected": (
        {"status": "REJECTED", "approval": "REQUIRED"},
        *("terms_refused", "were refused for the account (REJECTED)", "Ask the administrator of your private"),
    ),
}


@pytest.mark.parametrize(("changes", "code", "text", "advice"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(changes: dict[str, Any], code: str, text: str, advice: str) -> None:
    agreement, discovery = market(**{name: value for name, value in changes.items() if name != "consent"})
    clients = clients_of(marketplace_agreement=agreement, marketplace_discovery=discovery)
    terms = terms_of(clients, IMAGE)
    assert terms is not None
    with pytest.raises(GpuError) as refused:
        accept_terms(clients, terms, changes.get("consent", True))
    assert (refused.value.code, refused.value.message) == (code, f"The Marketplace terms of the image {text}")
    assert refused.value.next_step.startswith(advice)
    assert "accept_agreement_request" not in agreement.methods
    assert refused.value.details["terms"]["url"] == URL


def test_the_result_is_plain_data() -> None:
    terms, _agreement, _discovery = read(price="0.75")
    assert terms is not None
    assert (terms.as_result()["charges"], terms.as_result()["free"]) == (["g5.xlarge: USD 0.75 Hrs"], False)
