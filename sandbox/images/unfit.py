# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that some launch must be refused for: of the sandbox's own making, but for the two of Canonical's past."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sandbox.images.image import Image, timestamp
from sandbox.images.linux import CANONICAL

# An account of nobody, as AWS's documentation uses it: what an account-wide allow list of AWS's own images leaves out.
COMMUNITY = "111122223333"


def images() -> Iterator[Image]:
    """Yield images that some or all GPU instance types can't boot."""
    yield from _of_the_past()
    yield from _of_the_community()


def _of_the_past() -> Iterator[Image]:
    rows = (
        ("pv", "paravirtual", "x86_64", "Paravirtual image of 2014, boots on no current instance type"),
        ("i386", "hvm", "i386", "32-bit image, boots on no GPU instance type"),
    )
    for label, virtualization, architecture, description in rows:
        yield Image(
            slug=f"unfit/{label}",
            name=f"ubuntu/images/ebs-ssd/ubuntu-trusty-14.04-{label}-server-20190514",
            description=description,
            owner_id=CANONICAL,
            owner_alias="amazon",
            family="ubuntu",
            login_user="ubuntu",
            architecture=architecture,
            root_device_name="/dev/sda1",
            root_volume_gib=8,
            creation_date=timestamp("20190514"),
            virtualization_type=virtualization,
            boot_mode=None,
            ena_support=False,
        )
    yield Image(
        slug="unfit/deprecated",
        name="ubuntu/images/hvm-ssd/ubuntu-focal-20.04-amd64-server-20240314",
        description="Canonical, Ubuntu, 20.04 LTS, amd64 focal image build on 2024-03-14",
        owner_id=CANONICAL,
        owner_alias="amazon",
        family="ubuntu",
        login_user="ubuntu",
        architecture="x86_64",
        root_device_name="/dev/sda1",
        root_volume_gib=8,
        creation_date=timestamp("20240314"),
        deprecation_time=timestamp("20260314"),
    )


def _of_the_community() -> Iterator[Image]:
    plain = Image(
        slug="unfit/community",
        name="community-gpu-20260901",
        description="Image of a stranger's account",
        owner_id=COMMUNITY,
        owner_alias="",
        family="ubuntu",
        login_user="ubuntu",
        architecture="x86_64",
        root_device_name="/dev/sda1",
        root_volume_gib=8,
        creation_date=timestamp("20260901"),
    )
    yield plain
    yield replace(plain, slug="unfit/uefi", name="community-gpu-uefi-20260901", boot_mode="uefi")
    yield replace(plain, slug="unfit/bios", name="community-gpu-bios-20260901", boot_mode="legacy-bios")
    yield replace(
        plain,
        slug="unfit/arm-bios",
        name="community-gpu-arm-bios-20260901",
        architecture="arm64",
        boot_mode="legacy-bios",
    )
    yield replace(
        plain,
        slug="unfit/types",
        name="community-gpu-types-20260901",
        supported_types=("g5.*", "g6.*"),
        unsupported_types=("*.48xlarge",),
    )
