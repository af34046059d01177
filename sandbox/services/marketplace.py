# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls of the Marketplace's two buyer services, which share a signing name."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.answers import Answer
from sandbox.call import Call
from sandbox.services import marketplace_agreement as agreement
from sandbox.services import marketplace_discovery as discovery

SIGNING_NAME = "aws-marketplace"

ACTIONS: dict[str, Callable[[Call], Answer]] = {
    "ListPurchaseOptions": discovery.list_purchase_options,
    "GetOffer": discovery.get_offer,
    "GetOfferTerms": discovery.get_offer_terms,
    "GetProduct": discovery.get_product,
    "GetListing": discovery.get_listing,
    "ListFulfillmentOptions": discovery.list_fulfillment_options,
    "CreateAgreementRequest": agreement.create_agreement_request,
    "AcceptAgreementRequest": agreement.accept_agreement_request,
    "GetAgreementRequest": agreement.get_agreement_request,
    "CancelAgreementRequest": agreement.cancel_agreement_request,
    "SearchAgreements": agreement.search_agreements,
    "DescribeAgreement": agreement.describe_agreement,
    "GetAgreementTerms": agreement.get_agreement_terms,
    "GetAgreementEntitlements": agreement.get_agreement_entitlements,
    "CancelAgreement": agreement.cancel_agreement,
}
SERVICES = {(SIGNING_NAME, action): answer for action, answer in ACTIONS.items()}
