# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read what there is: the run, and what a new machine would be made of."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2, network
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError, explain
from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import Image
from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import Rate
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.retired import refuse_type
from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags
from ansible_collections.gpgpu.aws.plugins.module_utils._run.block import BuyCapacityBlock
from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import live


@dataclass(frozen=True)
class RunState:
    """Everything that carries the run's tag.

    Parameters:
        resources: kind of resource (EC2's word) to its ids.
        instances: rows of DescribeInstances, in every state.
        groups: rows of DescribeSecurityGroups, where they were read.
    """

    resources: dict[str, list[str]] = field(default_factory=dict)
    instances: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)

    def ids(self, kind: str) -> list[str]:
        """The ids of one kind."""
        return self.resources.get(kind, [])


@dataclass(frozen=True)
class Choice:
    """What the machines of a launch will be made of.

    Parameters:
        root_gib: size of the root disk in GiB.
        vpc_id: network of the named subnet; empty for the default VPC.
        cidrs: address ranges that may log in.
        at: the instant of the choice, UTC.
        number: of the attempt within the run.
        block: the capacity block to buy before the machines.
        notes: what a person must know of the offer, each a sentence.
    """

    machine: MachineType
    image: Image
    rate: Rate
    root_gib: int
    vpc_id: str
    cidrs: tuple[str, ...]
    at: datetime
    number: int = 1
    block: BuyCapacityBlock | None = None
    notes: tuple[str, ...] = ()


def tagged_resources(clients: Clients, run_id: str) -> dict[str, list[str]]:
    """What carries the run's tag, by kind: one call for all kinds."""
    found: dict[str, list[str]] = {}
    for row in ec2.describe_tags(clients.ec2, tags.tag_rows_of_run(run_id)):
        found.setdefault(row["ResourceType"], []).append(row["ResourceId"])
    return {kind: sorted(ids) for kind, ids in sorted(found.items())}


def read_run(clients: Clients, run_id: str) -> RunState:
    """The run, by two views that AWS keeps apart: the index of tags, and the instances themselves."""
    resources, instances = in_parallel(
        [
            lambda: tagged_resources(clients, run_id),
            lambda: ec2.describe_instances(clients.ec2, Filters=tags.by_run(run_id)),
        ]
    )
    return RunState(dict(resources), list(instances))


def read_run_for_launch(clients: Clients, run_id: str) -> RunState:
    """The run before a launch: machines and groups are read only when there are any.

    A machine that the index does not show yet is found by its client token: see buy.py and trace.py.
    """
    resources = tagged_resources(clients, run_id)
    groups = resources.get("security-group", [])
    by_run = {"Filters": tags.by_run(run_id)}
    # By a filter: the index may still list a group of an earlier life, and an unknown id would hide the others.
    by_id = {"Filters": [{"Name": "group-id", "Values": groups}]}
    instances, rows = in_parallel(
        [
            lambda: ec2.describe_instances(clients.ec2, **by_run) if "instance" in resources else [],
            lambda: network.describe_security_groups(clients.ec2, **by_id) if groups else [],
        ]
    )
    shown = {"security-group": sorted(row["GroupId"] for row in rows)} if rows else {}
    return RunState({**resources, **shown}, instances, rows)


def read_regions(
    clients: Sequence[Clients], run_id: str
) -> tuple[dict[str, list[dict[str, Any]]], list[dict[str, str]]]:
    """The machines of one run, or of all, in several regions, read side by side.

    Parameters:
        clients: one for each region.
        run_id: empty for every run.

    Returns:
        rows of DescribeInstances by region, and the regions that could not be read with the reason.

    Raises:
        AwsCallError: the only region could not be read.
    """
    filters = tags.by_run(run_id) if run_id else [{"Name": "tag-key", "Values": [tags.RUN]}]
    rows = in_parallel(partial(_read_or_reason, one, filters, len(clients) == 1) for one in clients)
    found = {one.region: row for one, row in zip(clients, rows) if isinstance(row, list)}
    unread = [{"region": one.region, "reason": row} for one, row in zip(clients, rows) if isinstance(row, str)]
    return found, unread


def _read_or_reason(clients: Clients, filters: list[dict[str, Any]], strict: bool) -> list[dict[str, Any]] | str:
    try:
        return ec2.describe_instances(clients.ec2, Filters=filters)
    except AnsibleAWSError as error:
        if strict:
            raise
        return str(explain(error))


def read_machine(clients: Clients, name: str) -> MachineType:
    """The hardware of a type.

    Raises:
        GpuError: unknown or retired, with today's equivalent.
    """
    rows = ec2.describe_instance_types(clients.ec2, [name])
    if not rows:
        raise refuse_type(name, clients.region)
    return MachineType.from_row(rows[0])


def find_home(states: Mapping[str, RunState], run_id: str, wanted: Sequence[str]) -> str:
    """The region in which a run has machines; empty when it has none.

    Parameters:
        wanted: where its machines may be.

    Raises:
        GpuError: machines in more than one region, or in one that is not wanted.
    """
    homes = sorted(region for region, state in states.items() if live(state.instances))
    if len(homes) == 1 and homes[0] not in wanted:
        raise GpuError(
            f"Run {run_id} has machines in {homes[0]}, and they are wanted in {', '.join(wanted)}",
            f"Name {homes[0]} with gpu_region, choose another run id, or tear the run down (gpu_run_id={run_id}).",
            "run_elsewhere",
        )
    if len(homes) > 1:
        raise GpuError(
            f"Run {run_id} has machines in {' and '.join(homes)}",
            f"Name the one you want with gpu_region, and tear the run down (gpu_run_id={run_id}) in the other.",
            "run_in_two_regions",
        )
    return homes[0] if homes else ""


def caller_range(address: str) -> str:
    """The address range of one address.

    Raises:
        GpuError: the text is no address.
    """
    try:
        parsed = ipaddress.ip_address(address.strip())
    except ValueError:
        raise GpuError(
            f"Your own address could not be found out (the answer was {address.strip()[:60]!a})",
            "Set gpu_allowed_cidrs to the addresses you log in from, for example 192.0.2.7/32.",
            "caller_address_unknown",
        ) from None
    return f"{parsed}/{parsed.max_prefixlen}"
