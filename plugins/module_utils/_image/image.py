# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An image and whether a machine type can start it. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._driver.resolve import resolve
from ansible_collections.gpgpu.aws.plugins.module_utils._image.family import LINUX
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType

# Room for an operating system (5), a driver (2), a toolkit (8), an environment with its own CUDA libraries (8) and
# the package caches of all of them (7), in GiB. Reckoned from the packages' installed sizes, not measured.
ROOT_LEAST_GIB = 30


@dataclass(frozen=True)
class Image:
    """An EC2 machine image and what comes with it.

    Parameters:
        family: a name of the family table, or `custom`.
        system: operating system of the family; empty for a custom image.
        user: login user.
        driver: whether an NVIDIA driver comes with it (None: unknown).
        root_gib: size of its root disk in GiB.
        boot_mode: the boot mode it asks for; empty when it leaves the choice to the type.
        allowed: whether the account may start it.
        audited: whether it is outside the account's allowed images, which are in audit mode.
        platform: `linux` or `windows`.
        modules: flavour of its driver's kernel modules; empty when unknown or without a driver.
        root_type: `ebs` or `instance-store`.
        imds: `v2.0` when it asks for version 2 of the instance metadata service only.
        supported_types: patterns of the types it may start on; empty for all.
        unsupported_types: patterns of the types it may not start on.
        declared_families: families that its description names as supported, in lower case.
        usage_operation: billing code of its operating system; the price of the machine depends on it.
        product_code: Marketplace code; empty for an image without terms.
        product_id: Marketplace product.
        terms_url: where the product's terms can be read.
        version: framework's version.
    """

    image_id: str
    name: str
    family: str
    system: str
    user: str
    driver: bool | None
    architecture: str
    virtualization: str
    boot_mode: str
    ena: bool
    root_device: str
    root_gib: int
    state: str
    deprecated_at: str
    allowed: bool
    audited: bool = False
    platform: str = LINUX
    modules: str = ""
    root_type: str = "ebs"
    imds: str = ""
    supported_types: tuple[str, ...] = ()
    unsupported_types: tuple[str, ...] = ()
    declared_families: tuple[str, ...] = ()
    usage_operation: str = ""
    product_code: str = ""
    product_id: str = ""
    terms_url: str = ""
    version: str = ""

    def as_result(self) -> dict[str, Any]:
        """The image as plain data for a module's result."""
        return asdict(self)


def image_problems(image: Image, machine: MachineType) -> list[str]:
    """Every reason why a machine type can't start or use an image, each with its fix.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-boot.html (boot modes),
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceTypeSpecification.html (declared types)
    """
    which = f"Image {image.image_id} ({image.name})"
    return [f"{which} {text}" for text in (*_hardware(image, machine), *_types(image, machine), *_standing(image))]


def _hardware(image: Image, machine: MachineType) -> list[str]:
    found = []
    if image.virtualization not in machine.virtualization:
        found.append(
            f"is {image.virtualization}, and {machine.name} starts {' or '.join(machine.virtualization)} "
            "images only: choose an HVM image."
        )
    if image.architecture not in machine.architectures:
        found.append(
            f"is built for {image.architecture}, and {machine.name} is {'/'.join(machine.architectures)}: "
            f"choose an image for {machine.architecture}."
        )
    mode = "" if image.boot_mode == "uefi-preferred" else image.boot_mode
    if mode and machine.boot_modes and mode not in machine.boot_modes:
        found.append(f"boots by {mode}, and {machine.name} by {' or '.join(machine.boot_modes)}: choose another image.")
    if image.virtualization == "hvm" and not image.ena:
        found.append(f"lacks the ENA network driver that {machine.name} needs: choose a newer image.")
    return found


def _types(image: Image, machine: MachineType) -> list[str]:
    """What the image says of instance types, and what its driver can't drive."""
    found = []
    if image.supported_types and not _matches(machine.name, image.supported_types):
        found.append(
            f"starts on {', '.join(image.supported_types)} only, not on {machine.name}: choose another image or type."
        )
    if _matches(machine.name, image.unsupported_types):
        found.append(f"does not start on {machine.name}, says its owner: choose another image or type.")
    if image.modules:
        driver = resolve(family=machine.name.partition(".")[0], module=image.modules, kind="data-center")
        if driver.works:
            found.append(
                f"comes with a driver that can't work on {machine.name}. {' '.join(driver.problems)} "
                f"Choose a family without a driver, such as ubuntu; what works there: {'; or '.join(driver.works)}."
            )
    return found


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _standing(image: Image) -> list[str]:
    found = []
    if image.root_type != "ebs" or (image.root_device and not image.root_gib):
        root = f" {image.root_device}" if image.root_device else ""
        found.append(f"has no EBS disk behind its root device{root}: choose an EBS-backed image.")
    if image.state not in ("", "available"):
        found.append(f"is {image.state}: choose an available image.")
    if not image.allowed:
        found.append("is not among the account's allowed images: ask your administrator to allow its owner.")
    return found


def disk_problems(image: Image, root_gib: int) -> list[str]:
    """Why a root disk of a size can't hold an image; sizes in GiB."""
    if root_gib >= image.root_gib:
        return []
    return [
        f"A root disk of {root_gib} GiB is smaller than the {image.root_gib} GiB of image {image.image_id}: "
        f"set gpu_root_volume_gib to {image.root_gib} or more, or leave it out."
    ]


def image_warnings(image: Image, machine: MachineType | None, now: datetime, root_gib: int = 0) -> list[str]:
    """What does not stand in the way but a person should know, a sentence each.

    Parameters:
        now: the instant to compare the image's deprecation with, in UTC.
        root_gib: size of the root disk in GiB; 0 when it is not decided yet.
    """
    which = f"Image {image.image_id} ({image.name})"
    family = machine.name.partition(".")[0] if machine else ""
    found = []
    if image.deprecated_at and image.deprecated_at[:19] <= now.strftime("%Y-%m-%dT%H:%M:%S"):
        found.append(f"{which} is deprecated since {image.deprecated_at[:10]}: its owner recommends a newer one.")
    if image.audited:
        found.append(f"{which} is outside the account's allowed images, which are in audit mode: it starts for now.")
    if family and image.declared_families and family not in image.declared_families:
        found.append(f"{which} does not name {family} among the instance families that it supports.")
    if root_gib and not image.driver and root_gib < ROOT_LEAST_GIB:
        found.append(
            f"A root disk of {root_gib} GiB is small for a driver, a toolkit and an environment: "
            f"{ROOT_LEAST_GIB} GiB or more is safe."
        )
    return found
