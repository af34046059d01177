# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results in a few lines that a person reads. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# AWS charges a spot machine without a limit up to its on-demand price.
SPOT_MOVES = " at today's spot price (gpu_max_hourly_usd or gpu_budget_usd would limit it)"


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of words as lines with aligned columns; the first row is the heading."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    return ["  ".join(word.ljust(width) for word, width in zip(row, widths)).rstrip() for row in rows]


def usd(amount: float | None, digits: int = 4) -> str:
    """An amount of money; `?` when it is unknown."""
    return "?" if amount is None else f"${amount:.{digits}f}"


def launch_summary(result: Mapping[str, Any]) -> list[str]:
    """How to log in, what it costs, when it ends, and what was chosen."""
    chosen, cost = result["chosen"], result["cost"]
    what = f"{chosen['count']} x {chosen['instance_type']} ({chosen['market']})"
    zones = ", ".join(sorted({host["zone"] for host in result["hosts"]})) or chosen["zone"]
    lines = [f"Run       {result['run_id']} in {result['region']}: {what}, zone {zones}"]
    if "image_id" in chosen:
        lines.append(f"GPU       {chosen['gpu']}, {chosen['gpu_memory_mib']} MiB each, on every machine")
        lines.append(f"Image     {chosen['image_id']} {chosen['image_name']}")
        lines.append(f"Access    SSH from {', '.join(chosen['allowed_cidrs'])} only")
    lines += [f"Log in    {host['ssh_command']}" for host in result["hosts"]]
    lines += [f"Note      {note}" for note in result["notes"]]
    if result["waits_for"]:
        return [*lines, _waiting(result["waits_for"])]
    upfront = f"{usd(cost['upfront_usd'], 2)} at once, " if cost["upfront_usd"] else ""
    lines.append(
        f"Cost      {upfront}{usd(cost['running_usd_per_hour'])} per hour running, "
        f"{usd(cost['stopped_usd_per_day'])} per day if stopped, "
        f"{'at most' if cost['bounded'] else 'about'} {usd(cost['worst_case_usd'], 2)} for a full lease of "
        f"{chosen['lease_hours']:g} h{'' if cost['bounded'] else SPOT_MOVES}"
    )
    lines.append(f"Ends      {result['lease_end']} whatever happens; before that by the teardown playbook")
    return lines


def _waiting(block_id: str) -> str:
    """What to do when a block is bought that holds no machines yet."""
    return (
        f"Waits     for capacity block {block_id}, which is paid: launch again when it has begun, with the same "
        f"options or with gpu_capacity_reservation_id={block_id}; no machine runs until then"
    )


def receipt_lines(receipt: Mapping[str, Any]) -> list[str]:
    """The bill as a table, with its total."""
    rows = [("Item", "Machine", "Time", "Per hour", "Cost")]
    for item in receipt["items"]:
        time = f"{item['seconds'] // 3600}:{item['seconds'] // 60 % 60:02}:{item['seconds'] % 60:02}"
        machine = f"{item['instance_id']} {item['instance_type']}"
        rows.append((item["what"], machine, time, usd(item["usd_per_hour"]), usd(item["usd"])))
    rows.append(("total", "", "", "", usd(receipt["total_usd"])))
    return table(rows) + [f"not priced: {one}" for one in receipt["unpriced"]]


def teardown_summary(result: Mapping[str, Any]) -> list[str]:
    """The receipt, and how much is left."""
    left, reads = result["proof"]["left"], result["proof"]["clean_reads"]
    if left:
        return [*receipt_lines(result["receipt"]), f"{len(left)} resources are there"]
    return [*receipt_lines(result["receipt"]), f"0 billable resources left (read {max(reads, 1)} times)"]


def overview_summary(runs: Sequence[Mapping[str, Any]], unread: Sequence[Mapping[str, str]] = ()) -> list[str]:
    """The runs as a table, then the regions that could not be read."""
    untold = [f"{row['region']} could not be read: {row['reason']}" for row in unread]
    if not runs:
        return ["Nothing is rented here." if not unread else "Nothing is rented where it could be read.", *untold]
    rows = [("Run", "Region", "Owner", "Machines", "Age", "Lease ends", "Per hour", "So far")]
    for run in runs:
        states = sorted(f"{host['instance_type']} {host['state']}" for host in run["hosts"])
        machines = ", ".join(f"{states.count(state)} x {state}" for state in dict.fromkeys(states))
        age = f"{run['age_seconds'] // 3600}:{run['age_seconds'] // 60 % 60:02}"
        end = run["lease_end"] + (" OVERDUE" if run["overdue"] else "")
        cost = (usd(run["running_usd_per_hour"]), usd(run["receipt"]["total_usd"]))
        rows.append((run["run_id"], run["region"], run["owner"], machines, age, end, *cost))
    return [*table(rows), *untold]
