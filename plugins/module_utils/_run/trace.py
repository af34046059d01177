# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attempt that a run made last, as a tag of its security group.

It is written before the purchase. A launch that finds it, and no machine, knows what may have been bought by a
controller that died, though AWS does not show it yet: it asks for that again first, with the same client token.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._lease.deadline import as_text, from_text
from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags

# What stands in the tag once AWS has refused for certain: nothing was bought, and nobody need wait for it.
SETTLED = "settled"


def client_token(*parts: object) -> str:
    """The token that makes a repeated purchase return the same machines (at most 64 ASCII characters).

    What a trace tells of a purchase, and no more, is part of it: a launch that asks again for what a dead one bought
    must come to the same token, though it names another subnet of the zone.

    https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html

    Parameters:
        parts: run id, generation, region, instance type, market, zone.
    """
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


@dataclass(frozen=True)
class Trace:
    """What a run asked for last.

    Parameters:
        at: the instant before the purchase, UTC.
        number: of the attempt within the run, so that the newest is known whatever the clocks say.
        generation: number of the purchase in the life of the run.
        zone: empty where AWS chose.
    """

    at: datetime
    number: int
    generation: int
    instance_type: str
    market: str
    zone: str
    region: str = ""

    @property
    def target(self) -> tuple[str, str, str, str]:
        """What was asked for: region, type, market, zone."""
        return self.region, self.instance_type, self.market, self.zone

    def client_token(self, run_id: str, generation: int) -> str:
        """The token of the purchase in one of the lives of the run."""
        return client_token(run_id, generation, *self.target)

    def as_tag(self) -> str:
        """The trace as the text of a tag."""
        words = (as_text(self.at), self.number, self.generation, self.instance_type, self.market, self.zone or "-")
        return " ".join(map(str, words))


def trace_from_tag(text: str, region: str) -> Trace | None:
    """The trace of a tag; None when the tag is missing or not ours."""
    words = text.split()
    at = from_text(words[0]) if len(words) == 6 else None
    if at is None or not (words[1] + words[2]).isdigit():
        return None
    zone = "" if words[5] == "-" else words[5]
    return Trace(at, int(words[1]), int(words[2]), words[3], words[4], zone, region)


def last_trace(groups: Iterable[tuple[str, Mapping[str, Any]]]) -> Trace | None:
    """The newest trace of a run.

    Parameters:
        groups: region and row of every security group of the run.
    """
    found = [trace_from_tag(tags.tags_of(row).get(tags.TRACE, ""), region) for region, row in groups]
    return max(filter(None, found), key=lambda trace: trace.number, default=None)
