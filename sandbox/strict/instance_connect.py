# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2 Instance Connect Endpoints: one per VPC, each with a network interface in its subnet.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/eice-quotas.html and
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateInstanceConnectEndpoint.html
The code for a second endpoint is not documented; ours is the service's general one. No tunnel is behind an endpoint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.caller import ACCOUNT
from sandbox.strict.reservations import new_id
from sandbox.strict.rule import Ec2Call, Proceed, Rule
from sandbox.strict.tags import check_specifications, specified

ID = re.compile(r"eice-[0-9a-f]{17}")

# How often an endpoint is described before a change of its state shows; at AWS it takes minutes.
DESCRIBED_IN_PROGRESS = 1


@dataclass
class Endpoint:
    """One endpoint of one region."""

    ec2_backend: Any
    id: str
    subnet: Any
    interface: Any
    preserve_client_ip: bool
    state: str = "create-in-progress"
    described: int = 0
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def shown(self) -> dict[str, Any]:
        """Return it in the API's shape."""
        region = self.ec2_backend.region_name
        tags = self.ec2_backend.tags.get(self.id, {})
        return {
            "OwnerId": ACCOUNT,
            "InstanceConnectEndpointId": self.id,
            "InstanceConnectEndpointArn": f"arn:aws:ec2:{region}:{ACCOUNT}:instance-connect-endpoint/{self.id}",
            "State": self.state,
            "StateMessage": "",
            "DnsName": f"{self.id}.00000000.ec2-instance-connect-endpoint.{region}.amazonaws.com",
            "NetworkInterfaceIds": [self.interface.id] if self.state.startswith("create") else [],
            "VpcId": self.subnet.vpc_id,
            "AvailabilityZone": self.subnet.availability_zone,
            "CreatedAt": self.created_at,
            "SubnetId": self.subnet.id,
            "PreserveClientIp": self.preserve_client_ip,
            "SecurityGroupIds": [group.id for group in self.interface.group_set],
            "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
        }


_endpoints: dict[str, dict[str, Endpoint]] = {}


def endpoints(region: str) -> list[Endpoint]:
    """Return the endpoints of a region."""
    return list(_endpoints.get(region, {}).values())


def create(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer CreateInstanceConnectEndpoint."""
    check_specifications(call.param("TagSpecifications", []), ("instance-connect-endpoint",))
    subnet = call.backend.get_subnet(call.param("SubnetId"))
    groups = call.param("SecurityGroupIds", [])
    for id in groups:
        if call.backend.get_security_group_from_id(id) is None:
            raise AwsError("InvalidGroup.NotFound", f"The security group '{id}' does not exist")
    if any(row.subnet.vpc_id == subnet.vpc_id for row in endpoints(call.region)):
        raise AwsError(
            "ResourceLimitExceeded",
            f"The maximum number of EC2 Instance Connect Endpoints per VPC is 1: {subnet.vpc_id}",
        )
    call.stop_if_dry_run()
    id = new_id("eice")
    interface = call.backend.create_network_interface(
        subnet, None, group_ids=groups, description=f"EC2 Instance Connect Endpoint interface for {id}"
    )
    interface.requester_managed = True
    interface.status = "in-use"
    made = Endpoint(call.backend, id, subnet, interface, bool(call.param("PreserveClientIp", False)))
    _endpoints.setdefault(call.region, {})[id] = made
    call.backend.create_tags([id], specified(call.param("TagSpecifications", []), "instance-connect-endpoint"))
    return {"InstanceConnectEndpoint": made.shown(), "ClientToken": call.param("ClientToken")}


def describe(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer DescribeInstanceConnectEndpoints; each answer brings changes that are under way further."""
    call.stop_if_dry_run()
    ids = call.param("InstanceConnectEndpointIds", [])
    rows = [_named(call, id) for id in ids] if ids else endpoints(call.region)
    for row in rows:
        _advance(row)
    shown = [row.shown() for row in rows]
    for row in rows:
        if row.state == "delete-complete":
            _remove(call, row)
    return {"InstanceConnectEndpoints": [row for row in shown if _passes(row, call.filters())]}


def _advance(row: Endpoint) -> None:
    row.described += 1
    if row.described <= DESCRIBED_IN_PROGRESS:
        return
    if row.state == "create-in-progress":
        row.state = "create-complete"
    elif row.state == "delete-in-progress":
        row.state = "delete-complete"


def _remove(call: Ec2Call, row: Endpoint) -> None:
    call.backend.delete_network_interface(row.interface.id)
    call.backend.tags.pop(row.id, None)
    del _endpoints[call.region][row.id]


def _passes(row: dict[str, Any], filters: dict[str, list[str]]) -> bool:
    values = {
        "instance-connect-endpoint-id": row["InstanceConnectEndpointId"],
        "state": row["State"],
        "subnet-id": row["SubnetId"],
        "vpc-id": row["VpcId"],
        "availability-zone": row["AvailabilityZone"],
        **{f"tag:{tag['Key']}": tag["Value"] for tag in row["Tags"]},
    }
    return all(values.get(name) in wanted for name, wanted in filters.items())


def delete(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer DeleteInstanceConnectEndpoint."""
    found = _named(call, call.param("InstanceConnectEndpointId", ""))
    if found.state == "delete-in-progress":
        raise AwsError("IncorrectState", f"The endpoint {found.id} is being deleted.")
    call.stop_if_dry_run()
    found.state, found.described = "delete-in-progress", 0
    return {"InstanceConnectEndpoint": found.shown()}


def _named(call: Ec2Call, id: str) -> Endpoint:
    if not ID.fullmatch(id):
        raise AwsError("InvalidInstanceConnectEndpointId.Malformed", f"Invalid id: '{id}' (expecting 'eice-...')")
    found = _endpoints.get(call.region, {}).get(id)
    if found is None:
        raise AwsError("InvalidInstanceConnectEndpointId.NotFound", f"The endpoint ID '{id}' does not exist")
    return found


RULES: dict[str, Rule] = {
    "CreateInstanceConnectEndpoint": create,
    "DescribeInstanceConnectEndpoints": describe,
    "DeleteInstanceConnectEndpoint": delete,
}
