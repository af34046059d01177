# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Marketplace Agreement Service (2020-03-01), as far as a buyer of AMI products needs it.

https://docs.aws.amazon.com/marketplace/latest/APIReference/ ; shapes: botocore's marketplace-agreement model. The
reasons of refusals are the model's words; which of them AWS gives when is not documented, so the nearest is given.
"""

from __future__ import annotations

import json
import time
from typing import Any

from sandbox.answers import Answer, AwsError
from sandbox.call import Call
from sandbox.services.marketplace_book import BOOK, Agreement, Request
from sandbox.services.marketplace_discovery import check
from sandbox.services.marketplace_products import PRODUCTS, Product
from sandbox.services.marketplace_terms import accepted_terms, term_ids
from sandbox.strict.caller import ACCOUNT

MODEL = "marketplace-agreement"
KIND = "PurchaseAgreement"
PROPOSER = "679593333241"


def create_agreement_request(call: Call) -> Answer:
    """Answer CreateAgreementRequest: a quote, which binds nobody."""
    check(call, MODEL)
    known = _repeated(call)
    if known is not None:
        return _json(known.answer)
    product = _proposed(call)
    _check_terms(call, product)
    if BOOK.active(product) is not None:
        raise AwsError("ConflictException", "An active agreement for this product exists already.", 409)
    made = _quote(product)
    BOOK.requests[made.id] = made
    if "clientToken" in call.params:
        BOOK.tokens[call.params["clientToken"]] = (_fingerprint(call), made.id)
    return _json(made.answer)


def _repeated(call: Call) -> Request | None:
    known = BOOK.tokens.get(call.params.get("clientToken", ""))
    if known is None:
        return None
    if known[0] != _fingerprint(call):
        raise AwsError("ConflictException", "The clientToken was used with other parameters.", 409)
    return BOOK.requests[known[1]]


def _fingerprint(call: Call) -> str:
    return json.dumps(call.params, sort_keys=True)


def _proposed(call: Call) -> Product:
    if call.params["intent"] != "NEW":
        raise _invalid("INVALID_INTENT", "The sandbox makes only new agreements.")
    wanted = call.params.get("agreementProposalIdentifier")
    if not wanted:
        raise _invalid("MISSING_AGREEMENT_PROPOSAL_IDENTIFIER", "A new agreement needs an agreementProposalIdentifier.")
    found = next((product for product in PRODUCTS if product.proposal == wanted), None)
    if found is None:
        raise AwsError("ResourceNotFoundException", f"Agreement proposal {wanted} was not found.", 404)
    return found


def _check_terms(call: Call, product: Product) -> None:
    known = set(term_ids(product).values())
    wanted = {row["id"] for row in call.params["requestedTerms"]}
    if wanted - known:
        raise _invalid("INVALID_REQUESTED_TERM_ID", f"Unknown terms: {', '.join(sorted(wanted - known))}.")
    if known - wanted:
        raise _invalid("MISSING_MANDATORY_TERMS", f"Terms are missing: {', '.join(sorted(known - wanted))}.")


def _quote(product: Product) -> Request:
    id = BOOK.number("ar").replace("ar-", "ar-x")
    amount = f"{product.upfront_usd:.2f}"
    charge = {"id": f"ch-{product.key}", "amount": amount, "timing": "ON_ACCEPTANCE"}
    status = "PENDING_APPROVAL" if BOOK.approval_required else "DRAFT"
    answer = {
        "agreementRequestId": id,
        "agreementType": KIND,
        "chargeSummary": {
            "currencyCode": "USD",
            # What is owed by agreeing; a price per hour of use is in the terms alone.
            "newAgreementValue": amount,
            "expectedCharges": [charge] if product.upfront_usd else [],
        },
        "status": status,
        "approvalRequirement": "REQUIRED" if BOOK.approval_required else "NOT_REQUIRED",
        "createdAt": time.time(),
    }
    return Request(id, product, status, answer)


def accept_agreement_request(call: Call) -> Answer:
    """Answer AcceptAgreementRequest: from here on the account has agreed."""
    request = _request(call)
    if request.status == "PENDING_APPROVAL":
        raise _invalid("PENDING_APPROVAL_AGREEMENT_REQUEST", "The request waits for approval.")
    if request.status != "DRAFT":
        raise _invalid("CLOSED_AGREEMENT_REQUEST", f"The request is {request.status}.")
    request.agreement = BOOK.agree(request.product).id
    request.status = "ACCEPTED"
    return _json({"agreementId": request.agreement})


def get_agreement_request(call: Call) -> Answer:
    """Answer GetAgreementRequest."""
    request = _request(call)
    answer = {**request.answer, "status": request.status, "intent": "NEW", **_parties(request.product)}
    del answer["acceptor"]
    return _json({**answer, "agreementId": request.agreement} if request.agreement else answer)


def cancel_agreement_request(call: Call) -> Answer:
    """Answer CancelAgreementRequest."""
    request = _request(call)
    if request.status == "ACCEPTED":
        raise _invalid("CLOSED_AGREEMENT_REQUEST", "The request is ACCEPTED.")
    request.status = "CANCELLED"
    return _json({})


def search_agreements(call: Call) -> Answer:
    """Answer SearchAgreements, for the account as acceptor.

    https://docs.aws.amazon.com/marketplace-agreements/latest/api-reference/API_SearchAgreements.html
    """
    check(call, MODEL)
    wanted = {row["name"]: row["values"][0] for row in call.params.get("filters", [])}
    if "PartyType" not in wanted:
        raise _invalid("MISSING_PARTY_TYPE", "The filter PartyType is missing.")
    rows = [row for row in BOOK.agreements.values() if _passes(row, wanted)]
    newest = sorted(rows, key=lambda row: row.since, reverse=True)
    return _json({"agreementViewSummaries": [_summary(row) for row in newest]})


def _passes(agreement: Agreement, wanted: dict[str, str]) -> bool:
    values = {
        "PartyType": "Acceptor",
        "AgreementType": KIND,
        "ResourceIdentifier": agreement.product.id,
        "ResourceType": "AmiProduct",
        "OfferId": agreement.product.offer,
        "Status": agreement.status,
        "AcceptorAccountId": ACCOUNT,
    }
    unknown = set(wanted) - set(values)
    if unknown:
        raise _invalid("INVALID_FILTER_NAME", f"Unknown filters: {', '.join(sorted(unknown))}.")
    return all(values[name] == value for name, value in wanted.items())


def describe_agreement(call: Call) -> Answer:
    """Answer DescribeAgreement."""
    agreement = _agreement(call)
    value = {"currencyCode": "USD", "agreementValue": f"{agreement.product.upfront_usd:.2f}"}
    return _json({**_summary(agreement), "estimatedCharges": value})


def get_agreement_terms(call: Call) -> Answer:
    """Answer GetAgreementTerms."""
    return _json({"acceptedTerms": accepted_terms(_agreement(call).product)})


def get_agreement_entitlements(call: Call) -> Answer:
    """Answer GetAgreementEntitlements: pending until the agreement takes effect."""
    agreement = _agreement(call)
    status, reason = "PROVISIONED", "AGREEMENT_ACTIVE"
    if agreement.status != "ACTIVE":
        status, reason = "DEPROVISIONED", "AGREEMENT_INACTIVE"
    elif not BOOK.in_effect(agreement):
        status, reason = "PENDING", "PROVISIONING_IN_PROGRESS"
    row = {
        "resource": {"id": agreement.product.id, "type": "AmiProduct"},
        "type": "AWS::Marketplace::Entitlement",
        "status": status,
        "statusReasonCode": reason,
        "licenseArn": f"arn:aws:license-manager::{ACCOUNT}:license:l-{agreement.id.partition('-')[2]}",
    }
    return _json({"agreementEntitlements": [row]})


def cancel_agreement(call: Call) -> Answer:
    """Answer CancelAgreement; one that was paid for in advance can't be cancelled."""
    agreement = _agreement(call)
    if agreement.status != "ACTIVE":
        raise _invalid("INACTIVE_AGREEMENT", f"The agreement is {agreement.status}.")
    if agreement.product.upfront_usd:
        raise _invalid("UNSUPPORTED_ACTION", "An agreement with an upfront charge can't be cancelled.")
    agreement.status = "CANCELLED"
    return _json({})


