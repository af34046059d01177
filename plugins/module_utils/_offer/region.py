# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS tells of one region, read side by side; what can't be read is told and hides nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import partial
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2, market, network
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError, GpuError, error_code, explain
from ansible_collections.gpgpu.aws.plugins.module_utils._image.find import find_image
from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import Image
from ansible_collections.gpgpu.aws.plugins.module_utils._money.price_table import bundled_hour, bundled_tariff
from ansible_collections.gpgpu.aws.plugins.module_utils._money.tariff import Price, Tariff
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.block import block_hours
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.ground import Ground, grounds_of
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.price import (
    compute_terms,
    hourly_prices,
    spot_by_zone,
    with_listed,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.retired import refuse_type
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import Wish

# Names of all types that may have an NVIDIA GPU; what they have is read, not guessed.
GPU_PATTERNS = ["g*", "p*"]
# A filter's value has at most 1024 characters.
FILTER_CHARACTERS = 1000
# What the price list answers to a kind of filter that it does not know.
NO_SUCH_FILTER = ("InvalidParameterException", "ValidationException", "SerializationException")

Usage = tuple[str, str, int]


@dataclass
class Region:
    """A region under survey: reads are methods, and what fails is noted.

    Parameters:
        unread: region, what, reason and code of each failed read.
    """

    clients: Clients
    unread: list[dict[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The region's name."""
        return self.clients.region

    def told(self, what: str, default: Any, read: Callable[[], Any]) -> Any:
        """The answer of a read, or the default with a note of the failure."""
        try:
            return read()
        except (AnsibleAWSError, GpuError) as error:
            self.note(what, error)
            return default

    def note(self, what: str, error: Exception) -> None:
        """Note a failure."""
        known = explain(error) if isinstance(error, AnsibleAWSError) else error
        code = known.code if isinstance(known, GpuError) else ""
        self.unread.append({"region": self.name, "what": what, "reason": str(known), "code": code})

    def machines(self, names: Sequence[str]) -> list[MachineType]:
        """The named types; without names, all GPU types of the region.

        One unknown name fails the whole call of AWS, so the names are then asked for one by one.
        """
        if not names:
            find = partial(ec2.find_instance_types, self.clients.ec2, GPU_PATTERNS)
            found = [MachineType.from_row(row) for row in self.told("types", [], find)]
            return [machine for machine in found if machine.gpu_name.startswith("NVIDIA")]
        rows = self.told("types", None, lambda: ec2.describe_instance_types(self.clients.ec2, list(names)))
        if rows is None or rows:
            return [MachineType.from_row(row) for row in rows or []]
        if len(names) == 1:
            self.note(names[0], refuse_type(names[0], self.name))
            return []
        return [machine for found in in_parallel(partial(self.machines, [name]) for name in names) for machine in found]

    def zones(self, names: Sequence[str]) -> dict[str, list[str]] | None:
        """The zones that offer each type; None when they could not be read."""
        rows = self.told("zones", None, lambda: ec2.describe_zone_offerings(self.clients.ec2, list(names)))
        if rows is None:
            return None
        found: dict[str, list[str]] = {name: [] for name in names}
        for row in rows:
            found.setdefault(row["InstanceType"], []).append(row["Location"])
        return {name: sorted(zones) for name, zones in found.items()}

    def on_demand(self, names: Sequence[str]) -> dict[str, Price]:
        """The price of each type; from the bundled table when the price list can't be read."""
        prices = self.told("on-demand prices", None, lambda: self._listed(list(names)))
        if prices is not None:
            return dict(prices)
        bundled = {name: bundled_hour(name, self.name) for name in names}
        return {name: price for name, price in bundled.items() if price}

    def _listed(self, names: list[str]) -> dict[str, Price]:
        """One call for all types, or one for each where the price list does not take several values."""
        if len(names) > 1:
            try:
                together = [price for group in _groups(names) for price in self._products({}, group)]
            except AwsCallError as error:
                if error_code(error) not in NO_SUCH_FILTER:
                    raise
                together = []
            if together:
                return hourly_prices(together)
        single = in_parallel(partial(self._products, {"instanceType": name}, []) for name in names)
        return hourly_prices(product for products in single for product in products)

    def _products(self, more: dict[str, str], names: list[str]) -> list[str]:
        terms = {**compute_terms(self.name), **more}
        any_of = {"instanceType": names} if names else None
        return market.get_products(self.clients.pricing, "AmazonEC2", terms, any_of)

    def spot(self, names: Sequence[str]) -> dict[tuple[str, str], Price]:
        """The spot price of each type and zone now."""
        now = datetime.now(timezone.utc)
        return spot_by_zone(
            self.told("spot prices", [], lambda: ec2.describe_spot_prices(self.clients.ec2, list(names), now))
        )

    def blocks(self, machines: Sequence[MachineType], count: int, lease_hours: float) -> list[dict[str, Any]]:
        """Capacity blocks long enough for the lease."""
        # One type a call: older boto3 does not know the list of types that newer takes.
        ask = partial(
            ec2.describe_capacity_blocks,
            self.clients.ec2,
            InstanceCount=count,
            CapacityDurationHours=block_hours(lease_hours),
        )
        answers = in_parallel(
            partial(self.told, f"capacity blocks of {machine.name}", [], partial(ask, InstanceType=machine.name))
            for machine in machines
            if "capacity-block" in machine.markets
        )
        return [row for answer in answers for row in answer]

    def images(self, architectures: Sequence[str], wish: Wish) -> dict[str, Image | str]:
        """The image for each architecture, or the sentence that says why there is none."""
        return dict(zip(architectures, in_parallel(partial(self._image, wish, one) for one in architectures)))

    def _image(self, wish: Wish, architecture: str) -> Image | str:
        try:
            return find_image(self.clients, wish.image, wish.system, architecture, wish.user)
        except GpuError as error:
            return str(error)
        except AnsibleAWSError as error:
            self.note("image", error)
            return str(explain(error))

    def tariff(self, wish: Wish) -> Tariff:
        """The prices of disks, snapshots, addresses and traffic, as far as the wish needs them."""
        here = {"regionCode": self.name}
        asked = [("disk prices", "AmazonEC2", {**here, "volumeApiName": "gp3"})]
        if wish.public_address or wish.fixed_address:
            asked.append(("address prices", "AmazonVPC", {**here, "group": "VPCPublicIPv4Address"}))
        if wish.snapshot_gib:
            asked.append(("snapshot prices", "AmazonEC2", {**here, "productFamily": "Storage Snapshot"}))
        if wish.traffic_gib:
            outbound = {"fromRegionCode": self.name, "transferType": "AWS Outbound", "toLocation": "External"}
            asked.append(("traffic prices", "AWSDataTransfer", outbound))
        answers = in_parallel(
            partial(self.told, what, [], partial(market.get_products, self.clients.pricing, service, terms))
            for what, service, terms in asked
        )
        return with_listed(bundled_tariff(self.name), [product for answer in answers for product in answer])

    def limits(self) -> list[dict[str, Any]]:
        """The account's quotas."""
        return list(self.told("quotas", [], lambda: market.list_quotas(self.clients.quotas)))

    def usage(self) -> list[Usage]:
        """(type, market, vCPU) of the account's machines that count against a quota.

        A machine's vCPUs are its cores times the threads of each.
        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CpuOptions.html
        """
        states = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
        rows = self.told("usage", [], lambda: ec2.describe_instances(self.clients.ec2, Filters=states))
        return [
            (
                row["InstanceType"],
                row.get("InstanceLifecycle") or "on-demand",
                row.get("CpuOptions", {}).get("CoreCount", 0) * row.get("CpuOptions", {}).get("ThreadsPerCore", 0),
            )
            for row in rows
        ]

    def grounds(self, subnet_id: str) -> dict[str, Ground] | None:
        """The named subnet, or the default one of each zone; None when they could not be read."""
        default = {"Filters": [{"Name": "default-for-az", "Values": ["true"]}]}
        which: dict[str, Any] = {"SubnetIds": [subnet_id]} if subnet_id else default
        subnets, tables = in_parallel(
            [
                lambda: self.told("subnets", None, lambda: network.describe_subnets(self.clients.ec2, **which)),
                lambda: self.told("routes", None, lambda: network.describe_route_tables(self.clients.ec2)),
            ]
        )
        return None if subnets is None else grounds_of(subnets, tables)

    def addresses(self) -> int | None:
        """How many fixed addresses the account has; None when they could not be read."""
        rows = self.told("fixed addresses", None, lambda: network.list_addresses(self.clients.ec2))
        return None if rows is None else len(rows)


def _groups(names: Sequence[str]) -> list[list[str]]:
    """Names in lists that are short enough for one filter."""
    groups: list[list[str]] = [[]]
    for name in names:
        if len(",".join([*groups[-1], name])) > FILTER_CHARACTERS:
            groups.append([])
        groups[-1].append(name)
    return groups
