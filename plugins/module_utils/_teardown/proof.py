# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof of a teardown: what two readings of AWS found left, and what that costs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import ADDRESS_HOUR, rate_from_tag
from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags
from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import state_of
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import RunState
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.plan import KEPT_KINDS, KINDS, unfinished

CLEAN_READS = 2
# USD per hour of what has one price everywhere.
_KNOWN_USD: dict[str, float] = {
    "elastic-ip": ADDRESS_HOUR,
    **dict.fromkeys(("security-group", "key-pair", "network-interface"), 0.0),
    **dict.fromkeys(("placement-group", "instance-connect-endpoint"), 0.0),
}


def left_over(state: RunState, refusals: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    """Everything of the run that still exists.

    Returns:
        rows of kind, id, state, usd_per_hour (None: unknown) and reason, machines first.
    """
    machines = {row["InstanceId"]: row for row in state.instances}
    rows = [_row("instance", one, refusals, machines[one]) for one in unfinished(state.instances)]
    for kind, ids in state.resources.items():
        if kind not in ("instance", *KEPT_KINDS):
            rows.extend(_row(kind, one, refusals) for one in ids)
    return rows


def _row(
    kind: str, one: str, refusals: Mapping[str, tuple[str, str]], machine: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    code, text = refusals.get(one, ("", ""))
    rate = rate_from_tag(tags.tags_of(machine).get(tags.RATE, "")) if machine else None
    return {
        "kind": KINDS.get(kind, kind),
        "id": one,
        "state": state_of(machine) if machine else "exists",
        "usd_per_hour": round(rate.running, 6) if rate else _KNOWN_USD.get(kind),
        "reason": f"{code}: {text}" if code else "",
    }


def tell_left(rows: list[dict[str, Any]]) -> str:
    """What is left, in a sentence."""
    return "; ".join(
        f"{row['kind']} {row['id']} ({row['state']}, {_cost(row['usd_per_hour'])})"
        + (f" - {row['reason']}" if row["reason"] else "")
        for row in rows
    )


def _cost(usd: float | None) -> str:
    return "cost unknown" if usd is None else f"${usd:.4f}/h"
