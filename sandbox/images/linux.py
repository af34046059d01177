# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images of Linux distributions, without an NVIDIA driver.

Ubuntu: https://documentation.ubuntu.com/aws/ ; Amazon Linux: https://docs.aws.amazon.com/linux/al2023/ug/ec2.html ;
Debian: https://wiki.debian.org/Cloud/AmazonEC2Image ; Red Hat: owner 309956199498,
https://access.redhat.com/solutions/15356 ; Rocky: owner 792107900819, https://rockylinux.org/download
(Red Hat and Rocky publish no SSM parameters; they are found by owner and name).
"""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.images.image import Image, boot_mode, timestamp

AMAZON_LINUX = "137112412989"
CANONICAL = "099720109477"
DEBIAN = "136693071363"
RED_HAT = "309956199498"
ROCKY = "792107900819"

LABELS = {"x86_64": "amd64", "arm64": "arm64"}


def images() -> Iterator[Image]:
    """Yield every distribution's images for both architectures."""
    for architecture in LABELS:
        for release, codename, disk in (
            ("22.04", "jammy", "ebs-gp2"),
            ("24.04", "noble", "ebs-gp3"),
            ("26.04", "resolute", "ebs-gp3"),
        ):
            yield _ubuntu(release, codename, disk, architecture)
        yield _amazon_linux(architecture)
        for number, codename in (("12", "bookworm"), ("13", "trixie")):
            yield _debian(number, codename, architecture)
        for number in ("9.6.0", "10.0.0"):
            yield _red_hat(number, architecture)
        yield _rocky(architecture)


def _ubuntu(release: str, codename: str, disk: str, architecture: str) -> Image:
    label = LABELS[architecture]
    storage = "hvm-ssd-gp3" if disk == "ebs-gp3" else "hvm-ssd"
    return Image(
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
        creation_date=timestamp("20261015"),
        parameters=(f"/aws/service/canonical/ubuntu/server/{release}/stable/current/{label}/hvm/{disk}/ami-id",),
        boot_mode=boot_mode(architecture),
    )


def _amazon_linux(architecture: str) -> Image:
    prefix = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel"
    return Image(
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
        creation_date=timestamp("20261020"),
        parameters=(f"{prefix}-default-{architecture}", f"{prefix}-6.18-{architecture}"),
        boot_mode=boot_mode(architecture),
        imds_support="v2.0",
    )


def _debian(number: str, codename: str, architecture: str) -> Image:
    label = LABELS[architecture]
    prefix = "/aws/service/debian/release"
    return Image(
        slug=f"debian/{number}/{label}",
        name=f"debian-{number}-{label}-20261006-2258",
        description=f"Debian {number} (20261006-2258)",
        owner_id=DEBIAN,
        owner_alias="amazon",
        family="debian",
        login_user="admin",
        architecture=architecture,
        root_device_name="/dev/xvda",
        root_volume_gib=8,
        creation_date=timestamp("20261006"),
        parameters=(f"{prefix}/{number}/latest/{label}", f"{prefix}/{codename}/latest/{label}"),
        boot_mode=boot_mode(architecture),
    )


def _red_hat(number: str, architecture: str) -> Image:
    return Image(
        slug=f"rhel/{number}/{architecture}",
        name=f"RHEL-{number}_HVM-20260910-{architecture}-0-Hourly2-GP3",
        description="Provided by Red Hat, Inc.",
        owner_id=RED_HAT,
        owner_alias="amazon",
        family="rhel",
        login_user="ec2-user",
        architecture=architecture,
        root_device_name="/dev/sda1",
        root_volume_gib=10,
        creation_date=timestamp("20260910"),
        boot_mode=boot_mode(architecture),
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html
        platform_details="Red Hat Enterprise Linux",
        usage_operation="RunInstances:0010",
    )


def _rocky(architecture: str) -> Image:
    label = {"x86_64": "x86_64", "arm64": "aarch64"}[architecture]
    return Image(
        slug=f"rocky/9/{label}",
        name=f"Rocky-9-EC2-Base-9.6-20260831.0.{label}",
        description=f"Rocky-9-EC2-Base-9.6-20260831.0.{label}",
        owner_id=ROCKY,
        owner_alias="",
        family="rocky",
        login_user="rocky",
        architecture=architecture,
        root_device_name="/dev/sda1",
        root_volume_gib=10,
        creation_date=timestamp("20260831"),
        boot_mode=boot_mode(architecture),
    )
