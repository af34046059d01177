# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What terms and quotes cost."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._image.charge import charges_of, is_zero, quoted, term_ids


def usage(*prices: str) -> dict[str, Any]:
    """A term that charges by the hour."""
    rates = [{"displayName": f"type {n}", "unit": "Hrs", "price": price} for n, price in enumerate(prices)]
    return {"usageBasedPricingTerm": {"id": "term-u", "currencyCode": "USD", "rateCards": [{"rateCard": rates}]}}


LEGAL = {"legalTerm": {"id": "term-l", "documents": []}}
TERMS: list[tuple[list[dict[str, Any]], list[str]]] = [
    ([usage("0.0000", "0"), LEGAL], []),
    ([usage("0.0", "0.75")], ["type 1: USD 0.75 Hrs"]),
    ([usage("free")], ["type 0: USD free Hrs"]),
    ([{"fixedUpfrontPricingTerm": {"id": "t", "currencyCode": "EUR", "price": "499.00"}}], ["Fee: EUR 499.00 once"]),
    ([{"fixedUpfrontPricingTerm": {"id": "t", "currencyCode": "EUR", "price": "0.00"}}], []),
    (
        [
            {
                "configurableUpfrontPricingTerm": {
                    "id": "t",
                    "currencyCode": "USD",
                    "rateCards": [{"rateCard": [{"displayName": "g5", "unit": "Units", "price": "100"}]}],
                }
            }
        ],
        ["Fee: USD 100 once"],
    ),
    (
        [{"recurringPaymentTerm": {"id": "t", "currencyCode": "USD", "price": "5", "billingPeriod": "Monthly"}}],
        ["Recurring fee: USD 5 Monthly"],
    ),
    (
        [{"paymentScheduleTerm": {"id": "t", "currencyCode": "USD", "schedule": [{"chargeAmount": "9"}] * 2}}],
        ["Installment: USD 9 once"],
    ),
    (
        [{"variablePaymentTerm": {"id": "t", "currencyCode": "USD", "maxTotalChargeAmount": "70"}}],
        ["Payments up to: USD 70 once"],
    ),
    ([{"byolPricingTerm": {"id": "t"}}], ["a licence of your own, bought elsewhere"]),
    ([{"freeTrialPricingTerm": {"id": "t", "duration": "P7D"}}], ["a free trial, charged after its end"]),
]


@pytest.mark.parametrize(("terms", "charges"), TERMS)
def test_charges(terms: list[dict[str, Any]], charges: list[str]) -> None:
    assert [str(charge) for charge in charges_of(terms)] == charges


def test_terms_that_need_a_choice_are_not_asked_for() -> None:
    rows = [LEGAL, usage("0"), {"renewalTerm": {"id": "term-r"}}, {"configurableUpfrontPricingTerm": {"id": "term-c"}}]
    assert term_ids(rows) == ["term-l", "term-u"]


@pytest.mark.parametrize(
    ("summary", "charges"),
    [
        ({}, []),
        ({"currencyCode": "USD", "newAgreementValue": "0.00", "expectedCharges": [], "itemizedCharges": []}, []),
        ({"currencyCode": "USD", "newAgreementValue": "499.00"}, ["Value of the agreement: USD 499.00 once"]),
        ({"currencyCode": "USD", "expectedCharges": [{"amount": "0.0"}, {"amount": "3"}]}, ["Charge: USD 3 once"]),
        ({"expectedCharges": [{"timing": "BILLING_PERIOD"}]}, []),
        ({"itemizedCharges": [{"dimensionKey": "g5", "incrementalChargeAmount": "1"}]}, ["g5: USD 1 once"]),
    ],
)
def test_quoted(summary: dict[str, Any], charges: list[str]) -> None:
    assert [str(charge) for charge in quoted({"chargeSummary": summary})] == charges


@pytest.mark.parametrize(
    ("amount", "zero"), [("0", True), ("0.0000", True), ("-0", True), ("0.0001", False), ("", False), ("nil", False)]
)
def test_is_zero(amount: str, zero: bool) -> None:
    assert is_zero(amount) is zero
