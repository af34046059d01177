# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person asked for, checked before the first call."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._run.trace import client_token

# Short enough for every name made from it (a schedule's name has at most 64 characters).
RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,47}")
# The shortest prefix that may log in: what one organisation may hold, by version of the Internet Protocol.
WIDEST = {4: 8, 6: 32}
ACCESS = ("ssh", "session-manager", "instance-connect-endpoint")
STRATEGIES = ("", "cluster", "spread", "partition")


@dataclass(frozen=True)
class Volume:
    """A further gp3 disk of each machine.

    Parameters:
        size_gib: its size in GiB.
        iops: provisioned operations per second; 3000 are free of charge.
        throughput_mibps: provisioned throughput in MiB/s; 125 are free of charge.
    """

    size_gib: int
    iops: int = 3000
    throughput_mibps: int = 125


@dataclass(frozen=True)
class LaunchSpec:
    """The wanted run. Before an attempt fills them in, type, market, zone and, with several regions, region are empty.

    Parameters:
        run_id: its name.
        count: machines.
        lease_end: the instant at which the run ends whatever happens, UTC.
        root_volume_gib: size of the root disk in GiB; 0 leaves it to the image.
        max_spot_usd: highest spot price to pay per hour; 0 for the on-demand price, as AWS does.
        allowed_cidrs: who may log in; empty for the caller's own address only.
        volumes: further disks, removed with their machine.
        fixed_address: an elastic address for each machine.
        placement_strategy: `cluster`, `spread` or `partition` makes a placement group for the run; empty for none.
        placement_group: an existing placement group to use instead, never deleted.
        efa: elastic fabric adapters between the machines.
        instance_profile: name or ARN of the machines' instance profile.
        user_data: a person's own cloud-init part, run after the lease is armed.
        access: `ssh`, `session-manager` or `instance-connect-endpoint`.
        ceiling_usd: most USD per hour of one machine with its disks and address, now and later; 0 for none.
        capacity_reservation_id: a reservation or capacity block to launch into.
        buy_capacity_block: whether a block may be bought, whose whole fee is due at once.
    """

    run_id: str
    owner: str
    region: str
    instance_type: str
    count: int
    market: str
    zone: str
    subnet_id: str
    key_name: str
    key_file: str
    public_address: bool
    root_volume_gib: int
    root_volume_iops: int
    root_volume_throughput_mibps: int
    max_spot_usd: float
    lease_hours: float
    lease_end: datetime
    allowed_cidrs: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    volumes: tuple[Volume, ...] = ()
    fixed_address: bool = False
    placement_strategy: str = ""
    placement_group: str = ""
    efa: bool = False
    instance_profile: str = ""
    user_data: str = ""
    access: str = "ssh"
    capacity_reservation_id: str = ""
    ceiling_usd: float = 0.0
    buy_capacity_block: bool = False

    @property
    def resource_name(self) -> str:
        """Name of the run's security group and key pair."""
        return f"gpgpu-{self.run_id}"

    def client_token(self, generation: int) -> str:
        """The token of a purchase: see trace.py."""
        return client_token(self.run_id, generation, self.region, self.instance_type, self.market, self.zone)


def spec_problems(spec: LaunchSpec, markets: Sequence[str]) -> list[str]:
    """Everything that can't work, each with its fix.

    Parameters:
        markets: how the machines may be paid.
    """
    spot = ["A maximum spot price needs spot in gpu_markets."] if spec.max_spot_usd and "spot" not in markets else []
    return [*_run_problems(spec), *spot, *_place_problems(spec), *_disk_problems(spec), *_text_problems(spec)]


def check_run_id(run_id: str) -> list[str]:
    """Problems of a run's name."""
    if RUN_ID.fullmatch(run_id):
        return []
    fixed = re.sub(r"[^A-Za-z0-9._-]+", "-", run_id).strip("-._")[:48] or "my-run"
    return [
        f"Run id '{run_id}' is not usable: use 1 to 48 letters, digits, dots, dashes or underscores, "
        f"for example '{fixed}'."
    ]


def _run_problems(spec: LaunchSpec) -> list[str]:
    found = check_run_id(spec.run_id)
    for cidr in spec.allowed_cidrs:
        found.extend(_cidr_problems(cidr))
    return found


