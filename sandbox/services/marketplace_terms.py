# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The terms of a product's offer, in the shapes of discovery (an offer's) and of agreements (accepted).

An AMI that is used by the hour has a usage price (0 for free software), the legal text, and for how long an agreement
is good: https://docs.aws.amazon.com/marketplace/latest/APIReference/work-with-agreements.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.services.marketplace_products import Product

EULA = "https://aws-mp-standard-contracts.s3.amazonaws.com/Standard-Contract-for-AWS-Marketplace-2022-07-14.pdf"
PRICED_TYPES = ("g4dn.xlarge", "g5.xlarge", "g6.xlarge", "g6e.xlarge", "p5.48xlarge")

Term = dict[str, Any]


def term_ids(product: Product) -> dict[str, str]:
    """Return the ids of the terms by their name in the API, all of them mandatory."""
    price = "fixedUpfrontPricingTerm" if product.upfront_usd else "usageBasedPricingTerm"
    return {name: f"term-{product.key}-{name[:5]}" for name in (price, "legalTerm", "supportTerm", "validityTerm")}


def offer_terms(product: Product) -> list[Term]:
    """Return the terms as GetOfferTerms lists them."""
    return [_named(name, id, _content(name, product)) for name, id in term_ids(product).items()]


def accepted_terms(product: Product) -> list[Term]:
    """Return the terms as GetAgreementTerms lists them: without the words that only an offer shows."""
    return [_named(name, id, _accepted(_content(name, product))) for name, id in term_ids(product).items()]


def _named(name: str, id: str, content: Mapping[str, Any]) -> Term:
    return {name: {"id": id, "type": name[0].upper() + name[1:], **content}}


def _content(name: str, product: Product) -> dict[str, Any]:
    unit = {"displayName": "Software", "unit": "Hrs"}
    contents: dict[str, dict[str, Any]] = {
        "legalTerm": {"documents": [{"type": "StandardEula", "url": EULA, "version": "2022-07-14"}]},
        "supportTerm": {"refundPolicy": "No refunds."},
        "validityTerm": {"agreementDuration": "P365D"},
        "fixedUpfrontPricingTerm": {
            "currencyCode": "USD",
            "duration": "P365D",
            "price": f"{product.upfront_usd:.2f}",
            "grants": [{"dimensionKey": "Licence", "maxQuantity": 1, **unit, "unit": "Units"}],
        },
        "usageBasedPricingTerm": {
            "currencyCode": "USD",
            "rateCards": [
                {
                    "rateCard": [
                        {"dimensionKey": name, "price": f"{product.hourly_usd:.4f}", **unit} for name in PRICED_TYPES
                    ]
                }
            ],
        },
    }
    return contents[name]


def _accepted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _accepted(row) for key, row in value.items() if key not in ("displayName", "unit")}
    return [_accepted(row) for row in value] if isinstance(value, list) else value
