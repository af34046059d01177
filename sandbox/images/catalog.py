# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which images exist, as DescribeImages shows them.

Names, owners and parameters: https://docs.aws.amazon.com/dlami/latest/devguide/ (Deep Learning),
https://documentation.ubuntu.com/aws/ (Canonical), https://docs.aws.amazon.com/linux/al2023/ug/ec2.html
(Amazon Linux), https://aws.amazon.com/marketplace/pp/prodview-7ikjtg3um26wq (NVIDIA). Root devices and sizes
are those of the real images; ids are the sandbox's own, stable per region.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

AMAZON = "898082745236"
AMAZON_LINUX = "137112412989"
CANONICAL = "099720109477"
MARKETPLACE = "679593333241"

NVIDIA_PRODUCT = "676eed8d-dcf5-4784-87d7-0de463205c17"


@dataclass(frozen=True)
class Image:
    """One image, the same in every region but for its id."""

    slug: str
    name: str
    description: str
    owner_id: str
    owner_alias: str
    family: str
    """'deep-learning', 'nvidia-marketplace', 'ubuntu' or 'amazon-linux'."""
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

    def image_id(self, region: str) -> str:
        """Return the id of this image in a region."""
        return f"ami-{_digest(region, self.slug)}"

    def snapshot_id(self, region: str) -> str:
        """Return the id of the snapshot behind its root volume."""
        return f"snap-{_digest(region, self.slug, 'root')}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:17]


def _deep_learning() -> Iterator[Image]:
    systems = (
        ("ubuntu-22.04", "Ubuntu 22.04", "ubuntu", "/dev/sda1", 75, "20261009"),
        ("ubuntu-24.04", "Ubuntu 24.04", "ubuntu", "/dev/sda1", 75, "20261009"),
        ("amazon-linux-2023", "Amazon Linux 2023", "ec2-user", "/dev/xvda", 75, "20261008"),
    )
    for system, title, user, root, size, date in systems:
        for architecture in ("x86_64", "arm64"):
            arm = "ARM64 " if architecture == "arm64" else ""
            slug = f"base-oss-nvidia-driver-gpu-{system}"
            yield Image(
                slug=f"deeplearning/{architecture}/{slug}",
                name=f"Deep Learning {arm}Base OSS Nvidia Driver GPU AMI ({title}) {date}",
                description="Supported EC2 instances: G4dn, G5, G5g, G6, Gr6, G6e, G7, G7e, P4d, P4de, P5, P5e, P5en, "
                "P6-B200, P6-B300. Release notes: https://docs.aws.amazon.com/dlami/latest/devguide/",
                owner_id=AMAZON,
                owner_alias="amazon",
                family="deep-learning",
                login_user=user,
                architecture=architecture,
                root_device_name=root,
                root_volume_gib=size,
                creation_date=_timestamp(date),
                parameters=(f"/aws/service/deeplearning/ami/{architecture}/{slug}/latest/ami-id",),
                boot_mode="uefi" if architecture == "arm64" else "uefi-preferred",
                imds_support="v2.0",
            )


def _ubuntu() -> Iterator[Image]:
    for release, codename, disk in (("22.04", "jammy", "ebs-gp2"), ("24.04", "noble", "ebs-gp3")):
        for architecture, label in (("x86_64", "amd64"), ("arm64", "arm64")):
            storage = "hvm-ssd-gp3" if disk == "ebs-gp3" else "hvm-ssd"
            base = f"/aws/service/canonical/ubuntu/server/{release}/stable/current/{label}/hvm/{disk}/ami-id"
            yield Image(
                slug=f"ubuntu/{release}/{label}",
                name=f"ubuntu/images/{storage}/ubuntu-{codename}-{release}-{label}-server-20261015",
                description=f"Canonical, Ubuntu, {release} LTS, {label} {codename} image build on 2026-10-15",
                owner_id=CANONICAL,
                owner_alias="amazon",
                family="ubuntu",
                login_user="ubuntu",
                architecture=architecture,
                root_device_name="/dev/sda1",
                root_volume_gib=8,
                creation_date=_timestamp("20261015"),
                parameters=(base,),
                boot_mode="uefi" if architecture == "arm64" else "uefi-preferred",
            )


def _amazon_linux() -> Iterator[Image]:
    for architecture in ("x86_64", "arm64"):
        prefix = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel"
        yield Image(
            slug=f"amazon-linux/2023/{architecture}",
            name=f"al2023-ami-2023.9.20261020.0-kernel-6.18-{architecture}",
            description=f"Amazon Linux 2023 AMI 2023.9.20261020.0 {architecture} HVM kernel-6.18",
            owner_id=AMAZON_LINUX,
            owner_alias="amazon",
            family="amazon-linux",
            login_user="ec2-user",
            architecture=architecture,
            root_device_name="/dev/xvda",
            root_volume_gib=8,
            creation_date=_timestamp("20261020"),
            parameters=(f"{prefix}-default-{architecture}", f"{prefix}-6.18-{architecture}"),
            boot_mode="uefi" if architecture == "arm64" else "uefi-preferred",
            imds_support="v2.0",
        )


def _marketplace() -> Iterator[Image]:
    yield Image(
        slug=f"marketplace/{NVIDIA_PRODUCT}",
        name=f"NVIDIA GPU-Optimized AMI 26.09.1 x86_64-{NVIDIA_PRODUCT}",
        description="NVIDIA GPU-Optimized AMI 26.09.1 (Ubuntu 24.04)",
        owner_id=MARKETPLACE,
        owner_alias="aws-marketplace",
        family="nvidia-marketplace",
        login_user="ubuntu",
        architecture="x86_64",
        root_device_name="/dev/sda1",
        root_volume_gib=128,
        creation_date=_timestamp("20260928"),
        parameters=(f"/aws/service/marketplace/{NVIDIA_PRODUCT}/latest",),
        product_code="sandboxnvidiagpuoptimized",
    )


def _unfit() -> Iterator[Image]:
    """Images that no GPU instance type of today can boot: for tests of bad input."""
    unfit = (
        ("pv", "paravirtual", "x86_64", "/dev/sda1", "Paravirtual image of 2014, boots on no current instance type"),
        ("i386", "hvm", "i386", "/dev/sda1", "32-bit image, boots on no GPU instance type"),
    )
    for label, virtualization, architecture, root, description in unfit:
        yield Image(
            slug=f"unfit/{label}",
            name=f"ubuntu/images/ebs-ssd/ubuntu-trusty-14.04-{label}-server-20190514",
            description=description,
            owner_id=CANONICAL,
            owner_alias="amazon",
            family="ubuntu",
            login_user="ubuntu",
            architecture=architecture,
            root_device_name=root,
            root_volume_gib=8,
            creation_date=_timestamp("20190514"),
            virtualization_type=virtualization,
            boot_mode=None,
            ena_support=False,
        )


def _timestamp(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T08:00:00.000Z"


IMAGES = (*_deep_learning(), *_ubuntu(), *_amazon_linux(), *_marketplace(), *_unfit())


def by_id(region: str) -> dict[str, Image]:
    """Return the images of a region by their id."""
    return {image.image_id(region): image for image in IMAGES}
