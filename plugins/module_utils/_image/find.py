# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the image a person asked for: by family and operating system, or by id."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2, market
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import image as published
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._image import framework
from ansible_collections.gpgpu.aws.plugins.module_utils._image.family import (
    CUSTOM,
    DEEP_LEARNING_PATH,
    FAMILIES,
    Source,
    is_versioned,
    parameter_name,
    source_of,
    split_version,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import Image
from ansible_collections.gpgpu.aws.plugins.module_utils._image.row import image_from_row, product_source

# Owners whose images all have one login user. https://ubuntu.com/server/docs/cloud-images/amazon-ec2 ,
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/managing-users.html and the sources of family.py.
_USER_OF_OWNER = {
    "099720109477": "ubuntu",
    "137112412989": "ec2-user",
    "136693071363": "admin",
    "309956199498": "ec2-user",
    "792107900819": "rocky",
    "801119661308": "Administrator",
}
# AWS's Deep Learning images have the login user of the system that their name tells.
_DEEP_LEARNING_OWNER = "898082745236"
_USER_OF_SYSTEM = {"(Ubuntu ": "ubuntu", "(Amazon Linux ": "ec2-user"}


def find_image(clients: Clients, image: str, system: str, architecture: str, user: str = "") -> Image:
    """The image to launch.

    Parameters:
        image: a family, a family with a framework's version (deep-learning-pytorch-2.12), or an image id.
        system: operating system of the family; empty for the family's first.
        architecture: EC2's name of the machine's architecture.
        user: login user, needed for a custom image of an unknown owner.

    Raises:
        GpuError: no such family, operating system or image; no image for the architecture; unknown login user.
    """
    if image.startswith("ami-"):
        return _by_id(clients, image, user)
    family, version = split_version(image)
    chosen, source = source_of(family, system)
    if is_versioned(family) and not (version and system):
        version, chosen = _published_version(clients, family, version, system, architecture)
        source = FAMILIES[family][chosen]
    row = _read(clients, source, architecture, version)
    if row is None and is_versioned(family):
        _published_version(clients, family, version, system, architecture)
    if row is None:
        raise _no_image(clients, f"{image} ({chosen})", architecture)
    found = image_from_row(
        row, family, chosen, user or source.user, source.driver, modules=source.modules, version=version
    )
    return _with_setting(clients, found)


def _read(clients: Clients, source: Source, architecture: str, version: str) -> dict[str, Any] | None:
    """The row of a source's current image, by the first way that knows it."""
    if source.parameter:
        name = parameter_name(source, architecture, version)
        return _row(clients, market.get_parameter(clients.ssm, name)) if name else None
    if architecture not in dict(source.arch_words):
        return None
    alias = published.get_alias(clients.ssm, source.product_id) if source.product_id else ""
    return _row(clients, alias) or _by_name(clients, source, architecture)


def _row(clients: Clients, image_id: str) -> dict[str, Any] | None:
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


def _published_version(clients: Clients, family: str, version: str, system: str, architecture: str) -> tuple[str, str]:
    """Version and system of a framework's image.

    Raises:
        GpuError: none is published for what was asked; the error names those that are.
    """
    names = published.list_parameter_names(clients.ssm, DEEP_LEARNING_PATH.format(arch=architecture))
    known = framework.published(names, family, architecture)
    found = framework.choose([one for one in known if version in ("", one[0])], family, system)
    if found is None:
        words = ", ".join(f"{family}-{number} ({name})" for number, name in known)
        raise GpuError(
            f"Image family {family} has no image of version {version or 'any'} for {system or 'any system'} and "
            f"{architecture} in {clients.region}",
            f"Choose one of {words}." if words else "Choose deep-learning, which brings the driver alone.",
            "image_not_found",
        )
    return found


def _no_image(clients: Clients, which: str, architecture: str) -> GpuError:
    return GpuError(
        f"Image family {which} has no image for {architecture} in {clients.region}",
        _hidden(clients) or f"Choose another family ({', '.join(FAMILIES)}), another operating system, or an image id.",
        "image_not_found",
    )


def _hidden(clients: Clients) -> str:
    """The advice where the account's settings hide images; empty where they do not."""
    if published.get_allowed_images_state(clients.ec2) != "enabled":
        return ""
    return "The account shows its allowed images only: ask your administrator to allow the image's owner."


def _with_setting(clients: Clients, image: Image) -> Image:
    """The image, with what the setting means where it is outside the allowed ones: in audit mode it starts."""
    if image.allowed or published.get_allowed_images_state(clients.ec2) != "audit-mode":
        return image
    return replace(image, allowed=True, audited=True)


def _by_id(clients: Clients, image_id: str, user: str) -> Image:
    rows = ec2.describe_images(clients.ec2, ImageIds=[image_id], IncludeDeprecated=True)
    if not rows:
        raise GpuError(
            f"Image {image_id} does not exist in {clients.region}, or you may not use it",
            _hidden(clients) or "Image ids belong to one region: name an image of this region, or an image family.",
            "image_not_found",
        )
    row = rows[0]
    known = user or _user_of(row)
    if not known:
        raise GpuError(
            f"The login user of image {image_id} is not known",
            "Set gpu_image_user (for example ubuntu or ec2-user).",
            "unknown_login_user",
        )
    source = product_source(row)
    return _with_setting(clients, image_from_row(row, CUSTOM, "", known, source.driver if source else None))


def _user_of(row: dict[str, Any]) -> str:
    """The login user of an image whose owner or product is known."""
    source = product_source(row)
    if source:
        return source.user
    owner, name = str(row.get("OwnerId", "")), str(row.get("Name", ""))
    if owner == _DEEP_LEARNING_OWNER:
        return next((user for words, user in _USER_OF_SYSTEM.items() if words in name), "")
    windows = "Administrator" if str(row.get("Platform", "")).lower() == "windows" else ""
    return _USER_OF_OWNER.get(owner, windows)