def _place_problems(spec: LaunchSpec) -> list[str]:
    found = []
    if spec.placement_strategy not in STRATEGIES:
        found.append(
            f"Placement strategy '{spec.placement_strategy}' is unknown: use one of {', '.join(STRATEGIES[1:])}."
        )
    if spec.placement_strategy and spec.placement_group:
        found.append("A run has one placement group: set gpu_placement_strategy or gpu_placement_group, not both.")
    if spec.access not in ACCESS:
        found.append(f"Access '{spec.access}' is unknown: use one of {', '.join(ACCESS)}.")
    if not (spec.public_address or spec.subnet_id or spec.access != "ssh"):
        found.append("A machine without a public address needs a named subnet: set gpu_subnet_id.")
    return found


def _cidr_problems(cidr: str) -> list[str]:
    try:
        network = ipaddress.ip_network(cidr)
    except ValueError:
        return [f"'{cidr}' is not an address range: write it like 192.0.2.7/32."]
    if network.prefixlen < WIDEST[network.version]:
        what = "the whole internet" if network.prefixlen == 0 else "a large part of the internet"
        return [f"'{cidr}' opens SSH to {what}: name the addresses you log in from."]
    return []


def _as_aws_writes(cidr: str) -> str:
    """A range in AWS's form, which a second launch must recognise; what is no range is left to the check."""
    try:
        return str(ipaddress.ip_network(cidr))
    except ValueError:
        return cidr


def _disk_problems(spec: LaunchSpec) -> list[str]:
    """Limits of gp3: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html ."""
    found = []
    if spec.root_volume_gib and not 1 <= spec.root_volume_gib <= 65536:
        found.append(f"A root disk of {spec.root_volume_gib} GiB is outside 1 to 65536: set gpu_root_volume_gib.")
    if not 3000 <= spec.root_volume_iops <= 80000:
        found.append(f"{spec.root_volume_iops} IOPS are outside 3000 to 80000: set gpu_root_volume_iops.")
    if not 125 <= spec.root_volume_throughput_mibps <= 2000:
        found.append(
            f"{spec.root_volume_throughput_mibps} MiB/s are outside 125 to 2000: set gpu_root_volume_throughput_mibps."
        )
    return found


def _text_problems(spec: LaunchSpec) -> list[str]:
    """AWS stores ASCII in most names, and keeps the prefix aws: for itself."""
    found = []
    for key, value in {**spec.tags, "owner": spec.owner}.items():
        if not f"{key}{value}".isascii():
            found.append(f"Tag {key!a} must be plain ASCII.")
        if key.startswith(("aws:", "gpgpu:")):
            found.append(f"Tag {key} has a reserved prefix: choose another name.")
    return found


def _ceiling(params: Mapping[str, Any]) -> float:
    """The lower of the ceiling per hour and what the budget leaves for each hour of each machine."""
    machine_hours = params["count"] * params["lease_hours"]
    budget = (params["budget_usd"] or 0.0) / machine_hours if machine_hours > 0 else 0.0
    return min((usd for usd in (params["max_hourly_usd"] or 0.0, budget) if usd > 0), default=0.0)


def spec_from_params(params: Mapping[str, Any], region: str, lease_end: datetime) -> LaunchSpec:
    """The spec of a module's parameters, not checked yet.

    Parameters:
        region: the run's region; empty when it is among those to choose from.
    """
    zones = params["zones"] or []
    return LaunchSpec(
        run_id=params["run_id"],
        owner=params["owner"] or "",
        region=region,
        instance_type="",
        count=params["count"],
        market="",
        zone=zones[0] if len(zones) == 1 else "",
        subnet_id=params["subnet_id"] or "",
        key_name=params["key_name"] or "",
        key_file=params["key_file"] or "",
        public_address=params["public_address"],
        root_volume_gib=params["root_volume_gib"] or 0,
        root_volume_iops=params["root_volume_iops"],
        root_volume_throughput_mibps=params["root_volume_throughput_mibps"],
        max_spot_usd=params["max_spot_usd"] or 0.0,
        lease_hours=params["lease_hours"],
        lease_end=lease_end,
        allowed_cidrs=tuple(_as_aws_writes(cidr) for cidr in params["allowed_cidrs"] or ()),
        tags=dict(params["tags"] or {}),
        volumes=tuple(Volume(**row) for row in params["volumes"] or ()),
        fixed_address=params["fixed_address"],
        placement_strategy=params["placement_strategy"] or "",
        placement_group=params["placement_group"] or "",
        efa=params["efa"],
        instance_profile=params["instance_profile"] or "",
        user_data=params["user_data"] or "",
        access=params["access"],
        capacity_reservation_id=params["capacity_reservation_id"] or "",
        ceiling_usd=_ceiling(params),
        buy_capacity_block=params["buy_capacity_block"],
    )
