# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subnets, security groups, addresses, interfaces, key pairs, volumes, spot requests: one call per function.

Calls and shapes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsErrorHandler

IAM_ACTIONS = (
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:CancelSpotInstanceRequests",
    "ec2:CreateSecurityGroup",
    "ec2:CreateTags",
    "ec2:DeleteKeyPair",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteSecurityGroup",
    "ec2:DeleteVolume",
    "ec2:DescribeAddresses",
    "ec2:DescribeKeyPairs",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSpotInstanceRequests",
    "ec2:DescribeSubnets",
    "ec2:DescribeVolumes",
    "ec2:DisassociateAddress",
    "ec2:ImportKeyPair",
    "ec2:ReleaseAddress",
    "ec2:RevokeSecurityGroupIngress",
)

Row = dict[str, Any]

# What AWS answers for something that no longer exists.
_GONE = (
    "InvalidAddress.NotFound",
    "InvalidAddressID.NotFound",
    "InvalidAllocationID.NotFound",
    "InvalidAssociationID.NotFound",
    "InvalidGroup.NotFound",
    "InvalidGroupId.NotFound",
    "InvalidKeyPair.NotFound",
    "InvalidNetworkInterfaceID.NotFound",
    "InvalidSpotInstanceRequestID.NotFound",
    "InvalidVolume.NotFound",
)


class GoneErrors(AwsErrorHandler):
    """A resource that is not there (any more)."""

    @classmethod
    def _is_missing(cls) -> type[Exception]:
        return is_boto3_error_code(list(_GONE))


@AwsErrorHandler.common_error_handler("find subnet {subnet_id}")
def describe_subnet(client: Any, subnet_id: str) -> Row:
    """One subnet: its VPC, zone and free addresses."""
    return client.describe_subnets(SubnetIds=[subnet_id])["Subnets"][0]


@AwsErrorHandler.common_error_handler("read the subnets")
def describe_subnets(client: Any, **params: Any) -> list[Row]:
    """Subnets by id or filter, each with its zone, the zone's id, and free addresses."""
    return client.get_paginator("describe_subnets").paginate(**params).build_full_result()["Subnets"]


@AwsErrorHandler.common_error_handler("read the route tables")
def describe_route_tables(client: Any) -> list[Row]:
    """All route tables of a region, with their routes and the subnets that they serve."""
    return client.get_paginator("describe_route_tables").paginate().build_full_result()["RouteTables"]


@AwsErrorHandler.common_error_handler("count the fixed addresses of the account")
def list_addresses(client: Any) -> list[Row]:
    """All fixed addresses of the account in a region."""
    return client.describe_addresses()["Addresses"]


@GoneErrors.list_error_handler("describe the security group", [])
def describe_security_groups(client: Any, **params: Any) -> list[Row]:
    """Security groups by filter or id."""
    return client.describe_security_groups(**params)["SecurityGroups"]


@AwsErrorHandler.common_error_handler("create the security group of the run")
def create_security_group(client: Any, **params: Any) -> str:
    """Create a security group; returns its id."""
    return client.create_security_group(**params)["GroupId"]


@AwsErrorHandler.common_error_handler("open SSH in security group {group_id}")
@AWSRetry.jittered_backoff(retries=4, delay=1, catch_extra_error_codes=["InvalidGroup.NotFound"])
def authorize_ingress(client: Any, group_id: str, permissions: list[Row]) -> list[Row]:
    """Open ports to the named ranges; a group just made may not be visible yet, hence the retry."""
    return client.authorize_security_group_ingress(GroupId=group_id, IpPermissions=permissions)["SecurityGroupRules"]


@GoneErrors.deletion_error_handler("close old addresses in security group {group_id}")
def revoke_ingress(client: Any, group_id: str, permissions: list[Row]) -> bool:
    """Close ports to the named ranges."""
    client.revoke_security_group_ingress(GroupId=group_id, IpPermissions=permissions)
    return True


