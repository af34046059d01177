# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account's agreement requests and agreements: the book that the agreement service and launches read.

The account begins without any. What the control plane may set: how many asks an accepted agreement stays without
effect (AWS takes a minute or two), and whether the organisation wants to approve each request.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from sandbox.services.marketplace_products import PRODUCTS, Product

SETTINGS = {"subscription_calls": int, "approval_required": bool, "agreements": list}


@dataclass
class Request:
    """One agreement request: a quote until it is accepted."""

    id: str
    product: Product
    status: str
    answer: dict[str, Any]
    agreement: str = ""


@dataclass
class Agreement:
    """One agreement."""

    id: str
    product: Product
    waits: int = 0
    """Asks that still find it without effect."""
    status: str = "ACTIVE"
    since: float = field(default_factory=time.time)


class Book:
    """Requests and agreements, with what the control plane has set."""

    def __init__(self) -> None:
        self.requests: dict[str, Request] = {}
        self.agreements: dict[str, Agreement] = {}
        self.tokens: dict[str, tuple[str, str]] = {}
        """Client token to the request it was used for and its id."""
        self.approval_required = False
        self._subscription_calls = 0
        self._numbers = itertools.count(1)

    def number(self, prefix: str) -> str:
        """Return a new id."""
        return f"{prefix}-{next(self._numbers):025x}"

    def agree(self, product: Product) -> Agreement:
        """Make an agreement about a product."""
        made = Agreement(self.number("agmt"), product, self._subscription_calls)
        self.agreements[made.id] = made
        return made

    def active(self, product: Product) -> Agreement | None:
        """Return the agreement about a product that is in force, or None."""
        rows = self.agreements.values()
        return next((row for row in rows if row.product == product and row.status == "ACTIVE"), None)

    def in_effect(self, agreement: Agreement) -> bool:
        """Tell whether an agreement has taken effect; each ask counts as one wait less."""
        agreement.waits, waits = max(agreement.waits - 1, 0), agreement.waits
        return waits == 0 and agreement.status == "ACTIVE"

    def subscribed(self, code: str) -> bool:
        """Tell whether images with a product code may be launched."""
        product = next((row for row in PRODUCTS if row.code == code), None)
        agreement = self.active(product) if product else None
        return agreement is not None and self.in_effect(agreement)

    def replace(self, settings: object) -> None:
        """Begin anew with settings of the control plane; raise ValueError where they are malformed."""
        if not isinstance(settings, dict):
            raise ValueError(f"Marketplace settings are an object with {', '.join(SETTINGS)}.")
        wrong = [key for key, value in settings.items() if not isinstance(value, SETTINGS.get(key, ()))]
        by_id = {product.id: product for product in PRODUCTS}
        wrong += [id for id in settings.get("agreements", []) if id not in by_id]
        if wrong:
            raise ValueError(f"Unknown or malformed: {', '.join(map(str, wrong))}. Products: {', '.join(by_id)}.")
        self.requests, self.agreements, self.tokens = {}, {}, {}
        self.approval_required = settings.get("approval_required", False)
        self._subscription_calls = 0
        for id in settings.get("agreements", []):
            self.agree(by_id[id])
        self._subscription_calls = settings.get("subscription_calls", 0)

    def rows(self) -> list[dict[str, str]]:
        """Return the agreements for the sandbox's state."""
        return [{"id": row.id, "product": row.product.id, "status": row.status} for row in self.agreements.values()]


BOOK = Book()
