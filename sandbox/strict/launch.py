# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RunInstances: what AWS refuses before it makes anything, each with AWS's code and words."""

from __future__ import annotations

import base64
import binascii
from functools import cache
from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule
from sandbox.strict.tags import check_specifications

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html: 16 KB, in raw form
USER_DATA_BYTES = 16384

TAGGABLE = ("instance", "volume", "network-interface", "spot-instances-request", "elastic-gpu")


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Check the request, then launch."""
    _check_count(call)
    _check_image_given(call)
    check_specifications(call.param("TagSpecifications", []), TAGGABLE)
    _check_user_data(call)
    _check_key(call)
    _check_type(call)
    _check_fit(call)
    return proceed()


def _check_count(call: Ec2Call) -> None:
    least, most = int(call.param("MinCount", 1)), int(call.param("MaxCount", 1))
    if not 1 <= least <= most:
        raise AwsError(
            "InvalidParameterValue",
            f"Value ({least}) for parameter minCount is invalid. Must be 1 to maxCount ({most}).",
        )


def _check_image_given(call: Ec2Call) -> None:
    image_id = call.param("ImageId")
    if image_id is None and not call.param("LaunchTemplate"):
        raise AwsError("MissingParameter", "The request must contain the parameter ImageId")
    if image_id is not None and not image_id.startswith("ami-"):
        raise AwsError("InvalidAMIID.Malformed", f'Invalid id: "{image_id}" (expecting "ami-...")')
    if image_id is not None and image_id not in call.backend.amis:
        raise AwsError("InvalidAMIID.NotFound", f"The image id '[{image_id}]' does not exist")


def _check_user_data(call: Ec2Call) -> None:
    text = call.param("UserData")
    if text is None:
        return
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise AwsError("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.") from error
    if len(raw) > USER_DATA_BYTES:
        raise AwsError("InvalidParameterValue", f"User data is limited to {USER_DATA_BYTES} bytes")


def _check_key(call: Ec2Call) -> None:
    name = call.param("KeyName")
    if name is not None and name not in call.backend.key_pairs:
        raise AwsError("InvalidKeyPair.NotFound", f"The key pair '{name}' does not exist")


def _check_type(call: Ec2Call) -> None:
    from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS

    name = call.param("InstanceType")
    if name is None:
        return
    offered = {row["InstanceType"] for row in INSTANCE_TYPE_OFFERINGS["region"].get(call.region, [])}
    if name in offered:
        return
    if name not in _known_types():
        raise AwsError("InvalidParameterValue", f"Invalid value '{name}' for InstanceType.")
    raise AwsError(
        "Unsupported",
        "The requested configuration is currently not supported. "
        "Please check the documentation for supported configurations.",
    )


@cache
def _known_types() -> frozenset[str]:
    """Return every type that the API accepts as a word, retired ones included."""
    from moto.core.utils import get_service_model

    return frozenset(get_service_model("ec2").shape_for("InstanceType").enum)


def _check_fit(call: Ec2Call) -> None:
    """Refuse an image that the instance type can't boot."""
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    image = call.backend.amis.get(call.param("ImageId"))
    name = call.param("InstanceType")
    if image is None or name is None:
        return
    details = INSTANCE_TYPES[name]
    architectures = details["ProcessorInfo"]["SupportedArchitectures"]
    if image.virtualization_type and image.virtualization_type not in details["SupportedVirtualizationTypes"]:
        raise AwsError(
            "InvalidParameterCombination", f"Virtualization type 'hvm' is required for instances of type '{name}'."
        )
    if image.architecture and image.architecture not in architectures:
        raise AwsError(
            "InvalidParameterValue",
            f"The architecture '{','.join(architectures)}' of the specified instance type does not match the "
            f"architecture '{image.architecture}' of the specified AMI. Specify an instance type and an AMI that have "
            "matching architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to "
            "discover the architecture of the instance type or AMI.",
        )
    if details["NetworkInfo"]["EnaSupport"] == "required" and not getattr(image, "ena_support", True):
        raise AwsError(
            "InvalidParameterCombination",
            f"Enhanced networking with the Elastic Network Adapter (ENA) is required for the '{name}' instance type. "
            "Ensure that you are using an AMI that is enabled for ENA.",
        )


RULES: dict[str, Rule] = {"RunInstances": run_instances}
