# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An image and whether a machine type can start it. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType


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

    def as_result(self) -> dict[str, Any]:
        """The image as plain data for a module's result."""
        return asdict(self)


def image_from_row(row: dict[str, Any], family: str, system: str, user: str, driver: bool | None) -> Image:
    """Read one row of DescribeImages.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html
    """
    root = str(row.get("RootDeviceName", ""))
    sizes = [
        int(mapping["Ebs"].get("VolumeSize", 0))
        for mapping in row.get("BlockDeviceMappings", [])
        if mapping.get("DeviceName") == root and "Ebs" in mapping
    ]
    return Image(
        image_id=row["ImageId"],
        name=str(row.get("Name", "")),
        family=family,
        system=system,
        user=user,
        driver=driver,
        architecture=str(row.get("Architecture", "")),
        virtualization=str(row.get("VirtualizationType", "")),
        boot_mode=str(row.get("BootMode", "")),
        ena=bool(row.get("EnaSupport", False)),
        root_device=root,
        root_gib=max(sizes, default=0),
        state=str(row.get("State", "")),
        deprecated_at=str(row.get("DeprecationTime", "")),
        allowed=bool(row.get("ImageAllowed", True)),
    )


def image_problems(image: Image, machine: MachineType) -> list[str]:
    """Every reason why a machine type can't start an image, each with its fix.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-boot.html
    """
    which = f"Image {image.image_id} ({image.name})"
    found = []
    if image.virtualization not in machine.virtualization:
        found.append(
            f"{which} is {image.virtualization}, and {machine.name} starts {' or '.join(machine.virtualization)} "
            "images only: choose an HVM image."
        )
    if image.architecture not in machine.architectures:
        found.append(
            f"{which} is built for {image.architecture}, and {machine.name} is {'/'.join(machine.architectures)}: "
            f"choose an image for {machine.architecture}."
        )
    mode = "" if image.boot_mode == "uefi-preferred" else image.boot_mode
    if mode and machine.boot_modes and mode not in machine.boot_modes:
        found.append(
            f"{which} boots by {mode}, and {machine.name} by {' or '.join(machine.boot_modes)}: choose another image."
        )
    if image.virtualization == "hvm" and not image.ena:
        found.append(f"{which} lacks the ENA network driver that {machine.name} needs: choose a newer image.")
    if image.state not in ("", "available"):
        found.append(f"{which} is {image.state}: choose an available image.")
    if not image.allowed:
        found.append(f"{which} is not among the account's allowed images: ask your administrator to allow its owner.")
    return found
