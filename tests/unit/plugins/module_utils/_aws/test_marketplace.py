# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Offers and agreements: what is asked, and what a refused call means."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import marketplace
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError

from tests.unit.fakes.aws import FakeClient, aws_error

# Function, its arguments, service, boto3's method, the answer, what comes back, what was asked.
CALLS: list[tuple[Any, dict[str, Any], str, str, dict[str, Any], Any, dict[str, Any]]] = [
    (
        marketplace.search_agreements,
        {"product_id": "prod-a"},
        *("marketplace-agreement", "search_agreements"),
        {"agreementViewSummaries": [{"agreementId": "agmt-1"}]},
        [{"agreementId": "agmt-1"}],
        {
            "catalog": "AWSMarketplace",
            "filters": [
                {"name": "PartyType", "values": ["Acceptor"]},
                {"name": "AgreementType", "values": ["PurchaseAgreement"]},
                {"name": "ResourceIdentifier", "values": ["prod-a"]},
                {"name": "Status", "values": ["ACTIVE"]},
            ],
        },
    ),
    (
        marketplace.list_purchase_options,
        {"product_id": "prod-a"},
        *("marketplace-discovery", "list_purchase_options"),
        {"purchaseOptions": []},
        [],
        {"filters": [{"filterType": "PRODUCT_ID", "filterValues": ["prod-a"]}]},
    ),
    (
        marketplace.get_offer,
        {"offer_id": "offer-a"},
        *("marketplace-discovery", "get_offer"),
        {"agreementProposalId": "at-1"},
        {"agreementProposalId": "at-1"},
        {"offerId": "offer-a"},
    ),
    (
        marketplace.get_offer_terms,
        {"offer_id": "offer-a"},
        *("marketplace-discovery", "get_offer_terms"),
        {"offerTerms": []},
        [],
        {"offerId": "offer-a"},
    ),
    (
        marketplace.create_agreement_request,
        {"proposal_id": "at-1", "term_ids": ["term-1"], "token": "gpgpu-1"},
        *("marketplace-agreement", "create_agreement_request"),
        {"agreementRequestId": "ar-1"},
        {"agreementRequestId": "ar-1"},
        {
            "intent": "NEW",
            "agreementProposalIdentifier": "at-1",
            "requestedTerms": [{"id": "term-1"}],
            "clientToken": "gpgpu-1",
        },
    ),
    (
        marketplace.accept_agreement_request,
        {"request_id": "ar-1"},
        *("marketplace-agreement", "accept_agreement_request"),
        {"agreementId": "agmt-1"},
        "agmt-1",
        {"agreementRequestId": "ar-1"},
    ),
]


@pytest.mark.parametrize(
    ("call", "arguments", "service", "method", "answer", "result", "asked"),
    CALLS,
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_call(
    call: Any,
    arguments: dict[str, Any],
    service: str,
    method: str,
    answer: dict[str, Any],
    result: Any,
    asked: dict[str, Any],
) -> None:
    client = FakeClient(service, **{method: answer})
    assert call(client, **arguments) == result
    assert client.calls == [(method, asked)]


def test_who_may_not_read_agreements_knows_nothing_of_them() -> None:
    client = FakeClient("marketplace-agreement", search_agreements=aws_error("AccessDeniedException"))
    assert marketplace.search_agreements(client, "prod-a") is None


def test_who_may_not_read_offers_sees_none() -> None:
    client = FakeClient("marketplace-discovery", list_purchase_options=aws_error("AccessDeniedException"))
    assert marketplace.list_purchase_options(client, "prod-a") == []


def test_a_refused_acceptance_is_told() -> None:
    client = FakeClient("marketplace-agreement", accept_agreement_request=aws_error("AccessDeniedException"))
    with pytest.raises(AwsCallError, match="accept Marketplace agreement request ar-1"):
        marketplace.accept_agreement_request(client, "ar-1")
