# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an error of AWS means for a launch: try elsewhere, try again, or stop."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import remedies
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.refusals import RULES, Rule

# us-west-2a, us-gov-west-1b, and local zones such as us-west-2-lax-1a.
# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
ZONE = re.compile(r"\b[a-z]{2}(?:-[a-z]+)+-\d(?:-[a-z]{3}-\d)?[a-z]\b")
# AWS names the side of a fault: an instance's state reason says "Server.InsufficientInstanceCapacity".
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html
SIDE = re.compile(r"^(?:Client|Server)\.")
# botocore gives the HTTP status as the code of an answer that is not EC2's own, for example a proxy's page.
SERVER_STATUS = re.compile(r"^5\d\d$")
# An error that no row knows ends the launch, unless the server may have acted before it failed.
UNKNOWN = Rule("", "", "unknown", "stop", "", "")
LOST = Rule("", "", "unknown_outcome", "retry", remedies.SAFE, "")


@dataclass(frozen=True)
class Refusal:
    """An error of AWS, classified.

    Parameters:
        code: error code of AWS, or the name of botocore's exception class.
        text: the words of AWS.
        kind: capacity, quota, spot_price, zone_unsupported, addresses, region_blocked, network, authorization, terms,
            image, parameter, credentials, throttle, lag, unknown_outcome; permitted is a dry run's good answer, and
            unknown an error that no row of the table has.
        action: next_offer, next_bucket (never the same quota), next_market, next_region, retry (with the same client
            token) or stop. After unknown_outcome the machines may have been bought, so the next offer is never tried.
        zones: zones that AWS names as the ones to choose, never the refused one.
        source: where the meaning is written down; empty when no row knows the error.
        next_step: what a person can do, a sentence; empty when no row knows the error.
    """

    code: str
    text: str
    kind: str
    action: str
    zones: tuple[str, ...]
    source: str
    next_step: str


def classify(code: str, text: str, http_status: int = 0) -> Refusal:
    """What an error means, by the table; the first row that fits decides.

    Parameters:
        code: error code of AWS, code of an instance's state reason, or name of botocore's exception class.
        text: the message that came with it.
        http_status: status of the answer where it is known; only an unknown code asks for it.
    """
    rule = find_rule(code, text)
    if rule is UNKNOWN and (http_status >= 500 or SERVER_STATUS.match(code)):
        rule = LOST
    return Refusal(code, text, rule.kind, rule.action, named_zones(text), source_url(rule.source), rule.next_step)


def find_rule(code: str, text: str) -> Rule:
    """The row of an error, with the side of the fault as part of the code first, then without; UNKNOWN when none."""
    for name in (code, SIDE.sub("", code)):
        for rule in RULES:
            if rule.code == name and re.search(rule.says, text, re.IGNORECASE):
                return rule
    return UNKNOWN


def named_zones(text: str) -> tuple[str, ...]:
    """The zones of "... or choosing us-west-2a, us-west-2b", without those named before as refused."""
    before, _word, after = text.partition("choosing ")
    refused = set(ZONE.findall(before))
    return tuple(zone for zone in ZONE.findall(after) if zone not in refused)


def source_url(source: str) -> str:
    """The address of a source, which the table may write as owner/name#number."""
    repository, mark, number = source.partition("#")
    return f"https://github.com/{repository}/issues/{number}" if mark else source