@GoneErrors.deletion_error_handler("delete security group {group_id}")
def delete_security_group(client: Any, group_id: str) -> bool:
    """Delete a security group that nothing uses."""
    client.delete_security_group(GroupId=group_id)
    return True


@GoneErrors.list_error_handler("describe the key pair", [])
def describe_key_pairs(client: Any, **params: Any) -> list[Row]:
    """Key pairs by name or id."""
    return client.describe_key_pairs(**params)["KeyPairs"]


@AwsErrorHandler.common_error_handler("import the key of the run")
def import_key_pair(client: Any, **params: Any) -> str:
    """Import a public key; the private key never travels. Returns the id of the pair."""
    return client.import_key_pair(**params)["KeyPairId"]


@GoneErrors.deletion_error_handler("delete key pair {key_pair_id}")
def delete_key_pair(client: Any, key_pair_id: str) -> bool:
    """Delete a key pair; AWS succeeds when it does not exist."""
    client.delete_key_pair(KeyPairId=key_pair_id)
    return True


@GoneErrors.list_error_handler("describe volumes {volume_ids}", [])
def describe_volumes(client: Any, volume_ids: list[str]) -> list[Row]:
    """Volumes by id, without those that no longer exist (a filter never fails on an unknown id)."""
    paginator = client.get_paginator("describe_volumes")
    return paginator.paginate(Filters=_by_id("volume-id", volume_ids)).build_full_result()["Volumes"]


@GoneErrors.deletion_error_handler("delete volume {volume_id}")
def delete_volume(client: Any, volume_id: str) -> bool:
    """Delete a detached volume and everything on it."""
    client.delete_volume(VolumeId=volume_id)
    return True


@GoneErrors.list_error_handler("describe addresses {allocation_ids}", [])
def describe_addresses(client: Any, allocation_ids: list[str]) -> list[Row]:
    """Fixed addresses by allocation id, without those already released."""
    return client.describe_addresses(Filters=_by_id("allocation-id", allocation_ids))["Addresses"]


@GoneErrors.deletion_error_handler("detach address {association_id}")
def disassociate_address(client: Any, association_id: str) -> bool:
    """Detach a fixed address from its machine, as AWS asks before a release."""
    client.disassociate_address(AssociationId=association_id)
    return True


@GoneErrors.deletion_error_handler("release address {allocation_id}")
def release_address(client: Any, allocation_id: str) -> bool:
    """Give a fixed address back; it bills until then."""
    client.release_address(AllocationId=allocation_id)
    return True


@GoneErrors.list_error_handler("describe network interfaces {interface_ids}", [])
def describe_network_interfaces(client: Any, interface_ids: list[str]) -> list[Row]:
    """Network interfaces by id, without those that no longer exist."""
    paginator = client.get_paginator("describe_network_interfaces")
    filters = _by_id("network-interface-id", interface_ids)
    return paginator.paginate(Filters=filters).build_full_result()["NetworkInterfaces"]


@GoneErrors.deletion_error_handler("delete network interface {interface_id}")
def delete_network_interface(client: Any, interface_id: str) -> bool:
    """Delete a detached network interface."""
    client.delete_network_interface(NetworkInterfaceId=interface_id)
    return True


@GoneErrors.list_error_handler("describe spot requests {request_ids}", [])
def describe_spot_requests(client: Any, request_ids: list[str]) -> list[Row]:
    """Spot requests by id."""
    filters = _by_id("spot-instance-request-id", request_ids)
    return client.describe_spot_instance_requests(Filters=filters)["SpotInstanceRequests"]


@GoneErrors.deletion_error_handler("cancel spot requests {request_ids}")
def cancel_spot_requests(client: Any, request_ids: list[str]) -> bool:
    """Cancel spot requests, before their machines end: a persistent one would buy a new machine."""
    client.cancel_spot_instance_requests(SpotInstanceRequestIds=request_ids)
    return True


def _by_id(name: str, values: list[str]) -> list[Row]:
    return [{"Name": name, "Values": values}]
