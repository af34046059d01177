# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The terms of a Marketplace image: whether they are accepted, what they cost, and accepting those that are free.

The way from product to agreement: https://docs.aws.amazon.com/marketplace/latest/developerguide/work-with-agreement-api-buyer.html
A launch without accepted terms fails with OptInRequired; acceptance takes a minute or two to be in force.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import marketplace
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError, GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._image.charge import Charge, charges_of, quoted, term_ids
from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import Image

# Offers of these kinds are for some accounts, for later, or instead of an agreement that there is.
_SPECIAL = {"PRIVATE_PRICING", "FUTURE_DATED", "REPLACEMENT_OFFER"}
_MOST_SHOWN = 5


@dataclass(frozen=True)
class Terms:
    """The terms of an image's Marketplace product.

    Parameters:
        agreed: whether the account has accepted them; None when that can't be read.
        agreement_id: the active agreement.
        offer_id: the public offer; empty when it can't be read.
        proposal_id: what is agreed to.
        term_ids: the terms to accept.
        pricing_model: `FREE`, `USAGE`, `CONTRACT` or `BYOL`.
        charges: what the software costs by the public offer, on top of EC2's price.
    """

    product_id: str
    product_code: str
    url: str
    agreed: bool | None = None
    agreement_id: str = ""
    offer_id: str = ""
    proposal_id: str = ""
    term_ids: tuple[str, ...] = ()
    pricing_model: str = ""
    charges: tuple[Charge, ...] = ()

    @property
    def free(self) -> bool:
        """Whether the software costs nothing, known for certain."""
        return bool(self.offer_id) and not self.charges

    def as_result(self) -> dict[str, Any]:
        """The terms as plain data for a module's result."""
        return {**asdict(self), "free": self.free, "charges": [str(charge) for charge in self.charges]}


def terms_of(clients: Clients, image: Image) -> Terms | None:
    """Whether an image's terms are accepted, and what they cost; None for an image without terms.

    Two rounds of reads; it changes nothing. An account that may not read the Marketplace gets `agreed` None.
    """
    if not image.product_code:
        return None
    terms = Terms(image.product_id, image.product_code, image.terms_url)
    if not image.product_id:
        return terms
    agreements, options = in_parallel(
        [
            lambda: marketplace.search_agreements(_agreements(clients), image.product_id),
            lambda: marketplace.list_purchase_options(_discovery(clients), image.product_id),
        ]
    )
    agreed = None if agreements is None else bool(agreements)
    known = replace(terms, agreed=agreed, agreement_id=_active(agreements))
    offer_id = _public_offer(options, image.product_id)
    return _with_offer(clients, known, offer_id) if offer_id else known


def accept_terms(clients: Clients, terms: Terms, consent: bool, seed: str = "") -> Terms:
    """Accept terms that are free, when the person has said so; nothing is done for terms accepted already.

    Parameters:
        consent: the person's word (option accept_marketplace_terms).
        seed: makes the request's token; the same seed never makes a second agreement.

    Returns:
        the terms, agreed to.

    Raises:
        GpuError: no consent, a charge, terms that can't be read, or an approval that is still to come.
    """
    if terms.agreed:
        return terms
    if not consent:
        raise _refusal(terms, "are not accepted", "terms_not_accepted", _how_to(terms))
    if not terms.free:
        reason = "cost money" if terms.charges else "have no public offer that you may read"
        raise _refusal(terms, reason, "terms_cost" if terms.charges else "terms_unknown", _by_hand(terms))
    try:
        return _accept(clients, terms, _token(terms, seed))
    except AwsCallError:
        # A repeat of what was done is refused: another launch, or this one whose answer was lost, has agreed.
        active = _active(marketplace.search_agreements(_agreements(clients), terms.product_id))
        if not active:
            raise
        return replace(terms, agreed=True, agreement_id=active)


