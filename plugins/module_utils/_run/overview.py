# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs as a person wants to see them: machines, lease, cost so far. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._lease.deadline import from_text
from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import rate_from_tag
from ansible_collections.gpgpu.aws.plugins.module_utils._money.receipt import receipt
from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags
from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import Reach, hosts_of, live, state_of
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ssh_key import default_key_file

Row = Mapping[str, Any]


def overview(
    instances: Sequence[Row], region: str, now: datetime, ssh_port: int, key_file: str
) -> list[dict[str, Any]]:
    """One entry for each run that has a machine.

    Parameters:
        instances: rows of DescribeInstances of any number of runs.
        now: the present, UTC.
        key_file: private key that logs in; empty for the key made for each run.
    """
    by_run: dict[str, list[Row]] = {}
    for row in instances:
        by_run.setdefault(tags.tags_of(row).get(tags.RUN, ""), []).append(row)
    return [
        {**_run(run_id, rows, now), "region": region, "hosts": _hosts(run_id, rows, Reach(region, ssh_port, key_file))}
        for run_id, rows in sorted(by_run.items())
        if live(rows)
    ]


def _hosts(run_id: str, rows: list[Row], reach: Reach) -> list[dict[str, Any]]:
    key_file = reach.key_file or default_key_file(reach.region, run_id)
    return hosts_of(rows, replace(reach, key_file=key_file))


def _run(run_id: str, rows: list[Row], now: datetime) -> dict[str, Any]:
    machines = live(rows)
    labels = tags.tags_of(machines[0])
    ends = [from_text(tags.tags_of(row).get(tags.LEASE, "")) for row in machines]
    first = min(row["LaunchTime"] for row in machines)
    return {
        "run_id": run_id,
        "owner": labels.get(tags.OWNER, ""),
        "lease_end": labels.get(tags.LEASE, ""),
        "overdue": any(end is None or end < now for end in ends),
        "age_seconds": round((now - first).total_seconds()),
        "running_usd_per_hour": round(sum(_per_hour(row) for row in machines), 6),
        "receipt": receipt(rows, now),
    }


def _per_hour(row: Row) -> float:
    rate = rate_from_tag(tags.tags_of(row).get(tags.RATE, ""))
    if rate is None:
        return 0.0
    return rate.running if state_of(row) in ("pending", "running") else rate.stopped
