# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an image is, as DescribeImages shows it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Image:
    """One image, the same in every region but for its id."""

    slug: str
    name: str
    description: str
    owner_id: str
    owner_alias: str
    """'amazon', 'aws-marketplace', or empty for an account that AWS has no word for."""
    family: str
    """'deep-learning', 'nvidia-marketplace', 'windows' or the name of a Linux distribution."""
    login_user: str
    architecture: str
    root_device_name: str
    root_volume_gib: int
    creation_date: str
    parameters: tuple[str, ...] = ()
    """SSM public parameters whose value is this image's id."""
    virtualization_type: str = "hvm"
    boot_mode: str | None = "uefi-preferred"
    ena_support: bool = True
    imds_support: str | None = None
    product_code: str | None = None
    platform_details: str = "Linux/UNIX"
    usage_operation: str = "RunInstances"
    deprecation_time: str | None = None
    supported_types: tuple[str, ...] = ()
    """Instance types that may launch it, with ``*``; empty: all."""
    unsupported_types: tuple[str, ...] = ()

    @property
    def platform(self) -> str | None:
        """'windows' for Windows, else nothing."""
        return "windows" if self.platform_details == "Windows" else None

    def image_id(self, region: str) -> str:
        """Return the id of this image in a region."""
        return f"ami-{_digest(region, self.slug)}"

    def snapshot_id(self, region: str) -> str:
        """Return the id of the snapshot behind its root volume."""
        return f"snap-{_digest(region, self.slug, 'root')}"


def boot_mode(architecture: str) -> str:
    """Return the boot mode of today's Linux images."""
    return "uefi" if architecture == "arm64" else "uefi-preferred"


def timestamp(day: str) -> str:
    """Return a day of the form 20261009 as EC2 writes a creation date."""
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T08:00:00.000Z"


def _digest(*parts: str) -> str:
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:17]
