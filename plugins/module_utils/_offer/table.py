# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Offers, what speaks against the others, and the bill of the best, in lines that a person reads. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._offer.gpu_model import gpu_words
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import Requirement
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.survey import Survey
from ansible_collections.gpgpu.aws.plugins.module_utils._run.summary import table, usd

BEST_ROWS = 20
HEADING = ("#", "Type", "GPU", "Zone", "Market", "Per hour", "Lease", "Away", "Score", "vCPU room", "Remarks")
# What a problem's sentence holds, and its kind in a few words; the first row that fits decides.
KINDS: tuple[tuple[str, str], ...] = (
    ("has no GPU", "no GPU"),
    ("part of a GPU", "a part of a GPU"),
    ("gpu_models", "another GPU"),
    ("gpu_per_machine", "too few GPUs"),
    ("gpu_vram_gib", "too little GPU memory"),
    ("compute capability", "too low a compute capability"),
    ("gpu_vcpus", "too few vCPUs"),
    ("gpu_ram_gib", "too little main memory"),
    ("gpu_architecture", "another architecture"),
    ("is not sold as", "not sold in this market"),
    ("No capacity block", "no capacity block on offer"),
    ("is not offered in", "not offered in the zone"),
    ("price could be read", "no price"),
    ("above the ceiling", "dearer than the ceiling"),
    ("above the budget", "dearer than the budget"),
    ("quota of fixed addresses", "no room for fixed addresses"),
    ("Quota ", "no room in a vCPU quota"),
    ("no default subnet", "no default subnet"),
    ("internet gateway", "no route to the internet"),
)


def offer_summary(survey: Survey, requirement: Requirement, quote: Mapping[str, Any]) -> list[str]:
    """The best offers, the bill of the first, the nearest miss when there is none, and what could not be read.

    Parameters:
        quote: of the first offer; empty without one.
    """
    lines = [f"Offers of {_where(requirement)}, USD, prices with disks and public address, the best first:"]
    rows = same_rows(survey.offers)
    lines += table([HEADING, *(_row(n, row, requirement) for n, row in enumerate(rows[:BEST_ROWS], 1))]) if rows else []
    if len(rows) > BEST_ROWS:
        lines.append(f"and {len(rows) - BEST_ROWS} more rows")
    if not rows:
        lines = ["No offer fits.", *near_miss(survey)]
    return [*lines, *bill_lines(quote), *rejected_lines(survey.rejected), *unread_lines(survey.unread)]


def _where(requirement: Requirement) -> str:
    return "all regions" if requirement.regions == ("all",) else ", ".join(requirement.regions)


def same_rows(offers: Sequence[Offer]) -> list[list[Offer]]:
    """Offers in rows: what differs by its zone alone stands in the row of the best zone."""
    rows: dict[tuple[Any, ...], list[Offer]] = {}
    for offer in offers:
        bill = None if offer.rate is None else round(offer.rate.running, 4)
        alike = (offer.placement_score, offer.refused_recently, offer.starts)
        rows.setdefault((offer.machine.name, offer.region, offer.market, bill, *alike), []).append(offer)
    return list(rows.values())


def _row(number: int, offers: Sequence[Offer], requirement: Requirement) -> tuple[str, ...]:
    best = offers[0]
    bill = None if best.rate is None else best.rate.running
    return (
        str(number),
        best.machine.name,
        gpu_words(best.machine),
        zone_words(offers),
        best.market,
        usd(bill),
        usd(best.lease_usd(requirement.lease_hours, requirement.count), 2),
        "?" if best.latency_ms is None else f"{best.latency_ms:.0f} ms",
        "?" if best.placement_score is None else str(best.placement_score),
        "?" if best.quota.room is None else f"{best.quota.room:g}",
        "; ".join(_remarks(best)) or "-",
    )


def zone_words(offers: Sequence[Offer]) -> str:
    """The zones of a row: `us-west-2a,b,c`."""
    region = offers[0].region
    ends = sorted(offer.zone.removeprefix(region) for offer in offers if offer.zone)
    return f"{region}{','.join(ends)}" if ends else f"{region} (any)"


