# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of offers: the wanted market first, then money, nearness and the chance of success. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import Requirement

# What stands in for a round trip that could not be measured, and for a zone that AWS did not score: neither the best
# nor the worst, so that not knowing is no advantage.
UNKNOWN_MS = 250.0
UNKNOWN_SCORE = 5
BEST_SCORE = 10


def rank(offers: Iterable[Offer], requirement: Requirement) -> list[Offer]:
    """Offers, the best first, each with its reasons; ties are in order of their names, so the order is stable.

    Within a market, what AWS refused a few minutes ago comes last: a hint, which removes nothing.
    """
    explained = (replace(offer, reasons=reasons(offer, requirement)) for offer in offers)
    return sorted(explained, key=lambda offer: _key(offer, requirement))


def _key(offer: Offer, requirement: Requirement) -> tuple[int, bool, float, str, str, str, str]:
    return (
        market_place(offer.market, requirement),
        offer.refused_recently,
        worth_usd(offer, requirement),
        offer.starts,
        offer.region,
        offer.machine.name,
        offer.zone,
    )


def market_place(market: str, requirement: Requirement) -> int:
    """The place of a market in the wanted order; an unwanted one comes last."""
    return requirement.markets.index(market) if market in requirement.markets else len(requirement.markets)


def worth_usd(offer: Offer, requirement: Requirement) -> float:
    """USD per hour of one machine, made dearer by its distance and by the risk of not getting it."""
    if offer.rate is None:
        return float("inf")
    return offer.rate.running + distance_usd(offer, requirement) + risk_usd(offer, requirement)


def distance_usd(offer: Offer, requirement: Requirement) -> float:
    """What the round trip counts, in USD per hour."""
    return requirement.latency_weight * (UNKNOWN_MS if offer.latency_ms is None else offer.latency_ms) / 100


def risk_usd(offer: Offer, requirement: Requirement) -> float:
    """What the lack of spot capacity counts, in USD per hour; AWS scores no other market."""
    if offer.market != "spot":
        return 0.0
    score = UNKNOWN_SCORE if offer.placement_score is None else offer.placement_score
    return requirement.capacity_weight * (BEST_SCORE - score)


def reasons(offer: Offer, requirement: Requirement) -> tuple[str, ...]:
    """What decides the place of an offer, in the order in which it decides."""
    words = [f"{offer.market} is choice {market_place(offer.market, requirement) + 1}"]
    if offer.refused_recently:
        words.append("AWS had none a few minutes ago")
    words.append("no price" if offer.rate is None else f"${offer.rate.running:.4f}/h with disks and address")
    if offer.latency_ms is not None:
        words.append(f"{offer.latency_ms:g} ms away counts ${distance_usd(offer, requirement):.4f}/h")
    if offer.placement_score is not None:
        words.append(f"placement score {offer.placement_score} counts ${risk_usd(offer, requirement):.4f}/h")
    return tuple(words)
