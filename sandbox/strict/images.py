# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images and instance types: boot mode, the types that an image names, and images past their deprecation.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-boot.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceImageInstanceTypeSpecification.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule

# What EC2 calls a boot mode in its errors. That of UEFI was seen; the other is in its likeness.
WORDS = {"uefi": "UEFI", "legacy-bios": "Legacy BIOS"}

# What DescribeInstances shows of the image: the last two decide the price.
SHOWN = ("boot_mode", "product_codes", "platform_details", "usage_operation")


def describe(call: Ec2Call, proceed: Proceed) -> Any:
    """Leave deprecated images of others out of lists; they are found by id or when asked for."""
    answer = proceed()
    if call.param("ImageIds") or call.param("IncludeDeprecated"):
        return answer
    now = datetime.now(UTC)
    return {**answer, "Images": [image for image in answer["Images"] if not _deprecated(image, now)]}


def _deprecated(image: Any, now: datetime) -> bool:
    when: str | None = getattr(image, "deprecation_time", None)
    return when is not None and datetime.fromisoformat(when) < now


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse an image that the type can't boot or that its owner keeps from the type; machines show what they run."""
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    image, name = call.backend.amis.get(call.param("ImageId")), call.param("InstanceType")
    if image is not None and name in INSTANCE_TYPES:
        _check_boot_mode(image, name, INSTANCE_TYPES[name].get("SupportedBootModes", []))
        _check_types(image, name)
    reservation = proceed()
    for instance in reservation.instances:
        for field in SHOWN:
            setattr(instance, field, getattr(image, field, None))
    return reservation


def _check_boot_mode(image: Any, name: str, modes: list[str]) -> None:
    mode = getattr(image, "boot_mode", None)
    if mode in WORDS and mode not in modes:
        raise AwsError(
            "InvalidParameterValue",
            f"The {name} instance type does not support an AMI with a boot mode of {WORDS[mode]}. "
            f"Only instance types with a boot mode of {WORDS[mode]} are supported.",
        )


def _check_types(image: Any, name: str) -> None:
    row = getattr(image, "image", None)
    supported, unsupported = (row.supported_types, row.unsupported_types) if row else ((), ())
    fits = not supported or any(fnmatchcase(name, pattern) for pattern in supported)
    if fits and not any(fnmatchcase(name, pattern) for pattern in unsupported):
        return
    raise AwsError(
        "InvalidParameterCombination",
        f"The instance type '{name}' is not supported by the AMI '{image.id}'. "
        "Specify an instance type that the AMI's instance type specification allows, and try again.",
    )


RULES: dict[str, Rule] = {"DescribeImages": describe, "RunInstances": run_instances}
