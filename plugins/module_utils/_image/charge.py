# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the terms of a Marketplace offer cost. Pure.

Kinds of terms: https://docs.aws.amazon.com/marketplace/latest/APIReference/API_marketplace-discovery_GetOfferTerms.html
(shapes as in botocore's model of marketplace-discovery, 2026-02-05).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

Row = dict[str, Any]

# Terms that need a choice of the buyer, or that only add to what is bought: never asked for.
OPTIONAL = ("configurableUpfrontPricingTerm", "freeTrialPricingTerm", "renewalTerm", "variablePaymentTerm")
# Terms whose price is not in them: the licence is bought elsewhere, or payment begins after a trial.
UNPRICED = {
    "byolPricingTerm": "a licence of your own, bought elsewhere",
    "freeTrialPricingTerm": "a free trial, charged after its end",
}


@dataclass(frozen=True)
class Charge:
    """One thing that costs.

    Parameters:
        what: what is charged for, in the seller's words.
        amount: the amount as AWS writes it; empty when it is not told.
        currency: its currency's code.
        per: the unit of use that it is for, such as `Hrs`; `once` for a fee.
    """

    what: str
    amount: str
    currency: str = "USD"
    per: str = "once"

    def __str__(self) -> str:
        return f"{self.what}: {self.currency} {self.amount} {self.per}" if self.amount else self.what


def is_zero(amount: str) -> bool:
    """Whether an amount is nothing; a text that is no number counts as a charge."""
    try:
        return Decimal(amount) == 0
    except InvalidOperation:
        return False


def charges_of(terms: list[Row]) -> tuple[Charge, ...]:
    """What the terms of an offer cost, without what is zero, the same charge once.

    Parameters:
        terms: rows of GetOfferTerms, each with one member named after its kind.
    """
    found = [charge for row in terms for kind, term in row.items() for charge in _charges(kind, term)]
    return tuple(dict.fromkeys(charge for charge in found if not is_zero(charge.amount)))


def term_ids(terms: list[Row]) -> list[str]:
    """The ids of the terms to agree to: all but those that need a choice."""
    return sorted(term["id"] for row in terms for kind, term in row.items() if kind not in OPTIONAL)


def quoted(answer: Row) -> tuple[Charge, ...]:
    """What a quote says that agreeing costs, without what is zero.

    Parameters:
        answer: the answer of CreateAgreementRequest.
    """
    summary = answer.get("chargeSummary", {})
    currency = str(summary.get("currencyCode", "USD"))
    amounts = [("Value of the agreement", summary.get("newAgreementValue", "0"))]
    amounts += [("Charge", row.get("amount", "0")) for row in summary.get("expectedCharges", [])]
    amounts += [
        (str(row.get("dimensionKey", "Charge")), row.get("incrementalChargeAmount", "0"))
        for row in summary.get("itemizedCharges", [])
    ]
    found = [Charge(what, str(amount), currency) for what, amount in amounts]
    return tuple(charge for charge in found if not is_zero(charge.amount))


def _charges(kind: str, term: Row) -> Iterable[Charge]:
    """Every amount that a term names, zero or not."""
    currency = str(term.get("currencyCode", "USD"))
    if kind in UNPRICED:
        yield Charge(UNPRICED[kind], "")
    for card in term.get("rateCards", []):
        # A configurable fee is paid once for its duration; a rate is paid for each unit of use.
        for rate in card.get("rateCard", []):
            per = "once" if kind == "configurableUpfrontPricingTerm" else str(rate.get("unit", "unit"))
            yield Charge(_named(kind, rate), str(rate["price"]), currency, per)
    if "price" in term:
        yield Charge(_named(kind, {}), str(term["price"]), currency, str(term.get("billingPeriod", "once")))
    for installment in term.get("schedule", []):
        yield Charge("Installment", str(installment["chargeAmount"]), currency)
    if "maxTotalChargeAmount" in term:
        yield Charge("Payments up to", str(term["maxTotalChargeAmount"]), currency)


def _named(kind: str, rate: Row) -> str:
    """The name of a rate; one that stands for every instance type is named without it."""
    names = {
        "fixedUpfrontPricingTerm": "Fee",
        "configurableUpfrontPricingTerm": "Fee",
        "recurringPaymentTerm": "Recurring fee",
    }
    return names.get(kind) or str(rate.get("displayName") or "Software")
