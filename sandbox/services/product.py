# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One product of the price list, in the shape of GetProducts and of AWS's offer files.

https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sandbox.services import price_table


@dataclass(frozen=True)
class Tier:
    """A price from some quantity of a month on."""

    begin: int
    end: str
    usd: float


@dataclass(frozen=True)
class Product:
    """One product of one region and its on-demand price."""

    family: str
    """productFamily; public IPv4 addresses have none."""
    usage: str
    """Usage type, with its region's prefix."""
    unit: str
    tiers: tuple[Tier, ...]
    description: str
    attributes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def fields(self) -> dict[str, str]:
        """What a filter can name, by lower-cased name."""
        every = {**self.attributes, "usagetype": self.usage, "sku": self.sku}
        if self.family:
            every["productFamily"] = self.family
        return {name.lower(): value for name, value in every.items()}

    @property
    def sku(self) -> str:
        """The product's key: 16 signs, stable."""
        parts = (self.usage, self.attributes.get("operation", ""), self.attributes.get("marketoption", ""))
        return hashlib.sha256("/".join(parts).encode()).hexdigest()[:16].upper()

    @cached_property
    def text(self) -> str:
        """The product as one string of PriceList."""
        head = {"productFamily": self.family} if self.family else {}
        offer = f"{self.sku}.JRTCKXETXF"
        dimensions = {f"{offer}.{_code(tier)}": self._dimension(tier) for tier in self.tiers}
        term = {
            "priceDimensions": {code: {**row, "rateCode": code} for code, row in dimensions.items()},
            "sku": self.sku,
            "effectiveDate": price_table.AS_OF,
            "offerTermCode": "JRTCKXETXF",
            "termAttributes": {},
        }
        product = {**head, "attributes": {**self.attributes, "usagetype": self.usage}, "sku": self.sku}
        return json.dumps(
            {
                "product": product,
                "serviceCode": self.attributes["servicecode"],
                "terms": {"OnDemand": {offer: term}},
                "version": price_table.AS_OF,
                "publicationDate": price_table.AS_OF,
            }
        )

    def _dimension(self, tier: Tier) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "endRange": tier.end,
            "description": f"${tier.usd:g} per {self.description}",
            "appliesTo": [],
            "beginRange": str(tier.begin),
            "pricePerUnit": {"USD": f"{tier.usd:.10f}"},
        }


def _code(tier: Tier) -> str:
    """Return the code of a rate: AWS's own for a flat price, else one per tier."""
    if (tier.begin, tier.end) == (0, "Inf"):
        return "6YS6EN2CT7"
    return hashlib.sha256(str(tier.begin).encode()).hexdigest()[:10].upper()


def flat(usd: float) -> tuple[Tier, ...]:
    """Return the tiers of a price that no quantity changes."""
    return (Tier(0, "Inf", usd),)
