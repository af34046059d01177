# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read what there is: the run, and what a new machine would be made of."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2, market, network
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._image.find import find_image
from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import Image
from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import ADDRESS_HOUR, ROOT_FLOOR_GIB, Rate, disk_rate
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.price import compute_terms, hourly_price, spot_by_zone
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.retired import refuse_type
from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec


@dataclass(frozen=True)
class RunState:
    """Everything that carries the run's tag.

    Parameters:
        resources: kind of resource (EC2's word) to its ids.
        instances: rows of DescribeInstances, in every state.
    """

    resources: dict[str, list[str]] = field(default_factory=dict)
    instances: list[dict[str, Any]] = field(default_factory=list)

    def ids(self, kind: str) -> list[str]:
        """The ids of one kind."""
        return self.resources.get(kind, [])


@dataclass(frozen=True)
class Choice:
    """What the machines of a launch will be made of.

    Parameters:
        usd_per_hour: compute price of one machine.
        root_gib: size of the root disk in GiB.
        vpc_id: network of the named subnet; empty for the default VPC.
        cidrs: address ranges that may log in.
    """

    machine: MachineType
    image: Image
    rate: Rate
    root_gib: int
    vpc_id: str
    cidrs: tuple[str, ...]


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
    """The run before a launch: the instances are read only when there are any.

    A machine that the index does not show yet is found by its client token: see buy.py.
    """
    resources = tagged_resources(clients, run_id)
    if "instance" not in resources:
        return RunState(resources)
    return RunState(resources, ec2.describe_instances(clients.ec2, Filters=tags.by_run(run_id)))


def read_choice(clients: Clients, spec: LaunchSpec, caller: Callable[[], str]) -> Choice:
    """Type, image, price and network of a launch, read side by side.

    Parameters:
        caller: tells the caller's address; asked only when no range was given.

    Raises:
        GpuError: unknown type, image, subnet; no price.
    """
    (machine, image), usd, vpc_id, cidrs = in_parallel(
        [
            lambda: _machine_and_image(clients, spec),
            lambda: read_price(clients, spec),
            lambda: network.describe_subnet(clients.ec2, spec.subnet_id)["VpcId"] if spec.subnet_id else "",
            lambda: spec.allowed_cidrs or (caller_range(caller()),),
        ]
    )
    root_gib = spec.root_volume_gib or max(image.root_gib, ROOT_FLOOR_GIB)
    disks = disk_rate(spec.region, root_gib, spec.root_volume_iops, spec.root_volume_throughput_mibps)
    rate = Rate(compute=usd, disks=disks, address=ADDRESS_HOUR if spec.public_address else 0.0)
    return Choice(machine, image, rate, root_gib, vpc_id, tuple(cidrs))


def read_machine(clients: Clients, name: str) -> MachineType:
    """The hardware of a type.

    Raises:
        GpuError: unknown or retired, with today's equivalent.
    """
    rows = ec2.describe_instance_types(clients.ec2, [name])
    if not rows:
        raise refuse_type(name, clients.region)
    return MachineType.from_row(rows[0])


def _machine_and_image(clients: Clients, spec: LaunchSpec) -> tuple[MachineType, Image]:
    machine = read_machine(clients, spec.instance_type)
    return machine, find_image(clients, spec.image, spec.image_os, machine.architecture, spec.image_user)


def read_price(clients: Clients, spec: LaunchSpec) -> float:
    """USD per hour of one machine in the wanted market; the spot price is the highest of the wanted zones."""
    if spec.market == "spot":
        rows = ec2.describe_spot_prices(clients.ec2, [spec.instance_type], datetime.now(timezone.utc))
        prices = [usd for (_type, zone), usd in spot_by_zone(rows).items() if spec.zone in ("", zone)]
        return max(prices, default=0.0)
    terms = compute_terms(spec.instance_type, spec.region)
    return hourly_price(market.get_products(clients.pricing, "AmazonEC2", terms)) or 0.0


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