def _request(call: Call) -> Request:
    check(call, MODEL)
    id = call.params["agreementRequestId"]
    if id not in BOOK.requests:
        raise AwsError("ResourceNotFoundException", f"Agreement request {id} was not found.", 404)
    return BOOK.requests[id]


def _agreement(call: Call) -> Agreement:
    check(call, MODEL)
    id = call.params["agreementId"]
    if id not in BOOK.agreements:
        raise AwsError("ResourceNotFoundException", f"Agreement {id} was not found.", 404)
    return BOOK.agreements[id]


def _summary(agreement: Agreement) -> dict[str, Any]:
    return {
        "agreementId": agreement.id,
        "agreementType": KIND,
        "acceptanceTime": agreement.since,
        "startTime": agreement.since,
        "status": agreement.status,
        **_parties(agreement.product),
    }


def _parties(product: Product) -> dict[str, Any]:
    return {
        "acceptor": {"accountId": ACCOUNT},
        "proposer": {"accountId": PROPOSER},
        "proposalSummary": {"resources": [{"id": product.id, "type": "AmiProduct"}], "offerId": product.offer},
    }


def _invalid(reason: str, message: str) -> AwsError:
    return AwsError("ValidationException", message, 400, (("reason", reason),))


def _json(value: Any) -> Answer:
    return Answer(200, "application/x-amz-json-1.0", json.dumps(value).encode())
