# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances, images, types, regions: one EC2 call per function.

The decorator says what a failure means. Throttled and lost calls are repeated by the client itself (module.py);
a second decorator repeats only what a moment's lag of AWS explains.
Calls and shapes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.amazon.aws.plugins.module_utils.tagging import ansible_dict_to_boto3_tag_list
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsErrorHandler

IAM_ACTIONS = (
    "ec2:CreateTags",
    "ec2:DescribeCapacityBlockOfferings",
    "ec2:DescribeImages",
    "ec2:DescribeInstanceTypeOfferings",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeInstances",
    "ec2:DescribeRegions",
    "ec2:DescribeSpotPriceHistory",
    "ec2:DescribeTags",
    "ec2:GetSpotPlacementScores",
    "ec2:RunInstances",
    "ec2:TerminateInstances",
)

Row = dict[str, Any]


class InstanceErrors(AwsErrorHandler):
    """An unknown instance id means the machine is gone, or not visible yet."""

    @classmethod
    def _is_missing(cls) -> type[Exception]:
        return is_boto3_error_code(["InvalidInstanceID.NotFound"])


class ImageErrors(AwsErrorHandler):
    """An unknown image id."""

    @classmethod
    def _is_missing(cls) -> type[Exception]:
        return is_boto3_error_code(["InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidAMIID.Unavailable"])


class TypeErrors(AwsErrorHandler):
    """An unknown or retired instance type."""

    @classmethod
    def _is_missing(cls) -> type[Exception]:
        return is_boto3_error_code(["InvalidInstanceType"])


@AwsErrorHandler.common_error_handler("list the regions of the account")
def describe_regions(client: Any) -> list[Row]:
    """The regions enabled for the account."""
    return client.describe_regions()["Regions"]


@AwsErrorHandler.common_error_handler("list all regions")
def describe_all_regions(client: Any) -> list[Row]:
    """Every region with its OptInStatus, those that the account has not enabled included."""
    return client.describe_regions(AllRegions=True)["Regions"]


@AwsErrorHandler.common_error_handler("find what carries the tags of the run")
def describe_tags(client: Any, filters: list[Row]) -> list[Row]:
    """Tags of every taggable EC2 resource: one call sees all kinds."""
    paginator = client.get_paginator("describe_tags")
    return paginator.paginate(Filters=filters).build_full_result()["Tags"]


@AwsErrorHandler.common_error_handler("tag {resource_ids}")
def create_tags(client: Any, resource_ids: list[str], tags: dict[str, str]) -> bool:
    """Write tags on resources; a tag of the same key is replaced."""
    client.create_tags(Resources=resource_ids, Tags=ansible_dict_to_boto3_tag_list(tags))
    return True


@InstanceErrors.list_error_handler("describe the instances", [])
def describe_instances(client: Any, **params: Any) -> list[Row]:
    """Instances by filter or id, in any state; empty when the ids are unknown."""
    paginator = client.get_paginator("describe_instances")
    pages = paginator.paginate(**params).build_full_result()["Reservations"]
    return [instance for reservation in pages for instance in reservation["Instances"]]


@TypeErrors.list_error_handler("describe instance type {names}", [])
def describe_instance_types(client: Any, names: list[str]) -> list[Row]:
    """Hardware of the named instance types; empty when one of them is not in the region."""
    paginator = client.get_paginator("describe_instance_types")
    return paginator.paginate(InstanceTypes=names).build_full_result()["InstanceTypes"]


@AwsErrorHandler.common_error_handler("find the instance types {patterns}")
def find_instance_types(client: Any, patterns: list[str]) -> list[Row]:
    """Hardware of the instance types of a region whose names fit a pattern with `*`."""
    paginator = client.get_paginator("describe_instance_types")
    filters = [{"Name": "instance-type", "Values": patterns}]
    return paginator.paginate(Filters=filters).build_full_result()["InstanceTypes"]


@AwsErrorHandler.common_error_handler("read the spot placement scores")
def spot_placement_scores(client: Any, **params: Any) -> list[Row]:
    """AWS's guess from 1 to 10, for each of the ten best zones or regions, that a spot request succeeds."""
    paginator = client.get_paginator("get_spot_placement_scores")
    return paginator.paginate(**params).build_full_result()["SpotPlacementScores"]


@AwsErrorHandler.common_error_handler("read the capacity blocks on offer")
def describe_capacity_blocks(client: Any, **params: Any) -> list[Row]:
    """Capacity blocks that could be bought now; buys none."""
    paginator = client.get_paginator("describe_capacity_block_offerings")
    return paginator.paginate(**params).build_full_result()["CapacityBlockOfferings"]


@AwsErrorHandler.common_error_handler("find the zones that offer {names}")
def describe_zone_offerings(client: Any, names: list[str]) -> list[Row]:
    """One row per type and availability zone that offers it."""
    paginator = client.get_paginator("describe_instance_type_offerings")
    filters = [{"Name": "instance-type", "Values": names}]
    pages = paginator.paginate(LocationType="availability-zone", Filters=filters)
    return pages.build_full_result()["InstanceTypeOfferings"]


@AwsErrorHandler.common_error_handler("read the spot prices of {names}")
def describe_spot_prices(client: Any, names: list[str], start: Any) -> list[Row]:
    """The spot price of each type and zone in force at an instant (a datetime)."""
    paginator = client.get_paginator("describe_spot_price_history")
    pages = paginator.paginate(InstanceTypes=names, ProductDescriptions=["Linux/UNIX"], StartTime=start)
    return pages.build_full_result()["SpotPriceHistory"]


@ImageErrors.list_error_handler("describe the image", [])
def describe_images(client: Any, **params: Any) -> list[Row]:
    """Images by id or filter; empty when the id is unknown here."""
    return client.describe_images(**params)["Images"]


@AwsErrorHandler.common_error_handler("launch the machines of the run")
def run_instances(client: Any, **params: Any) -> list[Row]:
    """Buy the machines: all of the group or none. Safe to repeat with the same ClientToken."""
    return client.run_instances(**params)["Instances"]


@InstanceErrors.deletion_error_handler("terminate {instance_ids}")
def terminate_instances(client: Any, instance_ids: list[str]) -> list[Row]:
    """Terminate; terminating a terminated instance succeeds."""
    return client.terminate_instances(InstanceIds=instance_ids)["TerminatingInstances"]
