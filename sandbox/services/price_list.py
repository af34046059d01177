# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The products of the price list, region by region.

Attribute names, usage types, operations and the descriptions' words are those of public offer file rows:
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
Among them are the rows that trap a careless reader: a reservation that is paid for elsewhere and a capacity block
cost 0, an unused reservation as much as a machine, Windows with one's own licence as much as Linux.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sandbox.services import price_table, region_prices
from sandbox.services.product import Product, Tier, flat

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html
_WINDOWS_OPERATION = "RunInstances:0002"
_WINDOWS_BYOL_OPERATION = "RunInstances:0800"

# The regions whose name in the price list still begins with "EU", not "Europe".
_EU = ("eu-central-1", "eu-north-1", "eu-south-1", "eu-west-1", "eu-west-2", "eu-west-3")


@cache
def locations() -> dict[str, str]:
    """Return the price list's name of each region."""
    from botocore.loaders import create_loader

    partition = create_loader().load_data("partitions")["partitions"][0]
    return {
        region: row["description"].replace("Europe", "EU") if region in _EU else row["description"]
        for region, row in partition["regions"].items()
        if region != "aws-global"
    }


@cache
def products(service: str, region: str) -> tuple[Product, ...]:
    """Return the products of a service in a region; those of no region are under "". Unknown services have none."""
    return tuple(product for make in SERVICES.get(service, ()) for product in make(region))


def _common(service: str, region: str) -> dict[str, str]:
    return {
        "servicecode": service,
        "regionCode": region,
        "location": locations()[region],
        "locationType": "AWS Region",
    }


def _compute(region: str) -> Iterator[Product]:
    from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS, INSTANCE_TYPES

    offered = {row["InstanceType"] for row in INSTANCE_TYPE_OFFERINGS["region"].get(region, [])}
    for instance_type in price_table.ON_DEMAND:
        price = price_table.on_demand(instance_type, region)
        if instance_type in offered and price is not None:
            yield from _rows(_Machine(region, instance_type, INSTANCE_TYPES[instance_type]), price)


@dataclass(frozen=True)
class _Machine:
    """An instance type in a region."""

    region: str
    name: str
    details: Mapping[str, Any]


def _rows(machine: _Machine, linux: float) -> Iterator[Product]:
    """Make the rows of one instance type."""
    details = machine.details
    yield from _held(machine, linux, "Linux", "RunInstances")
    if "capacity-block" in details["SupportedUsageClasses"]:
        changes = {"marketoption": "CapacityBlock", "operation": "RunInstances:CB"}
        yield _box(machine, 0.0, "Capacity Block Linux", {"operatingSystem": "Linux", **changes})
    if "x86_64" in details["ProcessorInfo"]["SupportedArchitectures"]:
        windows = round(linux + price_table.windows_licence(machine.name, details["VCpuInfo"]["DefaultVCpus"]), 5)
        yield from _held(machine, windows, "Windows", _WINDOWS_OPERATION)
        own = {"licenseModel": "Bring your own license", "operation": _WINDOWS_BYOL_OPERATION}
        yield _box(machine, linux, "On Demand Windows BYOL", {"operatingSystem": "Windows", **own})


def _held(machine: _Machine, usd: float, system: str, operation: str) -> Iterator[Product]:
    """Make a machine's row and those of its reservations: paid while unused, free while a machine uses one."""
    rows = (
        ("Used", "BoxUsage", "On Demand", usd),
        ("UnusedCapacityReservation", "UnusedBox", "Unused Reservation", usd),
        ("AllocatedCapacityReservation", "Reservation", "Reservation", 0.0),
    )
    for status, usage, words, price in rows:
        changes = {"operatingSystem": system, "operation": operation, "capacitystatus": status}
        yield _box(machine, price, f"{words} {system}", changes, usage)


def _box(machine: _Machine, usd: float, words: str, changes: Mapping[str, str], usage: str = "BoxUsage") -> Product:
    details = machine.details
    attributes = {
        **_common("AmazonEC2", machine.region),
        "servicename": "Amazon Elastic Compute Cloud",
        "instanceType": machine.name,
        "instanceFamily": "GPU instance" if "GpuInfo" in details else "General purpose",
        "currentGeneration": "Yes" if details["CurrentGeneration"] else "No",
        "vcpu": str(details["VCpuInfo"]["DefaultVCpus"]),
        "memory": f"{details['MemoryInfo']['SizeInMiB'] // 1024} GiB",
        "tenancy": "Shared",
        "preInstalledSw": "NA",
        "licenseModel": "No License required",
        "capacitystatus": "Used",
        "marketoption": "OnDemand",
        "availabilityzone": "NA",
        **changes,
    }
    usage_type = f"{region_prices.of(machine.region).prefix}{usage}:{machine.name}"
    text = f"{words} {machine.name} Instance Hour"
    return Product("Compute Instance", usage_type, "Hrs", flat(usd), text, attributes)


