# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where to ask next: the offers, and what AWS has refused so far -> the next target. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.refusal import Refusal
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec


@dataclass(frozen=True)
class Target:
    """What one RunInstances asks for.

    Parameters:
        offer: the offer it stands for.
        zone: the availability zone to name; empty lets AWS choose.
    """

    offer: Offer
    zone: str

    @property
    def instance_type(self) -> str:
        """The instance type."""
        return self.offer.machine.name

    @property
    def region(self) -> str:
        """The region."""
        return self.offer.region

    @property
    def market(self) -> str:
        """The market."""
        return self.offer.market

    @property
    def price(self) -> str:
        """What one machine costs per hour, in words."""
        rate = self.offer.rate
        return f"${rate.running:.4f}/h each" if rate else "price unknown"

    def __str__(self) -> str:
        return f"{self.instance_type} {self.market} {self.zone or self.region + ' (any zone)'}"


def concrete(spec: LaunchSpec, target: Target) -> LaunchSpec:
    """The spec of one attempt."""
    return replace(
        spec,
        region=target.region,
        instance_type=target.instance_type,
        market=target.market,
        zone=target.zone,
        max_spot_usd=_spot_limit(spec, target),
    )


def _spot_limit(spec: LaunchSpec, target: Target) -> float:
    """The spot price that may be paid: a ceiling holds also when the price rises later."""
    rate = target.offer.rate
    if target.market != "spot" or spec.max_spot_usd or not spec.ceiling_usd or rate is None:
        return spec.max_spot_usd
    return max(rate.compute, spec.ceiling_usd - rate.disks - rate.address)


@dataclass(frozen=True)
class Limits:
    """How far to go on.

    Parameters:
        attempts: purchases to ask for at most in each market.
        seconds: time to look for machines, from the first purchase.
    """

    attempts: int
    seconds: float


@dataclass(frozen=True)
class Attempt:
    """A target that was asked for.

    Parameters:
        refusal: why AWS refused; None when it sold the machines.
    """

    target: Target
    refusal: Refusal | None = None

    def as_result(self) -> dict[str, Any]:
        """The attempt as plain data for a module's result."""
        rate = self.target.offer.rate
        return {
            "instance_type": self.target.instance_type,
            "region": self.target.region,
            "zone": self.target.zone,
            "market": self.target.market,
            "usd_per_hour": round(rate.running, 6) if rate else None,
            "outcome": self.refusal.kind if self.refusal else "bought",
            "error_code": self.refusal.code if self.refusal else "",
            "message": self.refusal.text if self.refusal else "",
        }


def targets_of(offers: Sequence[Offer], open_zone: bool) -> list[Target]:
    """The targets of ranked offers, in their order.

    On-demand machines cost the same in every zone of a region, so AWS is first asked for them in any zone, where it
    knows its stock best.

    Parameters:
        open_zone: whether AWS may choose the zone.
    """
    found: list[Target] = []
    for offer in offers:
        open_target = Target(offer, "")
        siblings = [one for one in offers if _pool(one) == _pool(offer)]
        if open_zone and offer.market == "on-demand" and len(siblings) > 1 and siblings[0] is offer:
            found.append(open_target)
        found.append(Target(offer, offer.zone))
    return found


def _pool(offer: Offer) -> tuple[str, str, str]:
    return offer.machine.name, offer.region, offer.market


def _same_machine(one: Target, other: Target) -> bool:
    return _pool(one.offer) == _pool(other.offer)


# Action of a refusal -> whether it also speaks against another target.
_RULED_OUT: dict[str, Callable[[Target, Target], bool]] = {
    "next_offer": lambda refused, other: _same_machine(refused, other) and refused.zone == other.zone,
    "next_bucket": lambda refused, other: (
        refused.region == other.region
        and refused.offer.quota.code == other.offer.quota.code
        and refused.market == other.market
    ),
    "next_market": _same_machine,
    "next_region": lambda refused, other: refused.region == other.region,
}


def rules_out(attempt: Attempt, target: Target) -> bool:
    """Whether an attempt leaves no sense in asking for a target."""
    if attempt.refusal is None:
        return False
    if attempt.refusal.kind == "zone_unsupported" and attempt.target.zone:
        refused = attempt.target
        return refused.instance_type == target.instance_type and refused.zone == target.zone
    if attempt.refusal.kind == "addresses" and attempt.target.zone:
        return attempt.target.zone == target.zone
    ruled_out = _RULED_OUT.get(attempt.refusal.action)
    return ruled_out(attempt.target, target) if ruled_out else True


def next_target(targets: Sequence[Target], attempts: Sequence[Attempt]) -> Target | None:
    """The next target, or None when every one is ruled out.

    The zones in which AWS says it has the machine come first, then the order of the offers.

    Parameters:
        targets: in the order in which they are wanted.
        attempts: what has been refused so far, the oldest first.
    """
    named = _named_by_aws(targets, attempts[-1]) if attempts else []
    for target in [*named, *targets]:
        if not any(rules_out(attempt, target) for attempt in attempts):
            return target
    return None


def _named_by_aws(targets: Sequence[Target], attempt: Attempt) -> list[Target]:
    zones = attempt.refusal.zones if attempt.refusal else ()
    wanted = [target for target in targets if _same_machine(target, attempt.target) and target.zone in zones]
    if wanted or any(target.zone for target in targets if _same_machine(target, attempt.target)):
        return wanted
    return [Target(attempt.target.offer, zone) for zone in zones]
