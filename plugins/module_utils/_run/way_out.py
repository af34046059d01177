# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether machines without a public address can call Session Manager, read before anything is bought.

The agent on the machine calls AWS; without a way out the machine runs, bills and is never reached.
https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-prerequisites.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import network
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import place as api
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec

Row = Mapping[str, Any]

# Fields of a route whose target passes traffic of private addresses on.
_TARGETS = ("NatGatewayId", "TransitGatewayId", "InstanceId", "NetworkInterfaceId", "VpcPeeringConnectionId")
# What the agent calls; with an agent older than 3.3.40 ec2messages too.
SERVICES = ("ssm", "ssmmessages")


def way_out_problems(clients: Clients, spec: LaunchSpec) -> list[str]:
    """Why Session Manager could not reach machines of this run; nothing is read where it is not used.

    Raises:
        AwsCallError: the network could not be read.
    """
    if spec.access != "session-manager" or spec.public_address:
        return []
    wanted = {"SubnetIds": [spec.subnet_id]} if spec.subnet_id else {"Filters": _default_subnets(spec.zone)}
    subnets, tables, endpoints = in_parallel(
        [
            lambda: network.describe_subnets(clients.ec2, **wanted),
            lambda: network.describe_route_tables(clients.ec2),
            lambda: api.find_vpc_endpoints(clients.ec2, [{"Name": "vpc-endpoint-state", "Values": ["available"]}]),
        ]
    )
    shut = [row["SubnetId"] for row in subnets if not has_way_out(row, tables, endpoints, clients.region)]
    if not shut or len(shut) < len(subnets):
        return []
    return [
        f"A machine in {' or '.join(shut)} without a public address can't call Session Manager: set "
        "gpu_public_address to true (no port is open to it), or give the subnet a NAT gateway, or its network "
        f"interface endpoints of {' and '.join(SERVICES)}, or use gpu_access instance-connect-endpoint."
    ]


def _default_subnets(zone: str) -> list[dict[str, Any]]:
    found = [{"Name": "default-for-az", "Values": ["true"]}]
    return [*found, {"Name": "availability-zone", "Values": [zone]}] if zone else found


def has_way_out(subnet: Row, tables: Sequence[Row], endpoints: Sequence[Row], region: str) -> bool:
    """Whether a subnet leads to AWS for private addresses: by a route that passes them on, or by endpoints.

    Parameters:
        tables: rows of DescribeRouteTables.
        endpoints: rows of DescribeVpcEndpoints.
    """
    here = {row["ServiceName"].removeprefix(f"com.amazonaws.{region}.") for row in endpoints if _same(row, subnet)}
    return here.issuperset(SERVICES) or any(_passes_on(route) for route in _routes(subnet, tables))


def _same(row: Row, subnet: Row) -> bool:
    return bool(row.get("VpcId") == subnet["VpcId"])


def _routes(subnet: Row, tables: Sequence[Row]) -> Sequence[Row]:
    """A subnet without a table of its own uses the main one of its network."""
    links = [(link, table) for table in tables if _same(table, subnet) for link in table.get("Associations", [])]
    own = [table for link, table in links if link.get("SubnetId") == subnet["SubnetId"]]
    main = [table for link, table in links if link.get("Main")]
    return [route for table in (own or main)[:1] for route in table.get("Routes", [])]


def _passes_on(route: Row) -> bool:
    everywhere = str(route.get("DestinationCidrBlock", "")).endswith("/0")
    gateway = any(route.get(field) for field in _TARGETS) or str(route.get("GatewayId", "")).startswith("vgw-")
    return everywhere and gateway and route.get("State", "active") == "active"
