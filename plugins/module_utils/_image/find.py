# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the image a person asked for: by family and operating system, or by id."""

from __future__ import annotations

from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2, market
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._image.family import (
    CUSTOM,
    FAMILIES,
    Source,
    parameter_name,
    source_of,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import Image, image_from_row

# Owners whose images have a known login user. https://ubuntu.com/server/docs/cloud-images/amazon-ec2 ,
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/managing-users.html
_USER_OF_OWNER = {"099720109477": "ubuntu", "137112412989": "ec2-user", "136693071363": "admin"}


def find_image(clients: Clients, image: str, system: str, architecture: str, user: str = "") -> Image:
    """The image to launch.

    Parameters:
        image: a family, or an image id.
        system: operating system of the family; empty for the family's first.
        architecture: EC2's name of the machine's architecture.
        user: login user, needed for a custom image of an unknown owner.

    Raises:
        GpuError: no such family, operating system or image; no image for the architecture; unknown login user.
    """
    if image.startswith("ami-"):
        return _by_id(clients, image, user)
    chosen, source = source_of(image, system)
    row = _by_parameter(clients, source, architecture) if source.parameter else _by_name(clients, source, architecture)
    if row is None:
        raise GpuError(
            f"Image family {image} ({chosen}) has no image for {architecture} in {clients.region}",
            f"Choose another family ({', '.join(FAMILIES)}), another operating system, or an image id.",
            "image_not_found",
        )
    return image_from_row(row, image, chosen, user or source.user, source.driver)


def _by_parameter(clients: Clients, source: Source, architecture: str) -> dict[str, Any] | None:
    name = parameter_name(source, architecture)
    image_id = market.get_parameter(clients.ssm, name) if name else ""
    rows = ec2.describe_images(clients.ec2, ImageIds=[image_id]) if image_id else []
    return rows[0] if rows else None


def _by_name(clients: Clients, source: Source, architecture: str) -> dict[str, Any] | None:
    filters = {"name": source.name, "architecture": architecture, "state": "available", "virtualization-type": "hvm"}
    rows = ec2.describe_images(
        clients.ec2,
        Owners=[source.owner],
        Filters=[{"Name": key, "Values": [value]} for key, value in filters.items()],
    )
    return max(rows, key=lambda row: str(row.get("CreationDate", "")), default=None)


def _by_id(clients: Clients, image_id: str, user: str) -> Image:
    rows = ec2.describe_images(clients.ec2, ImageIds=[image_id], IncludeDeprecated=True)
    if not rows:
        raise GpuError(
            f"Image {image_id} does not exist in {clients.region}, or you may not use it",
            "Image ids belong to one region: name an image of this region, or an image family.",
            "image_not_found",
        )
    known = user or _USER_OF_OWNER.get(str(rows[0].get("OwnerId")), "")
    if not known:
        raise GpuError(
            f"The login user of image {image_id} is not known",
            "Set gpu_image_user (for example ubuntu or ec2-user).",
            "unknown_login_user",
        )
    return image_from_row(rows[0], CUSTOM, "", known, None)
