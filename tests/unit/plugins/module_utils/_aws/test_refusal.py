# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS says decides what a launch does next; the sentences are those that people met."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.refusal import classify, find_rule, source_url
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.refusals import RULES, Rule

SAID = Path(__file__).parents[3] / "fixtures/aws/refusals.txt"
RETRIED = {"throttle", "lag", "unknown_outcome"}
# Classes that end a launch wherever they are met.
FINAL = {"authorization", "credentials", "terms", "parameter", "permitted"}
KINDS = {"capacity", "quota", "spot_price", "zone_unsupported", "addresses", "region_blocked", "network", "image"}
KINDS |= RETRIED | FINAL
ACTIONS = {"next_offer", "next_bucket", "next_market", "next_region", "retry", "stop"}


class Case(NamedTuple):
    source: str
    code: str
    outcome: list[str]
    text: str


def cases() -> Iterator[Case]:
    for block in SAID.read_text().strip().split("\n\n"):
        source, line, text = block.splitlines()
        code, _mark, outcome = line.partition(": ")
        yield Case(source, code, outcome.split(), text)


CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.text[:40]}")
def test_what_aws_says_decides(case: Case) -> None:
    refusal = classify(case.code, case.text)
    assert [refusal.kind, refusal.action, *refusal.zones] == case.outcome
    assert (refusal.code, refusal.text) == (case.code, case.text)
    assert case.source.startswith("https://")


def test_the_cases_are_many_and_each_class_has_one() -> None:
    assert len({case.text for case in CASES}) >= 80
    assert {case.outcome[0] for case in CASES} == KINDS
    assert {case.outcome[1] for case in CASES} == ACTIONS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code}-{rule.says}")
def test_every_row_is_whole_and_can_be_reached(rule: Rule) -> None:
    assert (rule.kind in KINDS, rule.action in ACTIONS) == (True, True)
    assert re.fullmatch(r"[A-Z`].*\.", rule.next_step), "what to do is a sentence"
    assert source_url(rule.source).startswith("https://")
    assert (rule.action == "retry") == (rule.kind in RETRIED)
    assert rule.kind not in FINAL or rule.action == "stop"
    assert rule.says or find_rule(rule.code, "") == rule, "another row of the same code hides it"


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.says], ids=lambda rule: f"{rule.code}-{rule.says}")
def test_every_expression_decides_a_sentence(rule: Rule) -> None:
    own = [case for case in CASES if find_rule(case.code, case.text) == rule]
    unseen = {"placement group", "'gpgpu-", "Signature expired", "not yet current"}
    assert own or rule.says in unseen


@pytest.mark.parametrize(
    ("code", "http_status", "outcome"),
    [
        ("NeverSeen", 0, ("unknown", "stop")),
        ("NeverSeen", 400, ("unknown", "stop")),
        ("NeverSeen", 500, ("unknown_outcome", "retry")),
        ("NeverSeen", 503, ("unknown_outcome", "retry")),
        ("502", 0, ("unknown_outcome", "retry")),
        ("404", 0, ("unknown", "stop")),
        ("InsufficientInstanceCapacity", 500, ("capacity", "next_offer")),
        ("RequestLimitExceeded", 503, ("throttle", "retry")),
    ],
)
def test_an_unknown_error_stops_unless_the_server_failed(code: str, http_status: int, outcome: tuple[str, str]) -> None:
    refusal = classify(code, "Odd.", http_status)
    assert (refusal.kind, refusal.action) == outcome


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("not in (us-west-2b). Try choosing us-west-2a, us-west-2b.", ("us-west-2a",)),
        ("or choosing us-gov-west-1a, us-gov-west-1b.", ("us-gov-west-1a", "us-gov-west-1b")),
        ("or choosing us-west-2-lax-1a or ap-northeast-1c.", ("us-west-2-lax-1a", "ap-northeast-1c")),
        ("choosing m5.large in us-east-1", ()),
        ("no stock in us-east-1a", ()),
        ("", ()),
    ],
)
def test_zones_are_those_that_aws_names_as_the_ones_to_choose(text: str, zones: tuple[str, ...]) -> None:
    assert classify("InsufficientInstanceCapacity", text).zones == zones


def test_a_source_is_an_address() -> None:
    assert classify("PendingVerification", "").source == "https://github.com/skyplane-project/skyplane/issues/799"
    assert classify("NeverSeen", "").source == ""
