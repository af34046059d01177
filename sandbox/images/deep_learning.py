# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Deep Learning images: base, base with one CUDA, and those with a framework.

Parameters and names: https://docs.aws.amazon.com/dlami/latest/devguide/ (release notes of each image). Framework
parameters are pinned to a version and disappear; which exist here is what release notes of 2026 show.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sandbox.images.image import Image, boot_mode, timestamp

AMAZON = "898082745236"

# System, title, login user, root device.
SYSTEMS = {
    "ubuntu-22.04": ("Ubuntu 22.04", "ubuntu", "/dev/sda1"),
    "ubuntu-24.04": ("Ubuntu 24.04", "ubuntu", "/dev/sda1"),
    "amazon-linux-2023": ("Amazon Linux 2023", "ec2-user", "/dev/xvda"),
}


class Release(NamedTuple):
    """One image before it is built for a system and an architecture."""

    slug: str
    name: str
    root_volume_gib: int
    day: str


BASE = Release("base-oss-nvidia-driver-gpu", "Base OSS Nvidia Driver GPU AMI", 75, "20261009")
SINGLE_CUDA = Release("base-with-single-cuda", "Base AMI with Single CUDA", 60, "20261007")
FRAMEWORKS = (
    ("pytorch-2.7", "PyTorch 2.7", "20260612", (("ubuntu-22.04", "x86_64"), ("ubuntu-22.04", "arm64"))),
    ("pytorch-2.8", "PyTorch 2.8", "20260702", (("ubuntu-24.04", "x86_64"), ("amazon-linux-2023", "x86_64"))),
    ("pytorch-2.9", "PyTorch 2.9", "20260820", (("ubuntu-24.04", "x86_64"), ("amazon-linux-2023", "x86_64"))),
    ("pytorch-2.10", "PyTorch 2.10", "20260911", (("ubuntu-24.04", "x86_64"), ("amazon-linux-2023", "x86_64"))),
    ("pytorch-2.12", "PyTorch 2.12", "20261002", (("ubuntu-24.04", "arm64"),)),
    ("tensorflow-2.18", "TensorFlow 2.18", "20260528", (("ubuntu-22.04", "x86_64"), ("amazon-linux-2023", "x86_64"))),
)
FRAMEWORK_GIB = 90


def images() -> Iterator[Image]:
    """Yield every Deep Learning image."""
    for system in SYSTEMS:
        for architecture in ("x86_64", "arm64"):
            yield _image(BASE, system, architecture)
        yield _image(SINGLE_CUDA, system, "x86_64")
    for framework, title, day, places in FRAMEWORKS:
        for system, architecture in places:
            slug, name = f"oss-nvidia-driver-gpu-{framework}", f"AMI OSS Nvidia Driver GPU {title}"
            yield _image(Release(slug, name, FRAMEWORK_GIB, day), system, architecture)


def _image(release: Release, system: str, architecture: str) -> Image:
    title, user, root = SYSTEMS[system]
    arm = "ARM64 " if architecture == "arm64" else ""
    return Image(
        slug=f"deeplearning/{architecture}/{release.slug}-{system}",
        name=f"Deep Learning {arm}{release.name} ({title}) {release.day}",
        description="Supported EC2 instances: G4dn, G5, G5g, G6, Gr6, G6e, G7, G7e, P4d, P4de, P5, P5e, P5en, "
        "P6-B200, P6-B300. Release notes: https://docs.aws.amazon.com/dlami/latest/devguide/",
        owner_id=AMAZON,
        owner_alias="amazon",
        family="deep-learning",
        login_user=user,
        architecture=architecture,
        root_device_name=root,
        root_volume_gib=release.root_volume_gib,
        creation_date=timestamp(release.day),
        parameters=(f"/aws/service/deeplearning/ami/{architecture}/{release.slug}-{system}/latest/ami-id",),
        boot_mode=boot_mode(architecture),
        imds_support="v2.0",
    )
