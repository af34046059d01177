# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bill of a run so far, from its machines' launch times and rates. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._lease.deadline import from_text
from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import Rate, rate_from_tag
from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags

# AWS bills Linux machines by the second, at least a minute. https://aws.amazon.com/ec2/pricing/
MINIMUM_SECONDS = 60
# How EC2 writes when a machine ended: "User initiated (2026-11-23 12:00:00 GMT)".
_ENDED = re.compile(r"\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?:GMT|UTC)\)")
_ENDED_STATES = ("terminated", "shutting-down")
_IDLE_STATES = (*_ENDED_STATES, "stopped", "stopping")
# Item -> the states in which AWS no longer bills it: disks go on billing while a machine is stopped.
ITEMS = {"compute": _IDLE_STATES, "disks": _ENDED_STATES, "address": _IDLE_STATES}


def receipt(instances: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, Any]:
    """What the machines have cost, item by item.

    Parameters:
        instances: rows of DescribeInstances, ended ones too.
        now: the end of the bill for machines still running, UTC.

    Returns:
        items (one per machine and thing billed), total_usd, and unpriced: machines whose rate is unknown.
    """
    rows, unpriced = [], []
    for instance in sorted(instances, key=lambda row: str(row["InstanceId"])):
        rate = rate_from_tag(tags.tags_of(instance).get(tags.RATE, ""))
        if rate is None:
            unpriced.append(instance["InstanceId"])
            continue
        rows.extend(_items(instance, rate, now))
    total = round(sum(row["usd"] for row in rows), 6)
    return {"currency": "USD", "items": rows, "total_usd": total, "unpriced": unpriced}


def _items(instance: Mapping[str, Any], rate: Rate, now: datetime) -> list[dict[str, Any]]:
    billed = [(what, getattr(rate, what), billed_seconds(instance, now, what)) for what in ITEMS]
    return [
        {
            "what": what,
            "instance_id": instance["InstanceId"],
            "instance_type": instance.get("InstanceType", ""),
            "seconds": round(seconds),
            "usd_per_hour": usd_per_hour,
            "usd": round(usd_per_hour * seconds / 3600, 6),
        }
        for what, usd_per_hour, seconds in billed
        if usd_per_hour > 0
    ]


def billed_seconds(instance: Mapping[str, Any], now: datetime, what: str) -> float:
    """Seconds that AWS bills for an item of a machine: from its launch to its end, or to now.

    Parameters:
        what: a key of ITEMS.
    """
    launched = instance["LaunchTime"]
    end = now
    match = _ENDED.search(str(instance.get("StateTransitionReason", "")))
    over = instance.get("State", {}).get("Name") in ITEMS[what]
    if over and match:
        end = datetime.strptime(match.group(1), "%Y-%m-%d %H:%M:%S").replace(tzinfo=timezone.utc)
    elif over:
        # AWS does not say since when (a spot interruption, a power-off): no later than the lease allowed.
        end = min(now, from_text(tags.tags_of(instance).get(tags.LEASE, "")) or now)
    return max(MINIMUM_SECONDS, (end - launched).total_seconds())
