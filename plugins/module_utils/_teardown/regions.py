# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A teardown over several regions: all are read side by side, and one proof covers them.

A region that could not be read proves nothing, so it is a failure with its name; only one that the account has
disabled is passed over, since no call can reach it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError, explain
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock
from ansible_collections.gpgpu.aws.plugins.module_utils._run.summary import teardown_summary
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.teardown import teardown

ClientsIn = Callable[[str], Clients]

# How services answer in a region that the account has not enabled.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
_MAYBE_DISABLED = ("AuthFailure", "OptInRequired", "InvalidClientTokenId", "UnrecognizedClientException")
_DISABLED = "not-opted-in"


@dataclass(frozen=True)
class Outcome:
    """What became of one region.

    Parameters:
        result: the teardown's result, as far as it came; empty for a region that could not be read.
        error: why it failed.
    """

    region: str
    result: Mapping[str, Any] = field(default_factory=dict)
    error: GpuError | None = None


def teardown_regions(
    clients_in: ClientsIn, regions: Sequence[str], run_id: str, seconds: float, clock: Clock, *, check_mode: bool
) -> dict[str, Any]:
    """Remove everything of a run in the named regions and prove that nothing is left.

    Parameters:
        clients_in: makes the clients of a region.
        regions: names, at least one.
        seconds: how long to go on before what is left is a failure.

    Returns:
        as teardown; with several regions, `region` names those in which the run had something, `regions` those that
        were read, and `unread` those that were not.

    Raises:
        GpuError: something is left, or a region could not be read.
    """
    if len(regions) == 1:
        return teardown(clients_in(regions[0]), run_id, seconds, clock, check_mode)
    one = partial(_one, clients_in, run_id=run_id, seconds=seconds, clock=clock, check_mode=check_mode)
    outcomes = _enabled(clients_in, in_parallel(partial(one, region) for region in regions))
    result = _merged(run_id, outcomes)
    errors = [outcome.error for outcome in outcomes if outcome.error]
    if errors:
        text = " ".join(str(error) for error in errors)
        raise GpuError(text, "Nothing is proved until every region is.", errors[0].code, **result)
    return result


def _one(clients_in: ClientsIn, region: str, *, run_id: str, seconds: float, clock: Clock, check_mode: bool) -> Outcome:
    try:
        return Outcome(region, teardown(clients_in(region), run_id, seconds, clock, check_mode))
    except AnsibleAWSError as error:
        return Outcome(region, {}, _unread(region, explain(error)))
    except GpuError as error:
        return Outcome(region, error.details, error if "proof" in error.details else _unread(region, error))


def _unread(region: str, error: GpuError) -> GpuError:
    return GpuError(f"Region {region} could not be read: {error.message}", error.next_step, error.code)


def _enabled(clients_in: ClientsIn, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes without those of regions that the account has disabled; a region that answered tells which."""
    doubtful = [row.region for row in outcomes if row.error and row.error.code in _MAYBE_DISABLED]
    answered = [row.region for row in outcomes if row.result]
    if not (doubtful and answered):
        return list(outcomes)
    rows = ec2.describe_all_regions(clients_in(answered[0]).ec2)
    disabled = {row["RegionName"] for row in rows if row.get("OptInStatus") == _DISABLED} & set(doubtful)
    return [row for row in outcomes if row.region not in disabled]


def _merged(run_id: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    read = [row for row in outcomes if row.result]
    results = [row.result for row in read]
    held = [row for row in read if row.result["changed"] or row.result["proof"]["left"]]
    left = [{**item, "region": row.region} for row in read for item in row.result["proof"]["left"]]
    unread = [row.region for row in outcomes if not row.result]
    result = {
        "changed": any(one["changed"] for one in results),
        "actions": [f"{row.region}: {action}" for row in held for action in row.result["actions"]],
        "run_id": run_id,
        "region": ", ".join(row.region for row in held),
        "regions": [row.region for row in read],
        "unread": unread,
        "kept": [one for row in results for one in row["kept"]],
        "proof": {
            "clean_reads": 0 if unread else min((one["proof"]["clean_reads"] for one in results), default=0),
            "left": left,
        },
        "receipt": _receipt([one["receipt"] for one in results]),
        "diff": {name: "".join(one["diff"][name] for one in results) for name in ("before", "after")},
    }
    return {**result, "summary": teardown_summary(result)}


def _receipt(receipts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "currency": "USD",
        "items": [item for one in receipts for item in one["items"]],
        "total_usd": round(sum(one["total_usd"] for one in receipts), 6),
        "unpriced": [name for one in receipts for name in one["unpriced"]],
    }
