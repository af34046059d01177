# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a launch. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._lease.deadline import as_text
from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import Rate, rate_from_tag
from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags
from ansible_collections.gpgpu.aws.plugins.module_utils._run.failover import Attempt, Target
from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import Reach, hosts_of, live
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import Choice
from ansible_collections.gpgpu.aws.plugins.module_utils._run.plan import Action
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec
from ansible_collections.gpgpu.aws.plugins.module_utils._run.summary import launch_summary

# Offers that stand behind the chosen one in a result.
ALTERNATIVES = 5


def launch_report(
    spec: LaunchSpec,
    choice: Choice | None,
    *,
    actions: Sequence[Action],
    observed: Sequence[Mapping[str, Any]],
    instances: Sequence[Mapping[str, Any]],
    ssh_port: int,
    key_file: str,
    profile: str = "",
    targets: Sequence[Target] = (),
    attempts: Sequence[Attempt] = (),
    waits_for: str = "",
) -> dict[str, Any]:
    """What the module answers: `changed`, `diff` and `actions` all come from the one list of actions.

    Parameters:
        observed: the machines before the actions.
        instances: the machines after them (in check mode: the same).
        profile: AWS profile that opens tunnels.
        targets: what could be asked for, the best first.
        attempts: what was asked for, the machines sold last.
        waits_for: the block that was bought, while it has no machines yet.
    """
    machines = live(instances)
    before, after = _diff(live(observed), actions)
    result = {
        "changed": bool(actions),
        "left_traces": bool(actions) and not live(observed),
        "actions": [str(action) for action in actions],
        "run_id": spec.run_id,
        "region": spec.region,
        "lease_end": _lease_end(spec, machines),
        "cost": _cost(spec, choice, machines),
        "chosen": _chosen(spec, choice),
        **_search(choice, targets, attempts, waits_for),
        "hosts": hosts_of(machines, Reach(spec.region, ssh_port, key_file, profile)),
        "diff": {"before": before, "after": after},
    }
    return {**result, "summary": launch_summary(result)}


def _search(
    choice: Choice | None, targets: Sequence[Target], attempts: Sequence[Attempt], waits_for: str
) -> dict[str, Any]:
    """What was found and what became of it."""
    return {
        "attempts": [attempt.as_result() for attempt in attempts],
        "alternatives": [str(target) for target in targets[1 : 1 + ALTERNATIVES]],
        "notes": list(choice.notes) if choice else [],
        "waits_for": waits_for,
    }


def _diff(machines: Sequence[Mapping[str, Any]], actions: Sequence[Action]) -> tuple[str, str]:
    held = "".join(f"{row['InstanceId']} {row['State']['Name']}\n" for row in machines)
    return held, held + "".join(f"{action}\n" for action in actions)


def _lease_end(spec: LaunchSpec, machines: Sequence[Mapping[str, Any]]) -> str:
    """The lease of machines that exist is the one they were launched with."""
    stored = [tags.tags_of(row).get(tags.LEASE, "") for row in machines]
    return max(filter(None, stored), default=as_text(spec.lease_end))


def _cost(spec: LaunchSpec, choice: Choice | None, machines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """USD per hour of the whole run, and the most that the lease can cost."""
    known = [rate_from_tag(tags.tags_of(row).get(tags.RATE, "")) for row in machines]
    rates: list[Rate] = [rate for rate in known if rate]
    if choice:
        rates += [choice.rate] * (spec.count - len(rates))
    running = sum(rate.running for rate in rates)
    limit = spec.max_spot_usd if spec.market == "spot" else 0.0
    worst = sum(max(limit, rate.compute) + rate.disks + rate.address for rate in rates)
    stopped = sum(rate.stopped for rate in rates)
    upfront = choice.block.usd if choice and choice.block else 0.0
    return {
        "currency": "USD",
        "upfront_usd": round(upfront, 2),
        "running_usd_per_hour": round(running, 6),
        "stopped_usd_per_day": round(stopped * 24, 6),
        "worst_case_usd": round(upfront + worst * spec.lease_hours, 4),
        "bounded": spec.market != "spot" or limit > 0,
    }


def _chosen(spec: LaunchSpec, choice: Choice | None) -> dict[str, Any]:
    """What was chosen, also where a person left the choice to us."""
    words: dict[str, Any] = {
        "instance_type": spec.instance_type,
        "count": spec.count,
        "market": spec.market,
        "zone": spec.zone or "any",
        "lease_hours": spec.lease_hours,
    }
    if choice:
        words |= {
            "image_id": choice.image.image_id,
            "image_name": choice.image.name,
            "image_family": choice.image.family,
            "login_user": choice.image.user,
            "root_gib": choice.root_gib,
            "allowed_cidrs": list(choice.cidrs),
            "gpu": f"{choice.machine.gpu_count} x {choice.machine.gpu_name}",
            "gpu_memory_mib": choice.machine.gpu_memory_mib,
        }
    return words
