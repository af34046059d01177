# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Offers as lines that a person reads."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._money.price_table import bundled_tariff
from ansible_collections.gpgpu.aws.plugins.module_utils._money.quote import quote
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.survey import Survey
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.table import (
    BEST_ROWS,
    KINDS,
    kind_of,
    offer_summary,
    rejected_rows,
    zone_words,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import Wish

from tests.unit.fakes.offers import L4, offer, requirement

TOO_DEAR = "One machine costs $3.0150/h, above the ceiling of $2.0000/h: raise gpu_max_hourly_usd."
NO_ROOM = "Quota L-DB2E81BA (G) has room for 0 vCPU and one machine needs 4: ask for more."


def lines(offers: Any = (), rejected: Any = (), unread: Any = (), bill: Any = None, **wanted: Any) -> list[str]:
    """The summary of a survey."""
    found = Survey(offers=list(offers), rejected=list(rejected), unread=list(unread))
    return offer_summary(found, requirement(**wanted), bill or {})


def words(line: str) -> list[str]:
    """The cells of a row."""
    return [word.strip() for word in line.split("  ") if word.strip()]


def test_a_row_for_each_type_region_market_and_price() -> None:
    found = lines(
        [
            offer(zone="us-west-2b", latency_ms=12.4),
            offer(zone="us-west-2a", latency_ms=12.4),
            offer(0.4, zone="us-west-2a", market="spot", placement_score=8, machine=L4, refused_recently=True),
        ],
        lease_hours=10.0,
        count=2,
    )
    assert found[0] == "Offers of us-west-2, USD, prices with disks and public address, the best first:"
    assert [words(line) for line in found[2:]] == [
        [
            "1",
            "g4dn.xlarge",
            "1 x T4 16 GiB",
            "us-west-2a,b",
            "on-demand",
            "$1.0150",
            "$20.30",
            "12 ms",
            "?",
            "64",
            "-",
        ],
        [
            "2",
            "g6.xlarge",
            "1 x L4 24 GiB",
            "us-west-2a",
            "spot",
            "$0.4150",
            "$8.30",
            "?",
            "8",
            "64",
            "none left some minutes ago",
        ],
    ]


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"price_source": "bundled table", "price_date": "2026-07-20"}, "price from the bundled table of 2026-07-20"),
        (
            {"block_id": "cb-1", "starts": "2026-12-01T11:30Z", "upfront_usd": 2304.0},
            "begins 2026-12-01T11:30Z, $2,304.00 at once",
        ),
        ({}, "-"),
    ],
)
def test_remarks(changes: dict[str, Any], remark: str) -> None:
    assert words(lines([offer(**changes)])[2])[-1] == remark


def test_blocks_that_begin_at_other_times_are_other_rows() -> None:
    blocks = [offer(zone=f"us-west-2{zone}", block_id=zone, starts=starts) for zone, starts in (("a", "1"), ("b", "2"))]
    assert [words(line)[3] for line in lines(blocks)[2:]] == ["us-west-2a", "us-west-2b"]


def test_the_table_has_an_end() -> None:
    found = lines(offer(1 + number / 100) for number in range(BEST_ROWS + 7))
    assert len(found) == BEST_ROWS + 3
    assert found[-1] == "and 7 more rows"


@pytest.mark.parametrize(
    ("zones", "text"),
    [(["us-west-2c", "us-west-2a"], "us-west-2a,c"), ([""], "us-west-2 (any)"), (["us-west-2a"], "us-west-2a")],
)
def test_zones(zones: list[str], text: str) -> None:
    assert zone_words([offer(zone=zone) for zone in zones]) == text


def test_without_an_offer_the_nearest_miss_says_what_to_relax() -> None:
    found = lines(
        rejected=[
            offer(9.0, problems=(TOO_DEAR,)),
            offer(3.0, problems=(TOO_DEAR,)),
            offer(2.0, zone="", problems=(NO_ROOM,)),
            offer(1.0, problems=(TOO_DEAR, NO_ROOM)),
        ]
    )
    assert found[:4] == [
        "No offer fits.",
        "One change is enough; the cheapest offer by what speaks against it alone:",
        f"  no room in a vCPU quota: g4dn.xlarge (1 x T4 16 GiB) on-demand in us-west-2 for $2.0150/h. {NO_ROOM}",
        f"  dearer than the ceiling: g4dn.xlarge (1 x T4 16 GiB) on-demand in us-west-2a for $3.0150/h. {TOO_DEAR}",
    ]


@pytest.mark.parametrize(
    "rejected", [[], [offer(problems=(TOO_DEAR, NO_ROOM))], [offer(None, problems=("No price.",))]]
)
def test_where_more_than_one_thing_is_wrong_there_is_no_near_miss(rejected: list[Any]) -> None:
    assert not any(line.startswith("One change") for line in lines(rejected=rejected))


def test_reasons_are_counted_with_the_nearest_as_an_example() -> None:
    found = lines(
        [offer()],
        [offer(problems=(TOO_DEAR,)), offer(problems=(NO_ROOM, TOO_DEAR.replace("3.01", "4.01")))],
    )
    assert found[-3:] == [
        "Rejected: 2 offers. The reasons, each with the offer that comes nearest:",
        f"     2 x dearer than the ceiling, for example: {TOO_DEAR}",
        f"     1 x no room in a vCPU quota, for example: {NO_ROOM}",
    ]


def test_what_could_not_be_read_is_told_once_for_all_regions() -> None:
    denied = {"what": "quotas", "reason": "denied", "code": "AccessDenied"}
    found = lines([offer()], unread=[{"region": "eu-west-1", **denied}, {"region": "us-west-2", **denied}])
    assert found[-1] == "Not read: quotas in eu-west-1, us-west-2: denied"


def test_the_bill_closes_with_its_total() -> None:
    best = offer()
    bill = quote(best, bundled_tariff("us-west-2"), Wish(), count=1, lease_hours=8)
    found = lines([best], bill=bill)
    assert words(found[-1])[:3] == ["total", "8 h lease", "$1.0263"]
    assert words(found[-2])[-1] == "bundled table 2026-07-20"


def test_every_kind_of_problem_is_told_apart() -> None:
    assert [kind_of(part) for part, _kind in KINDS] == [kind for _part, kind in KINDS]
    assert kind_of("Image ami-1 lacks the ENA network driver.") == "the image"


def test_what_fails_alike_is_one_row() -> None:
    rows = rejected_rows(
        [
            offer(3.0, zone="us-west-2a", problems=(TOO_DEAR,)),
            offer(3.0, zone="us-west-2b", problems=(TOO_DEAR,)),
            offer(None, zone="", region="eu-west-1", problems=(NO_ROOM,)),
        ]
    )
    assert [(row["places"], row["bill_usd_per_hour"], row["problems"]) for row in rows] == [
        (["us-west-2a", "us-west-2b"], 3.015, [TOO_DEAR]),
        (["eu-west-1"], None, [NO_ROOM]),
    ]