def _accept(clients: Clients, terms: Terms, token: str) -> Terms:
    quote = marketplace.create_agreement_request(_agreements(clients), terms.proposal_id, list(terms.term_ids), token)
    _check_quote(terms, quote)
    if quote.get("status") == "ACCEPTED":
        return replace(terms, agreed=True)
    agreement = marketplace.accept_agreement_request(_agreements(clients), quote["agreementRequestId"])
    return replace(terms, agreed=True, agreement_id=agreement)


def _active(agreements: list[dict[str, Any]] | None) -> str:
    """The id of the active agreement; empty without one."""
    return str(agreements[0].get("agreementId", "")) if agreements else ""


def _check_quote(terms: Terms, quote: dict[str, Any]) -> None:
    """Refuse a quote with a charge, or one that somebody must approve or has refused.

    Raises:
        GpuError: any of these.
    """
    charges = quoted(quote)
    if charges:
        raise _refusal(replace(terms, charges=charges), "cost money", "terms_cost", _by_hand(terms))
    status = quote.get("status", "DRAFT")
    if status in ("REJECTED", "CANCELLED"):
        advice = f"Ask the administrator of your private marketplace about request {quote['agreementRequestId']}."
        raise _refusal(terms, f"were refused for the account ({status})", "terms_refused", advice)
    if status == "PENDING_APPROVAL" or (quote.get("approvalRequirement") == "REQUIRED" and status == "DRAFT"):
        advice = (
            f"Request {quote['agreementRequestId']} waits for an approver of your organisation (PENDING_APPROVAL): "
            "run again when it is approved."
        )
        raise _refusal(terms, "need an approval", "terms_pending_approval", advice)


def _with_offer(clients: Clients, terms: Terms, offer_id: str) -> Terms:
    offer, rows = in_parallel(
        [
            lambda: marketplace.get_offer(_discovery(clients), offer_id),
            lambda: marketplace.get_offer_terms(_discovery(clients), offer_id),
        ]
    )
    return replace(
        terms,
        offer_id=offer_id,
        proposal_id=offer["agreementProposalId"],
        pricing_model=offer["pricingModel"]["pricingModelType"],
        term_ids=tuple(term_ids(rows)),
        charges=charges_of(rows),
    )


def _public_offer(options: list[dict[str, Any]], product_id: str) -> str:
    """The id of the offer that everyone gets; empty when there is none."""
    for option in options:
        special = {badge["badgeType"] for badge in option.get("badges", [])} & _SPECIAL
        for entity in option["associatedEntities"]:
            if not special and option["purchaseOptionType"] == "OFFER" and entity["product"]["productId"] == product_id:
                return str(entity["offer"]["offerId"])
    return ""


def _refusal(terms: Terms, what: str, code: str, advice: str) -> GpuError:
    # A price list may name hundreds of types.
    shown = [str(charge) for charge in terms.charges[:_MOST_SHOWN]]
    more = [f"{len(terms.charges) - _MOST_SHOWN} more"] if len(terms.charges) > _MOST_SHOWN else []
    charges = f": {'; '.join([*shown, *more])}" if shown else ""
    return GpuError(f"The Marketplace terms of the image {what}{charges}", advice, code, terms=terms.as_result())


def _how_to(terms: Terms) -> str:
    """What to do about terms that are not accepted."""
    if not terms.free:
        return _by_hand(terms)
    return f"They are free: set gpu_accept_marketplace_terms to true, or accept them at {terms.url}."


def _by_hand(terms: Terms) -> str:
    return f"Read and accept them at {terms.url}, wait two minutes, and run again; or choose another image."


def _token(terms: Terms, seed: str) -> str:
    """At most 64 letters, digits and dashes: the same for the same offer, terms and seed."""
    words = "\n".join((terms.proposal_id, *terms.term_ids, seed))
    return f"gpgpu-{hashlib.sha256(words.encode()).hexdigest()[:40]}"


def _agreements(clients: Clients) -> Any:
    return clients.client("marketplace-agreement", marketplace.REGION)


def _discovery(clients: Clients) -> Any:
    return clients.client("marketplace-discovery", marketplace.REGION)
