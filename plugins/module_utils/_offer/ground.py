# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where machines would stand: the subnets of a region, and which of them reach the internet. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Ground:
    """The subnet of a zone.

    Parameters:
        zone_id: AWS's name of the zone that is the same for all accounts.
        internet: whether it has a route to an internet gateway; None when that could not be read.
    """

    subnet_id: str
    zone: str
    zone_id: str
    internet: bool | None


def grounds_of(subnets: Iterable[Row], tables: Sequence[Row] | None) -> dict[str, Ground]:
    """The subnet of each zone.

    Parameters:
        subnets: rows of DescribeSubnets: the default ones, or the one that was named.
        tables: rows of DescribeRouteTables; None when they could not be read.
    """
    return {
        row["AvailabilityZone"]: Ground(
            row["SubnetId"],
            row["AvailabilityZone"],
            str(row.get("AvailabilityZoneId", "")),
            None if tables is None else _reaches_internet(row, tables),
        )
        for row in subnets
    }


def _reaches_internet(subnet: Row, tables: Sequence[Row]) -> bool:
    """A subnet without a table of its own uses the main one of its network.

    https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
    """
    main: Row | None = None
    for table in tables:
        for link in table.get("Associations", []):
            if link.get("SubnetId") == subnet["SubnetId"]:
                return _has_gateway(table)
            if link.get("Main") and table.get("VpcId") == subnet["VpcId"]:
                main = table
    return main is not None and _has_gateway(main)


def _has_gateway(table: Row) -> bool:
    return any(
        str(route.get("GatewayId", "")).startswith("igw-")
        and route.get("State", "active") == "active"
        and _is_everywhere(str(route.get("DestinationCidrBlock", "")))
        for route in table.get("Routes", [])
    )


def _is_everywhere(cidr: str) -> bool:
    try:
        return ipaddress.ip_network(cidr).prefixlen == 0
    except ValueError:
        return False


def ground_problems(grounds: Mapping[str, Ground] | None, zone: str, public: bool) -> list[str]:
    """Why a machine can't stand in a zone.

    Parameters:
        grounds: by zone; None when the subnets could not be read.
        public: whether it gets a public address.
    """
    if grounds is None or not zone:
        return []
    if zone not in grounds:
        return [
            f"Zone {zone} has no default subnet: name a subnet with gpu_subnet_id, or run "
            f"`aws ec2 create-default-subnet --availability-zone {zone}`."
        ]
    if public and grounds[zone].internet is False:
        return [
            f"Subnet {grounds[zone].subnet_id} in {zone} has no route to an internet gateway, so a public address "
            "would lead nowhere: add the route, name another subnet with gpu_subnet_id, or set gpu_public_address "
            "to false."
        ]
    return []
