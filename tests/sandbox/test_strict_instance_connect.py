# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance Connect Endpoints."""

from __future__ import annotations

from tests.sandbox.cloud import Cloud, error_of, tag


def test_endpoint_lives_from_creation_to_deletion(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    subnets = ec2.describe_subnets()["Subnets"]
    group = ec2.create_security_group(GroupName=cloud.name(), Description="endpoint")["GroupId"]
    request = {"SubnetId": subnets[0]["SubnetId"], "SecurityGroupIds": [group]}
    assert error_of(ec2.create_instance_connect_endpoint, **request, DryRun=True) == "DryRunOperation"
    tags = tag("instance-connect-endpoint", run="a")
    made = ec2.create_instance_connect_endpoint(**request, TagSpecifications=tags)["InstanceConnectEndpoint"]
    id = made["InstanceConnectEndpointId"]
    assert (made["State"], made["SecurityGroupIds"], made["Tags"]) == (
        "create-in-progress",
        [group],
        [{"Key": "run", "Value": "a"}],
    )

    def states() -> list[str]:
        by_tag = [{"Name": "tag:run", "Values": ["a"]}]
        rows = ec2.describe_instance_connect_endpoints(Filters=by_tag)["InstanceConnectEndpoints"]
        return [row["State"] for row in rows]

    assert [states() for _ in range(3)] == [["create-in-progress"], ["create-complete"], ["create-complete"]]
    other = {"SubnetId": subnets[1]["SubnetId"]}
    assert error_of(ec2.create_instance_connect_endpoint, **other) == "ResourceLimitExceeded"
    assert error_of(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    gone = ec2.delete_instance_connect_endpoint(InstanceConnectEndpointId=id)["InstanceConnectEndpoint"]
    assert gone["State"] == "delete-in-progress"
    assert [states() for _ in range(3)] == [["delete-in-progress"], ["delete-complete"], []]
    assert error_of(ec2.delete_security_group, GroupId=group) is None
    assert error_of(ec2.describe_instance_connect_endpoints, InstanceConnectEndpointIds=[id]) == (
        "InvalidInstanceConnectEndpointId.NotFound"
    )


def test_wrong_endpoints_are_refused(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    delete = ec2.delete_instance_connect_endpoint
    assert error_of(delete, InstanceConnectEndpointId="eice-1") == "InvalidInstanceConnectEndpointId.Malformed"
    missing = {"InstanceConnectEndpointId": "eice-0123456789abcdef0"}
    assert error_of(delete, **missing) == "InvalidInstanceConnectEndpointId.NotFound"
    assert error_of(ec2.create_instance_connect_endpoint, SubnetId="subnet-0123456789abcdef0") == (
        "InvalidSubnetID.NotFound"
    )
