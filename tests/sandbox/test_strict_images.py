# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that an instance type, their owner or the account keeps from a launch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.images.unfit import COMMUNITY
from tests.sandbox.cloud import Cloud, Row, error_of, error_row

BIOS, UEFI, ARM_BIOS, TYPES = (f"community-gpu-{word}-*" for word in ("bios", "uefi", "arm-bios", "types"))
OLD = "ubuntu/images/hvm-ssd/ubuntu-focal-20.04-*"


def dry_run(cloud: Cloud, image: str, instance_type: str) -> tuple[str | None, str]:
    request = {"ImageId": image, "InstanceType": instance_type, "MinCount": 1, "MaxCount": 1, "DryRun": True}
    return error_row(cloud.client("ec2").run_instances, **request)


@pytest.fixture
def allowed(cloud: Cloud) -> Iterator[Any]:
    """Set the Allowed AMIs of the region for one test."""
    ec2 = cloud.client("ec2")

    def allow(state: str, *criteria: Row) -> None:
        assert ec2.replace_image_criteria_in_allowed_images_settings(ImageCriteria=list(criteria))["ReturnValue"]
        answer = ec2.enable_allowed_images_settings(AllowedImagesSettingsState=state)
        assert answer["AllowedImagesSettingsState"] == state

    yield allow
    ec2.disable_allowed_images_settings()


@pytest.mark.parametrize(
    ("image", "instance_type", "code", "words"),
    [
        (UEFI, "p4d.24xlarge", "InvalidParameterValue", "The p4d.24xlarge instance type does not support"),
        (UEFI, "g4dn.metal", "InvalidParameterValue", "a boot mode of UEFI"),
        (UEFI, "g5.xlarge", "DryRunOperation", ""),
        (BIOS, "p4d.24xlarge", "DryRunOperation", ""),
        (BIOS, "g6.xlarge", "DryRunOperation", ""),
        (ARM_BIOS, "g5g.xlarge", "InvalidParameterValue", "a boot mode of Legacy BIOS"),
        (TYPES, "g5.xlarge", "DryRunOperation", ""),
        (TYPES, "g6.12xlarge", "DryRunOperation", ""),
        (TYPES, "g6e.xlarge", "InvalidParameterCombination", "The instance type 'g6e.xlarge' is not supported"),
        (TYPES, "g5.48xlarge", "InvalidParameterCombination", "The instance type 'g5.48xlarge' is not supported"),
    ],
)
def test_image_and_type_must_fit(cloud: Cloud, image: str, instance_type: str, code: str, words: str) -> None:
    found = dry_run(cloud, cloud.image_like(image), instance_type)
    assert found[0] == code
    assert words in found[1]


def test_image_shows_the_types_of_its_owner(cloud: Cloud) -> None:
    (image,) = cloud.client("ec2").describe_images(ImageIds=[cloud.image_like(TYPES)])["Images"]
    assert image["InstanceTypeSpecification"] == {
        "SupportedInstanceTypes": [{"InstanceType": "g5.*"}, {"InstanceType": "g6.*"}],
        "UnsupportedInstanceTypes": [{"InstanceType": "*.48xlarge"}],
    }
    (plain,) = cloud.client("ec2").describe_images(ImageIds=[cloud.image()])["Images"]
    assert "InstanceTypeSpecification" not in plain


def test_machine_shows_what_its_image_costs(cloud: Cloud) -> None:
    windows = cloud.image("/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base")
    for image, details, operation in (
        (windows, "Windows", "RunInstances:0002"),
        (cloud.image_like("RHEL-9*x86_64*"), "Red Hat Enterprise Linux", "RunInstances:0010"),
        (cloud.image(), "Linux/UNIX", "RunInstances"),
    ):
        row = cloud.instance(cloud.launch(ImageId=image)[0]["InstanceId"])
        assert (row["PlatformDetails"], row["UsageOperation"]) == (details, operation)


def test_deprecated_image_is_found_only_when_asked_for(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    by_name = [{"Name": "name", "Values": [OLD]}]
    assert ec2.describe_images(Filters=by_name)["Images"] == []
    (image,) = ec2.describe_images(Filters=by_name, IncludeDeprecated=True)["Images"]
    assert image["DeprecationTime"] == "2026-03-14T08:00:00.000Z"
    assert ec2.describe_images(ImageIds=[image["ImageId"]])["Images"] == [image]
    assert dry_run(cloud, image["ImageId"], "g5.xlarge")[0] == "DryRunOperation"


@pytest.mark.parametrize(
    ("criterion", "ours", "strange"),
    [
        ({"ImageProviders": ["amazon"]}, True, False),
        ({"ImageProviders": [COMMUNITY]}, False, True),
        ({"ImageNames": ["community-*"]}, False, True),
        ({"ImageProviders": ["amazon"], "ImageNames": ["community-*"]}, False, False),
        ({"MarketplaceProductCodes": ["sandboxnvidiagpuoptimized"]}, False, False),
        ({"CreationDateCondition": {"MaximumDaysSinceCreated": 9999}}, True, True),
        ({"CreationDateCondition": {"MaximumDaysSinceCreated": 0}}, False, False),
        ({"DeprecationTimeCondition": {"MaximumDaysSinceDeprecated": 0}}, True, True),
    ],
)
def test_images_outside_the_criteria_are_hidden(
    cloud: Cloud, allowed: Any, criterion: Row, ours: bool, strange: bool
) -> None:
    ec2 = cloud.client("ec2")
    images = {cloud.image(): ours, cloud.image_like(BIOS): strange}
    allowed("audit-mode", criterion)
    for image, expected in images.items():
        assert ec2.describe_images(ImageIds=[image])["Images"][0]["ImageAllowed"] == expected
        assert dry_run(cloud, image, "g5.xlarge")[0] == "DryRunOperation"
    allowed("enabled", criterion)
    for image, expected in images.items():
        code = None if expected else "InvalidAMIID.NotFound"
        assert error_of(ec2.describe_images, ImageIds=[image]) == code
        assert dry_run(cloud, image, "g5.xlarge")[0] == (code or "DryRunOperation")
    listed = {image["ImageId"] for image in ec2.describe_images()["Images"]}
    assert {image: image in listed for image in images} == images


def test_settings_are_shown_and_belong_to_one_region(cloud: Cloud, allowed: Any) -> None:
    def shown(region: str | None = None) -> Row:
        answer: Row = cloud.client("ec2", region).get_allowed_images_settings()
        return {key: answer.get(key) for key in ("State", "ImageCriteria", "ManagedBy")}

    allowed("enabled", {"ImageProviders": ["amazon", "aws-marketplace"]})
    assert shown() == {
        "State": "enabled",
        "ImageCriteria": [{"ImageProviders": ["amazon", "aws-marketplace"]}],
        "ManagedBy": "account",
    }
    assert shown("eu-west-1")["State"] == "disabled"
    assert error_of(cloud.client("ec2").enable_allowed_images_settings, AllowedImagesSettingsState="on") == (
        "InvalidParameterValue"
    )
