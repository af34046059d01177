# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Allowed AMIs: which strangers' images the account may see and launch, per region.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-allowed-amis.html. Which error a launch of an image that isn't
allowed meets is not documented; such an image is "not discoverable", so the sandbox says that it doesn't exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from sandbox.answers import AwsError
from sandbox.images.image import Image
from sandbox.strict.rule import Ec2Call, Proceed, Rule

STATES = ("enabled", "audit-mode")
MOST_CRITERIA = 10

Criterion = dict[str, Any]


@dataclass
class Settings:
    """The settings of one region."""

    state: str = "disabled"
    criteria: list[Criterion] = field(default_factory=list)


_settings: dict[str, Settings] = {}


def settings(region: str) -> Settings:
    """Return a region's settings, which may be changed."""
    return _settings.setdefault(region, Settings())


def admits(region: str, image: Image) -> bool:
    """Tell whether the criteria admit an image, in force or only under audit; disabled admits all."""
    found = settings(region)
    return found.state == "disabled" or any(_fits(image, criterion) for criterion in found.criteria)


def hidden(region: str, image: Any) -> bool:
    """Tell whether an image can be neither seen nor launched."""
    return settings(region).state == "enabled" and not getattr(image, "image_allowed", True)


def _age_days(when: str | None) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(when)).total_seconds() / 86400 if when else -1.0


_CONDITIONS: dict[str, Callable[[Image, Any], bool]] = {
    "ImageProviders": lambda image, wanted: image.owner_id in wanted or image.owner_alias in wanted,
    "MarketplaceProductCodes": lambda image, wanted: image.product_code in wanted,
    "ImageNames": lambda image, wanted: any(fnmatchcase(image.name, pattern) for pattern in wanted),
    "DeprecationTimeCondition": lambda image, wanted: (
        _age_days(image.deprecation_time) <= int(wanted["MaximumDaysSinceDeprecated"])
    ),
    "CreationDateCondition": lambda image, wanted: (
        _age_days(image.creation_date) <= int(wanted["MaximumDaysSinceCreated"])
    ),
}


def _fits(image: Image, criterion: Criterion) -> bool:
    return all(_CONDITIONS[name](image, wanted) for name, wanted in criterion.items())


def enable(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer EnableAllowedImagesSettings."""
    state = call.param("AllowedImagesSettingsState")
    if state not in STATES:
        raise AwsError("InvalidParameterValue", f"Invalid value '{state}' for AllowedImagesSettingsState.")
    call.stop_if_dry_run()
    settings(call.region).state = state
    return {"AllowedImagesSettingsState": state}


def disable(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer DisableAllowedImagesSettings."""
    call.stop_if_dry_run()
    settings(call.region).state = "disabled"
    return {"AllowedImagesSettingsState": "disabled"}


def show(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer GetAllowedImagesSettings."""
    call.stop_if_dry_run()
    found = settings(call.region)
    return {"State": found.state, "ImageCriteria": found.criteria, "ManagedBy": "account"}


def replace(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer ReplaceImageCriteriaInAllowedImagesSettings."""
    criteria = call.param("ImageCriteria", [])
    unknown = {name for criterion in criteria for name in criterion if name not in _CONDITIONS}
    if unknown or len(criteria) > MOST_CRITERIA:
        raise AwsError("InvalidParameterValue", f"Invalid image criteria {', '.join(sorted(unknown))}".strip())
    call.stop_if_dry_run()
    settings(call.region).criteria = criteria
    return {"ReturnValue": True}


def describe(call: Ec2Call, proceed: Proceed) -> Any:
    """List images without those that the settings hide; say that an asked one doesn't exist."""
    answer = proceed()
    shown = [image for image in answer["Images"] if not hidden(call.region, image)]
    if call.param("ImageIds") and not shown and answer["Images"]:
        raise AwsError("InvalidAMIID.NotFound", f"The image id '[{call.param('ImageIds')[0]}]' does not exist")
    return {**answer, "Images": shown}


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse an image that the settings hide."""
    image = call.backend.amis.get(call.param("ImageId"))
    if image is not None and hidden(call.region, image):
        raise AwsError("InvalidAMIID.NotFound", f"The image id '[{image.id}]' does not exist")
    return proceed()


RULES: dict[str, Rule] = {
    "EnableAllowedImagesSettings": enable,
    "DisableAllowedImagesSettings": disable,
    "GetAllowedImagesSettings": show,
    "ReplaceImageCriteriaInAllowedImagesSettings": replace,
    "DescribeImages": describe,
    "RunInstances": run_instances,
}
