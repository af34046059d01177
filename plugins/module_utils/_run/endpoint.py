# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instance connect endpoint through which machines without a public address are reached.

A network holds one at most, and it is free of charge: the one that is there is used, else one is made for the run.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-with-ec2-instance-connect-endpoint.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import network
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import place as api
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock, poll
from ansible_collections.gpgpu.aws.plugins.module_utils._run.request import endpoint_request, ssh_permissions
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec

Row = dict[str, Any]

# The API reference gives no time; it takes some minutes.
READY_SECONDS = 600.0
READY = ("create-complete", "update-complete", "update-failed")
COMING = ("create-in-progress", "update-in-progress")


def use_endpoint(clients: Clients, spec: LaunchSpec, group: Row, clock: Clock) -> Row:
    """The endpoint of the network, ready to use.

    Parameters:
        group: the run's security group, whose network is meant; an endpoint made for the run is in the group too.

    Raises:
        AwsCallError: AWS refused to make one.
        GpuError: there is no subnet for it, it failed, or it was not ready in time.
    """
    here = [{"Name": "vpc-id", "Values": [group["VpcId"]]}]
    usable = [{"Name": "state", "Values": [*READY, *COMING]}]
    found = api.find_endpoints(clients.ec2, here + usable)
    if not found:
        subnet_id = spec.subnet_id or _subnet(clients, spec, here)
        found = [api.create_endpoint(clients.ec2, **endpoint_request(spec, subnet_id, group["GroupId"]))]
    wanted = found[0]["InstanceConnectEndpointId"]
    by_id = [{"Name": "instance-connect-endpoint-id", "Values": [wanted]}]

    def read() -> Row:
        rows = api.find_endpoints(clients.ec2, by_id)
        return rows[0] if rows else found[0]

    def done(row: Row) -> bool:
        if row["State"] not in (*READY, *COMING):
            raise _failed(wanted, f"is {row['State']}: {row.get('StateMessage') or 'no reason given'}")
        return row["State"] in READY

    if found[0]["State"] in READY:
        return found[0]
    ready, last = poll(read, done, READY_SECONDS, clock)
    if not ready:
        raise _failed(wanted, f"was not ready within {READY_SECONDS:g} s (it is {last['State']})")
    return last


def _subnet(clients: Clients, spec: LaunchSpec, here: list[Row]) -> str:
    zone = [{"Name": "availability-zone", "Values": [spec.zone]}] if spec.zone else []
    subnets = network.describe_subnets(clients.ec2, Filters=[*here, *zone])
    if not subnets:
        raise GpuError(
            f"The network has no subnet for an instance connect endpoint in {spec.zone or spec.region}",
            "Name a subnet with gpu_subnet_id.",
            "no_subnet",
        )
    return str(min(subnets, key=lambda row: str(row["SubnetId"]))["SubnetId"])


def endpoint_permissions(endpoint: Row, port: int, cidrs: Iterable[str]) -> list[Row]:
    """The rules that let an endpoint's connections into the machines.

    Parameters:
        cidrs: ranges of the clients, for an endpoint that keeps their addresses.

    Raises:
        GpuError: it keeps them, and no range is named.
    """
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/eice-security-groups.html
    ranges = list(cidrs)
    if endpoint.get("PreserveClientIp") and not ranges:
        raise GpuError(
            f"Instance connect endpoint {endpoint['InstanceConnectEndpointId']} shows machines its clients' addresses",
            "Set gpu_allowed_cidrs to the addresses you log in from.",
            "endpoint_preserves_address",
        )
    if endpoint.get("PreserveClientIp"):
        return ssh_permissions(ranges, port)
    pairs = [{"GroupId": one} for one in endpoint.get("SecurityGroupIds", [])]
    return [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": pairs}]


def _failed(endpoint_id: str, what: str) -> GpuError:
    return GpuError(
        f"Instance connect endpoint {endpoint_id} {what}",
        "Launch again, or delete the endpoint and launch again; nothing was bought.",
        "endpoint_failed",
    )