def _disks(region: str) -> Iterator[Product]:
    here = region_prices.of(region)
    level = here.gp3_gb_month / region_prices.of("us-east-1").gp3_gb_month
    gp3 = {"volumeApiName": "gp3", "volumeType": "General Purpose"}
    gibps = region_prices.GP3_THROUGHPUT_MONTH * 1024
    archive = region_prices.SNAPSHOT_ARCHIVE_GB_MONTH
    rows: tuple[tuple[str, str, str, float, dict[str, str]], ...] = (
        ("Storage", "VolumeUsage.gp3", "GB-Mo", here.gp3_gb_month, {**gp3, "storageMedia": "SSD-backed"}),
        ("System Operation", "VolumeP-IOPS.gp3", "IOPS-Mo", region_prices.GP3_IOPS_MONTH * level, _group(gp3, "IOPS")),
        ("Provisioned Throughput", "VolumeP-Throughput.gp3", "GiBps-mo", gibps * level, _group(gp3, "Throughput")),
        ("Storage Snapshot", "SnapshotUsage", "GB-Mo", region_prices.SNAPSHOT_GB_MONTH, {"storageMedia": "Amazon S3"}),
        ("Storage Snapshot", "SnapshotArchiveStorage", "GB-Mo", archive, {"storageMedia": "Amazon S3"}),
    )
    for family, usage, unit, usd, changes in rows:
        attributes = {**_common("AmazonEC2", region), "operation": "", **changes}
        usage_type = f"{here.prefix}EBS:{usage}"
        yield Product(family, usage_type, unit, flat(round(usd, 6)), f"{unit} of {usage}", attributes)


def _group(attributes: Mapping[str, str], name: str) -> dict[str, str]:
    return {**attributes, "group": f"EBS {name}", "provisioned": "Yes"}


def _public_addresses(region: str) -> Iterator[Product]:
    """Make the rows of public IPv4, which have no family and, being young, a prefix also in us-east-1."""
    prefix = region_prices.of(region).prefix or "USE1-"
    rows = (
        ("InUseAddress", region_prices.PUBLIC_IPV4_HOUR),
        ("IdleAddress", region_prices.PUBLIC_IPV4_HOUR),
        ("ContiguousBlock", region_prices.CONTIGUOUS_IPV4_HOUR),
    )
    for kind, usd in rows:
        attributes = {
            **_common("AmazonVPC", region),
            "group": "VPCPublicIPv4Address",
            "groupDescription": f"Hourly charge for {kind} Public IPv4 Addresses",
        }
        yield Product("", f"{prefix}PublicIPv4:{kind}", "Hrs", flat(usd), f"{kind} public IPv4 hour", attributes)


def _traffic(region: str) -> Iterator[Product]:
    """Make the row of traffic out to the internet; what is free of it is a row of no region.

    Such rows say where traffic comes from and have neither regionCode nor location.
    """
    outbound = {
        "servicecode": "AWSDataTransfer",
        "transferType": "AWS Outbound",
        "toLocation": "External",
        "toLocationType": "Other",
        "operation": "",
    }
    if not region:
        free = (Tier(0, str(region_prices.FREE_TRAFFIC_GB), 0.0),)
        attributes = {**outbound, "fromLocation": "Global", "fromLocationType": "Other"}
        yield Product("Data Transfer", "Global-DataTransfer-Out-Bytes", "GB", free, "GB data transfer out", attributes)
        return
    here = region_prices.of(region)
    begins = [begin for begin, _ in region_prices.TRAFFIC_TIERS]
    ends = [*(str(begin) for begin in begins[1:]), "Inf"]
    tiers = tuple(
        Tier(begin, end, round(here.traffic_gb * share, 4))
        for (begin, share), end in zip(region_prices.TRAFFIC_TIERS, ends, strict=True)
    )
    attributes = {
        **outbound,
        "fromLocation": locations()[region],
        "fromLocationType": "AWS Region",
        "fromRegionCode": region,
    }
    yield Product("Data Transfer", f"{here.prefix}DataTransfer-Out-Bytes", "GB", tiers, "GB data transfer", attributes)


def _of_a_region(make: Callable[[str], Iterator[Product]]) -> Callable[[str], Iterator[Product]]:
    """Make nothing for the products of no region."""
    return lambda region: make(region) if region else iter(())


SERVICES: Mapping[str, tuple[Callable[[str], Iterator[Product]], ...]] = {
    "AmazonEC2": (_of_a_region(_compute), _of_a_region(_disks)),
    "AmazonVPC": (_of_a_region(_public_addresses),),
    "AWSDataTransfer": (_traffic,),
}