def _remarks(offer: Offer) -> list[str]:
    remarks = []
    if offer.refused_recently:
        remarks.append("none left some minutes ago")
    if offer.price_source.startswith("bundled"):
        remarks.append(f"price from the {offer.price_source} of {offer.price_date}")
    if offer.block_id:
        remarks.append(f"begins {offer.starts}, ${offer.upfront_usd:,.2f} at once")
    return remarks


def near_miss(survey: Survey) -> list[str]:
    """What to relax: for each kind of problem, the cheapest offer against which it alone speaks, the cheapest first."""
    found: dict[str, Offer] = {}
    for offer in survey.rejected:
        if len(offer.problems) == 1 and offer.rate:
            kind = kind_of(offer.problems[0])
            if kind not in found or _bill(offer) < _bill(found[kind]):
                found[kind] = offer
    lines = [
        f"  {kind}: {offer.machine.name} ({gpu_words(offer.machine)}) {offer.market} in {offer.zone or offer.region} "
        f"for {usd(_bill(offer))}/h. {offer.problems[0]}"
        for kind, offer in sorted(found.items(), key=lambda row: _bill(row[1]))
    ]
    return ["One change is enough; the cheapest offer by what speaks against it alone:", *lines] if lines else []


def _bill(offer: Offer) -> float:
    return offer.rate.running if offer.rate else float("inf")


def bill_lines(quote: Mapping[str, Any]) -> list[str]:
    """The bill as a table, with its total and the dates of its prices."""
    if not quote:
        return []
    rows = [("Bill of the best", "", "Per hour", "Per day", "Lease", "Stopped/day", "Price from")]
    for item in [*quote["items"], {**quote, "what": "total", "detail": f"{quote['lease_hours']:g} h lease"}]:
        source = f"{item['price_source']} {item['price_date']}" if "price_source" in item else ""
        amounts = (item["usd_per_hour"], item["usd_per_day"], item["usd_for_lease"], item["usd_stopped_per_day"])
        rows.append((item["what"], item["detail"], usd(amounts[0]), *(usd(one, 2) for one in amounts[1:]), source))
    return ["", *table(rows)]


def rejected_lines(rejected: Sequence[Offer]) -> list[str]:
    """How many offers failed for each kind of reason, the commonest first, with the nearest as an example."""
    found: dict[str, list[str]] = {}
    for offer in rejected:
        for problem in offer.problems:
            found.setdefault(kind_of(problem), []).append(problem)
    if not found:
        return []
    common = sorted(found.items(), key=lambda row: -len(row[1]))
    lines = [f"{len(problems):>6} x {kind}, for example: {problems[0]}" for kind, problems in common]
    return ["", f"Rejected: {len(rejected)} offers. The reasons, each with the offer that comes nearest:", *lines]


def kind_of(problem: str) -> str:
    """The kind of a problem in a few words."""
    return next((words for part, words in KINDS if part in problem), "the image")


def unread_lines(unread: Sequence[Mapping[str, str]]) -> list[str]:
    """What could not be read, each failure once with its regions."""
    regions: dict[tuple[str, str], list[str]] = {}
    for row in unread:
        regions.setdefault((row["what"], row["reason"]), []).append(row["region"])
    lines = [f"Not read: {what} in {', '.join(where)}: {reason}" for (what, reason), where in regions.items()]
    return ["", *lines] if lines else []


def rejected_rows(rejected: Sequence[Offer]) -> list[dict[str, Any]]:
    """Rejected offers as plain data: those of one type and market that fail for the same reasons are one row."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for offer in rejected:
        key = (offer.machine.name, offer.market, offer.problems)
        row = rows.setdefault(
            key,
            {
                "instance_type": offer.machine.name,
                "market": offer.market,
                "places": [],
                "bill_usd_per_hour": None if offer.rate is None else round(offer.rate.running, 6),
                "problems": list(offer.problems),
            },
        )
        row["places"].append(offer.zone or offer.region)
    return list(rows.values())
