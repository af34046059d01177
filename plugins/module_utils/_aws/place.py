# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Placement groups, fixed addresses, instance connect endpoints, capacity reservations: one call per function.

Calls and shapes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsErrorHandler

IAM_ACTIONS = (
    "ec2:AllocateAddress",
    "ec2:AssociateAddress",
    "ec2:AuthorizeSecurityGroupEgress",
    "ec2:CancelCapacityReservation",
    "ec2:CreateInstanceConnectEndpoint",
    "ec2:CreatePlacementGroup",
    "ec2:CreateTags",
    "ec2:DeleteInstanceConnectEndpoint",
    "ec2:DeletePlacementGroup",
    "ec2:DescribeAddresses",
    "ec2:DescribeCapacityReservations",
    "ec2:DescribeInstanceConnectEndpoints",
    "ec2:DescribePlacementGroups",
    "ec2:DescribeVpcEndpoints",
    "ec2:PurchaseCapacityBlock",
)

Row = dict[str, Any]

# What AWS answers for something that no longer exists.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
_GONE = (
    "InvalidCapacityReservationId.NotFound",
    "InvalidInstanceConnectEndpointId.NotFound",
    "InvalidPlacementGroup.Unknown",
    "InvalidPlacementGroupId.NotFound",
)


class GoneErrors(AwsErrorHandler):
    """A resource that is not there (any more)."""

    @classmethod
    def _is_missing(cls) -> type[Exception]:
        return is_boto3_error_code(list(_GONE))


@AwsErrorHandler.common_error_handler("create the placement group of the run")
def create_placement_group(client: Any, **params: Any) -> bool:
    """Create a placement group. Free of charge."""
    client.create_placement_group(**params)
    return True


@GoneErrors.list_error_handler("describe the placement group", [])
def describe_placement_groups(client: Any, **params: Any) -> list[Row]:
    """Placement groups by filter or id; empty when one of the ids is unknown."""
    return client.describe_placement_groups(**params)["PlacementGroups"]


@GoneErrors.deletion_error_handler("delete placement group {name}")
def delete_placement_group(client: Any, name: str) -> bool:
    """Delete a placement group that has no machine."""
    client.delete_placement_group(GroupName=name)
    return True


@AwsErrorHandler.common_error_handler("allow traffic out of security group {group_id}")
def authorize_egress(client: Any, group_id: str, permissions: list[Row]) -> bool:
    """Allow traffic out of a group."""
    client.authorize_security_group_egress(GroupId=group_id, IpPermissions=permissions)
    return True


@AwsErrorHandler.common_error_handler("find the fixed addresses of the run")
def find_addresses(client: Any, filters: list[Row]) -> list[Row]:
    """Fixed addresses by filter."""
    return client.describe_addresses(Filters=filters)["Addresses"]


@AwsErrorHandler.common_error_handler("allocate a fixed address")
def allocate_address(client: Any, **params: Any) -> Row:
    """Allocate a fixed address; it bills until it is released. Returns its AllocationId and PublicIp."""
    return client.allocate_address(**params)


@AwsErrorHandler.common_error_handler("attach address {allocation_id}")
def associate_address(client: Any, allocation_id: str, interface_id: str) -> str:
    """Attach a fixed address to a network interface of a running machine; attaching it again there succeeds."""
    request = {"AllocationId": allocation_id, "NetworkInterfaceId": interface_id, "AllowReassociation": False}
    return client.associate_address(**request)["AssociationId"]


@AwsErrorHandler.common_error_handler("create the instance connect endpoint of the run")
def create_endpoint(client: Any, **params: Any) -> Row:
    """Create an instance connect endpoint; the client sends a token, so a repeated call makes no second one."""
    return client.create_instance_connect_endpoint(**params)["InstanceConnectEndpoint"]


@GoneErrors.list_error_handler("find the instance connect endpoints", [])
def find_endpoints(client: Any, filters: list[Row]) -> list[Row]:
    """Instance connect endpoints by filter, those that are coming and going included."""
    paginator = client.get_paginator("describe_instance_connect_endpoints")
    return paginator.paginate(Filters=filters).build_full_result()["InstanceConnectEndpoints"]


@GoneErrors.deletion_error_handler("delete instance connect endpoint {endpoint_id}")
def delete_endpoint(client: Any, endpoint_id: str) -> bool:
    """Begin to delete an instance connect endpoint; its network interface stays for minutes."""
    client.delete_instance_connect_endpoint(InstanceConnectEndpointId=endpoint_id)
    return True


@AwsErrorHandler.common_error_handler("read the interface endpoints of the networks")
def find_vpc_endpoints(client: Any, filters: list[Row]) -> list[Row]:
    """Endpoints of AWS's services inside networks, by filter."""
    paginator = client.get_paginator("describe_vpc_endpoints")
    return paginator.paginate(Filters=filters).build_full_result()["VpcEndpoints"]


@GoneErrors.list_error_handler("describe the capacity reservations", [])
def describe_reservations(client: Any, reservation_ids: list[str]) -> list[Row]:
    """Capacity reservations and capacity blocks by id; empty when one of the ids is unknown."""
    paginator = client.get_paginator("describe_capacity_reservations")
    return paginator.paginate(CapacityReservationIds=reservation_ids).build_full_result()["CapacityReservations"]


@AwsErrorHandler.common_error_handler("find the capacity reservations of the run")
def find_reservations(client: Any, filters: list[Row]) -> list[Row]:
    """Capacity reservations and capacity blocks by filter."""
    paginator = client.get_paginator("describe_capacity_reservations")
    return paginator.paginate(Filters=filters).build_full_result()["CapacityReservations"]


@AwsErrorHandler.common_error_handler("buy the capacity block of the run")
def purchase_block(client: Any, **params: Any) -> Row:
    """Buy a capacity block: its whole fee is due at once, for good. Not safe to repeat: the call has no client token.

    Returns:
        the capacity reservation behind it.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_PurchaseCapacityBlock.html
    """
    return client.purchase_capacity_block(**params)["CapacityReservation"]


@GoneErrors.deletion_error_handler("cancel capacity reservation {reservation_id}")
def cancel_reservation(client: Any, reservation_id: str) -> bool:
    """Cancel an on-demand capacity reservation; it bills until then, used or not."""
    client.cancel_capacity_reservation(CapacityReservationId=reservation_id)
    return True
