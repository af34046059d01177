# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A launch from options to result: observe, plan, apply, report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError, explain
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import Requirement
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.survey import Survey, survey_offers
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import Wish
from ansible_collections.gpgpu.aws.plugins.module_utils._run.capacity import Search, allowed_types, survey_capacity
from ansible_collections.gpgpu.aws.plugins.module_utils._run.choose import choose_targets, newest_trace
from ansible_collections.gpgpu.aws.plugins.module_utils._run.desk import Desk
from ansible_collections.gpgpu.aws.plugins.module_utils._run.failover import Limits, Target
from ansible_collections.gpgpu.aws.plugins.module_utils._run.finish import check_own_key, finish, key_file_of, tidy
from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import live
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import (
    Choice,
    RunState,
    find_home,
    read_run_for_launch,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.place import plan_after
from ansible_collections.gpgpu.aws.plugins.module_utils._run.plan import missing_machines, plan_access
from ansible_collections.gpgpu.aws.plugins.module_utils._run.preflight import check_launch
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ready import MachinesEndedError
from ansible_collections.gpgpu.aws.plugins.module_utils._run.rent import Rental
from ansible_collections.gpgpu.aws.plugins.module_utils._run.report import launch_report
from ansible_collections.gpgpu.aws.plugins.module_utils._run.site import let_in, read_site
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ssh_key import read_public_key, regions_of_keys

ClientsIn = Callable[[str], Clients]


@dataclass(frozen=True)
class Wanted:
    """What a person asked for.

    Parameters:
        spec: the run; each attempt fills in its type, market, zone and region.
        requirement: which machines will do; its regions are names, its count the machines of the run.
        wish: image, disks and addresses, for their price.
        limits: how far to go on looking.
        preflight: whether zones, quotas, routes and permissions are checked before the first purchase.
        consent: whether terms of an image that are free of charge may be accepted.
        measure_latency: whether the way to each region is measured.
    """

    spec: LaunchSpec
    requirement: Requirement
    wish: Wish
    limits: Limits
    preflight: bool = True
    consent: bool = False
    measure_latency: bool = True


def launch(clients_in: ClientsIn, wanted: Wanted, desk: Desk, check_mode: bool) -> dict[str, Any]:
    """Bring a run to the wanted machines.

    Parameters:
        clients_in: makes the clients of a region.

    Returns:
        the module's result.

    Raises:
        GpuError, AwsCallError: as explained there.
    """
    spec = wanted.spec
    if spec.key_file:
        read_public_key(spec.key_file, desk.run)
    wanted_regions = wanted.requirement.regions
    # Where this machine keeps keys of the run, it may have machines too.
    regions = tuple(dict.fromkeys([*wanted_regions, *regions_of_keys(spec.run_id)]))
    reads = [partial(read_run_for_launch, clients_in(region), spec.run_id) for region in regions]
    states: dict[str, RunState] = dict(zip(regions, in_parallel(reads)))
    home = find_home(states, spec.run_id, wanted_regions)
    instances = states[home].instances if home else []
    missing = missing_machines(spec, instances, allowed_types(spec, wanted.requirement))
    if missing:
        return _rent(clients_in, wanted, desk, states, home=home, missing=missing, check_mode=check_mode)
    return _keep(clients_in(home), spec, desk, states[home], check_mode)


def _keep(clients: Clients, wanted: LaunchSpec, desk: Desk, state: RunState, check_mode: bool) -> dict[str, Any]:
    """A run that has all its machines: who may log in may have changed, and a crash may have left work."""
    machines = live(state.instances)
    spec = _as_bought(wanted, clients.region, machines[0])
    check_own_key(spec, state)
    ids = [row["InstanceId"] for row in machines]
    after = plan_after(spec, state, ids)
    actions = [*plan_access(state.groups, let_in(spec, desk), desk.ssh_port), *after]
    if not check_mode:
        machines = finish(clients, spec, desk, state, actions=actions, ids=ids)
    return launch_report(
        spec,
        None,
        actions=actions,
        observed=state.instances,
        instances=machines,
        ssh_port=desk.ssh_port,
        key_file=key_file_of(spec),
        profile=desk.profile,
    )


def _rent(
    clients_in: ClientsIn,
    wanted: Wanted,
    desk: Desk,
    states: dict[str, RunState],
    *,
    home: str,
    missing: int,
    check_mode: bool,
) -> dict[str, Any]:
    """A run that lacks machines."""
    observed = states[home].instances if home else []
    survey, site = in_parallel(
        [
            lambda: _survey(clients_in, wanted, desk, states, home=home, missing=missing),
            lambda: read_site(clients_in(wanted.requirement.regions[0]), wanted.spec, desk),
        ]
    )
    targets = choose_targets(
        clients_in, wanted.spec, wanted.requirement, survey, zone=site.zone, states=states, clock=desk.clock
    )
    trace = newest_trace(states)
    number = trace.number + 1 if trace else 1
    rental = Rental(clients_in, wanted.spec, site, desk, dict(states), missing, wanted.limits, number)
    spec, choice, actions = rental.plan(targets[0])
    if wanted.preflight or wanted.consent:
        rental.first = check_launch(clients_in(spec.region), spec, choice, actions, consent=wanted.consent)
    report = partial(launch_report, observed=observed, ssh_port=desk.ssh_port, profile=desk.profile, targets=targets)
    if check_mode:
        actions = [*rental.first, *actions]
        return report(spec, choice, actions=actions, instances=observed, key_file=key_file_of(spec))
    try:
        spec, choice, rows = _bring_up(rental, targets, live(observed))
    except (AnsibleAWSError, GpuError) as error:
        raise _with_traces(error, rental, bool(live(observed))) from error
    report = partial(report, attempts=rental.attempts, waits_for=rental.waits_for)
    return report(spec, choice, actions=rental.done, instances=rows, key_file=key_file_of(spec))


def _bring_up(
    rental: Rental, targets: Sequence[Target], machines: Sequence[Mapping[str, Any]]
) -> tuple[LaunchSpec, Choice, list[Mapping[str, Any]]]:
    """Buy the machines and wait until they can be used; what AWS itself ends at once is bought elsewhere.

    Parameters:
        machines: those that the run has already.
    """
    while True:
        spec, choice, bought = rental.rent(targets)
        if rental.waits_for:
            return spec, choice, list(machines)
        clients, state = rental.clients_in(spec.region), rental.states[spec.region]
        ids = sorted({*bought, *(row["InstanceId"] for row in machines)})
        after = plan_after(spec, state, ids)
        try:
            rows = finish(clients, spec, rental.desk, state, actions=after, ids=ids)
        except MachinesEndedError as ended:
            rental.give_up(spec, bought, ended)
            continue
        rental.done.extend(after)
        rental.missing = spec.count - len(rows)
        if rental.missing > 0:
            # A launch that died, whose machines were taken over, had asked for fewer. The rest stands beside them.
            machines, rental.states[spec.region] = rows, replace(state, instances=[dict(row) for row in rows])
            targets = [one for one in targets if (one.region, one.instance_type) == (spec.region, spec.instance_type)]
            continue
        notes = tidy(rental.clients_in, spec, rental.desk, rental.states)
        return spec, replace(choice, notes=(*choice.notes, *notes)), rows


def _survey(
    clients_in: ClientsIn, wanted: Wanted, desk: Desk, states: Mapping[str, RunState], *, home: str, missing: int
) -> Survey:
    """The offers; a run that has machines already grows by the same type in the same region."""
    requirement = replace(wanted.requirement, count=missing)
    if home:
        kinds = tuple(sorted({str(row["InstanceType"]) for row in live(states[home].instances)}))
        requirement = replace(requirement, regions=(home,), instance_types=kinds[:1])
    count = len(requirement.regions)
    desk.say(f"looking for offers in {requirement.regions[0] if count == 1 else f'{count} regions'}")
    search = Search(clients_in, wanted.spec, wanted.wish, states, desk.clock, wanted.preflight)
    return survey_capacity(
        search,
        requirement,
        lambda need: survey_offers(
            clients_in, need, wanted.wish, thorough=wanted.preflight, measure_latency=wanted.measure_latency
        ),
    )


def _as_bought(spec: LaunchSpec, region: str, machine: Mapping[str, Any]) -> LaunchSpec:
    """The spec of machines that exist."""
    market = str(machine.get("InstanceLifecycle") or "on-demand")
    zone = str(machine.get("Placement", {}).get("AvailabilityZone", ""))
    return replace(spec, region=region, instance_type=str(machine["InstanceType"]), market=market, zone=zone)


def _with_traces(error: AnsibleAWSError | GpuError, rental: Rental, has_machines: bool) -> GpuError:
    """The error, saying what was tried and whether all that the run owns now comes from this failed launch."""
    known = explain(error) if isinstance(error, AnsibleAWSError) else error
    known.details["left_traces"] = not has_machines
    known.details["attempts"] = [attempt.as_result() for attempt in rental.attempts]
    return known
