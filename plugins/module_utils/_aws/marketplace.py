# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Offers and agreements of the AWS Marketplace: one call per function.

Two services, both in us-east-1 only and both signed as `aws-marketplace`: `marketplace-discovery` tells what is
offered, `marketplace-agreement` what is agreed. boto3 knows both since 1.43.
https://docs.aws.amazon.com/marketplace/latest/developerguide/work-with-agreement-api-buyer.html
"""

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsErrorHandler

IAM_ACTIONS = (
    "aws-marketplace:AcceptAgreementRequest",
    "aws-marketplace:CreateAgreementRequest",
    "aws-marketplace:GetOffer",
    "aws-marketplace:GetOfferTerms",
    "aws-marketplace:ListPurchaseOptions",
    "aws-marketplace:SearchAgreements",
    "aws-marketplace:Subscribe",
)

Row = dict[str, Any]

REGION = "us-east-1"
CATALOG = "AWSMarketplace"


class ReadErrors(AwsErrorHandler):
    """Who may not read the Marketplace still launches what was accepted for the account: None means unknown."""

    @classmethod
    def _is_missing(cls) -> type[Exception]:
        return is_boto3_error_code(["AccessDeniedException"])


@ReadErrors.list_error_handler("look for an agreement on Marketplace product {product_id}", None)
def search_agreements(client: Any, product_id: str) -> list[Row] | None:
    """The account's active agreements on a product; None for who may not read them.

    The filters are one of the sets that the service takes of a buyer.
    """
    wanted = {"PartyType": "Acceptor", "AgreementType": "PurchaseAgreement", "ResourceIdentifier": product_id}
    filters = [{"name": name, "values": [value]} for name, value in {**wanted, "Status": "ACTIVE"}.items()]
    paginator = client.get_paginator("search_agreements")
    return paginator.paginate(catalog=CATALOG, filters=filters).build_full_result()["agreementViewSummaries"]


@ReadErrors.list_error_handler("list the offers for Marketplace product {product_id}", [])
def list_purchase_options(client: Any, product_id: str) -> list[Row]:
    """The offers for a product that the account may accept; empty for who may not read them."""
    filters = [{"filterType": "PRODUCT_ID", "filterValues": [product_id]}]
    paginator = client.get_paginator("list_purchase_options")
    return paginator.paginate(filters=filters).build_full_result()["purchaseOptions"]


@AwsErrorHandler.common_error_handler("read Marketplace offer {offer_id}")
def get_offer(client: Any, offer_id: str) -> Row:
    """An offer, with the proposal to agree to and its pricing model."""
    return client.get_offer(offerId=offer_id)


@AwsErrorHandler.common_error_handler("read the terms of Marketplace offer {offer_id}")
def get_offer_terms(client: Any, offer_id: str) -> list[Row]:
    """The terms of an offer; each row has one member, named after the kind of term."""
    return client.get_paginator("get_offer_terms").paginate(offerId=offer_id).build_full_result()["offerTerms"]


@AwsErrorHandler.common_error_handler("ask for an agreement on Marketplace proposal {proposal_id}")
def create_agreement_request(client: Any, proposal_id: str, term_ids: list[str], token: str) -> Row:
    """A quote for the terms, with its charges; it binds nobody. Safe to repeat with the same token."""
    terms = [{"id": term_id} for term_id in term_ids]
    return client.create_agreement_request(
        intent="NEW", agreementProposalIdentifier=proposal_id, requestedTerms=terms, clientToken=token
    )


@AwsErrorHandler.common_error_handler("accept Marketplace agreement request {request_id}")
def accept_agreement_request(client: Any, request_id: str) -> str:
    """Accept a quote: from here on the account has agreed to the terms. Returns the agreement's id."""
    return client.accept_agreement_request(agreementRequestId=request_id)["agreementId"]
