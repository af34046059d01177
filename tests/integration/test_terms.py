# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The terms of Marketplace images against a real API: read, accepted when free, and never when they cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._image.find import find_image
from ansible_collections.gpgpu.aws.plugins.module_utils._image.terms import Terms, accept_terms, terms_of

from tests.integration.desk import Desk


@pytest.fixture
def clients(desk: Desk) -> Iterator[Clients]:
    """The collection's clients of an account without agreements."""
    desk.cloud.control("PUT", "marketplace", {})
    yield Clients(desk.cloud.client, desk.cloud.region)
    desk.cloud.control("PUT", "marketplace", {})


def read(clients: Clients, image: str = "nvidia-marketplace", user: str = "") -> Terms:
    """The terms of an image."""
    terms = terms_of(clients, find_image(clients, image, "", "x86_64", user))
    assert terms is not None
    return terms


def agreements(desk: Desk) -> list[Any]:
    """What the account has agreed to, read by another way."""
    filters = [{"name": name, "values": [value]} for name, value in (("PartyType", "Acceptor"), ("Status", "ACTIVE"))]
    filters.append({"name": "AgreementType", "values": ["PurchaseAgreement"]})
    found = desk.cloud.client("marketplace-agreement", "us-east-1").search_agreements(
        catalog="AWSMarketplace", filters=filters
    )
    return list(found["agreementViewSummaries"])


@pytest.mark.parametrize("image", ["nvidia-marketplace", "nvidia-rtx-windows"])
def test_free_terms_are_accepted_once(desk: Desk, clients: Clients, image: str) -> None:
    terms = read(clients, image)
    assert (terms.agreed, terms.free) == (False, True)
    accepted = accept_terms(clients, terms, consent=True)
    assert [row["agreementId"] for row in agreements(desk)] == [accepted.agreement_id]
    again = read(clients, image)
    assert (again.agreed, again.agreement_id) == (True, accepted.agreement_id)
    assert accept_terms(clients, again, consent=False) == again
    assert len(agreements(desk)) == 1


def test_a_repeat_that_knows_nothing_of_the_first_makes_no_second(desk: Desk, clients: Clients) -> None:
    terms = read(clients)
    accept_terms(clients, terms, consent=True, seed="run-1")
    assert accept_terms(clients, terms, consent=True, seed="run-1").agreed
    assert len(agreements(desk)) == 1


def test_without_consent_nothing_is_agreed(desk: Desk, clients: Clients) -> None:
    with pytest.raises(GpuError) as refused:
        accept_terms(clients, read(clients), consent=False)
    assert (refused.value.code, agreements(desk)) == ("terms_not_accepted", [])


@pytest.mark.parametrize(
    ("pattern", "charge"),
    [("Sandbox AMI with an annual fee*", "499.00 once"), ("Sandbox AMI with an hourly fee*", "0.7500 Hrs")],
)
def test_what_costs_is_never_agreed_to(desk: Desk, clients: Clients, pattern: str, charge: str) -> None:
    terms = read(clients, desk.cloud.image_like(pattern), "ubuntu")
    with pytest.raises(GpuError) as refused:
        accept_terms(clients, terms, consent=True)
    assert (refused.value.code, agreements(desk)) == ("terms_cost", [])
    assert charge in refused.value.message
    assert terms.url in refused.value.next_step


def test_a_charge_that_only_the_quote_shows_is_never_agreed_to(desk: Desk, clients: Clients) -> None:
    terms = read(clients, desk.cloud.image_like("Sandbox AMI with an annual fee*"), "ubuntu")
    with pytest.raises(GpuError) as refused:
        accept_terms(clients, replace(terms, charges=()), consent=True)
    assert (refused.value.code, agreements(desk)) == ("terms_cost", [])


def test_an_approval_that_is_to_come_is_told(desk: Desk, clients: Clients) -> None:
    desk.cloud.control("PUT", "marketplace", {"approval_required": True})
    with pytest.raises(GpuError) as refused:
        accept_terms(clients, read(clients), consent=True)
    assert (refused.value.code, agreements(desk)) == ("terms_pending_approval", [])
    assert "PENDING_APPROVAL" in refused.value.next_step


def test_who_may_not_read_the_marketplace_knows_nothing(desk: Desk, clients: Clients) -> None:
    desk.cloud.control("PUT", "denied", [{"action": "aws-marketplace:*"}])
    try:
        terms = read(clients)
    finally:
        desk.cloud.control("PUT", "denied", [])
    assert (terms.agreed, terms.free) == (None, False)
