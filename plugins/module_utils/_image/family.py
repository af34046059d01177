# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The image families a person can ask for by name, and where their current ids are published.

Sources (read 2026-11-23), by family:
deep-learning, deep-learning-pytorch, deep-learning-tensorflow: https://docs.aws.amazon.com/dlami/latest/devguide/
ubuntu: https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/
amazon-linux: https://docs.aws.amazon.com/linux/al2023/ug/ec2.html
debian: https://wiki.debian.org/Cloud/AmazonEC2Image
rhel: https://access.redhat.com/solutions/15356 (owner and names)
rocky: https://rockylinux.org/download (owner); names as public repositories of 2026 use them
windows: https://docs.aws.amazon.com/ec2/latest/windows-ami-reference/
nvidia-marketplace, nvidia-rtx-windows: the addresses in their rows
Owners are those of the aws partition; China and GovCloud have others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._driver.words import nearest

LINUX = "linux"
WINDOWS = "windows"
_BOTH = (("x86_64", "x86_64"), ("arm64", "arm64"))
_DEBIAN_WORDS = (("x86_64", "amd64"), ("arm64", "arm64"))
_X86 = (("x86_64", "x86_64"),)


@dataclass(frozen=True)
class Source:
    """Where the current image of a family and an operating system is found.

    Parameters:
        user: the login user of the image.
        driver: whether an NVIDIA driver comes with the image.
        parameter: public parameter with the id; `{arch}` stands for the architecture's word in it, `{version}` for
            the framework's version.
        arch_words: EC2's architecture name to the parameter's word; also the architectures that there are.
        owner: owner of the images, when they are found by name.
        name: name pattern, when they are found by name.
        product_id: Marketplace product, whose id ends the names of its images.
        terms_url: where a person can read and accept the product's terms.
        modules: flavour of the driver's kernel modules, where it is known.
        platform: `linux` or `windows`.
    """

    user: str
    driver: bool
    parameter: str = ""
    arch_words: tuple[tuple[str, str], ...] = _BOTH
    owner: str = ""
    name: str = ""
    product_id: str = ""
    terms_url: str = ""
    modules: str = ""
    platform: str = LINUX


DEEP_LEARNING_PATH = "/aws/service/deeplearning/ami/{arch}/"
_DEEP_LEARNING_SYSTEMS = {
    "ubuntu-24.04": "ubuntu",
    "ubuntu-22.04": "ubuntu",
    "ubuntu-26.04": "ubuntu",
    "amazon-linux-2023": "ec2-user",
}
# Red Hat's pay-as-you-go images; those of `Access2` in the name need a subscription of one's own.
_RED_HAT, _RED_HAT_NAME = "309956199498", "RHEL-%s.*_HVM-*-Hourly2-GP3"
_ROCKY, _ROCKY_NAME = "792107900819", "Rocky-%s-EC2-Base-%s.*"
NVIDIA_PRODUCT = "676eed8d-dcf5-4784-87d7-0de463205c17"
RTX_PRODUCT = "prod-77u2eeb33lmrm"


def _deep_learning(slug: str) -> dict[str, Source]:
    path = f"{DEEP_LEARNING_PATH}{slug}-%s/latest/ami-id"
    return {
        system: Source(user, driver=True, parameter=path % system, modules="open")
        for system, user in _DEEP_LEARNING_SYSTEMS.items()
    }


def _ubuntu(release: str, disk: str) -> Source:
    path = f"/aws/service/canonical/ubuntu/server/{release}/stable/current/{{arch}}/hvm/{disk}/ami-id"
    return Source("ubuntu", driver=False, parameter=path, arch_words=_DEBIAN_WORDS)


def _debian(release: str) -> Source:
    path = f"/aws/service/debian/release/{release}/latest/{{arch}}"
    return Source("admin", driver=False, parameter=path, arch_words=_DEBIAN_WORDS)


def _windows(release: str, language: str) -> Source:
    path = f"/aws/service/ami-windows-latest/Windows_Server-{release}-{language}-Full-Base"
    return Source("Administrator", driver=False, parameter=path, arch_words=_X86, platform=WINDOWS)


def _marketplace(user: str, product: str, listing: str, platform: str) -> Source:
    return Source(
        user,
        driver=True,
        arch_words=_X86,
        owner="aws-marketplace",
        name=f"*{product}*",
        product_id=product,
        terms_url=f"https://aws.amazon.com/marketplace/pp/{listing}",
        platform=platform,
    )


# The first system of a family is its default.
FAMILIES: dict[str, dict[str, Source]] = {
    "deep-learning": _deep_learning("base-oss-nvidia-driver-gpu"),
    "deep-learning-pytorch": _deep_learning("oss-nvidia-driver-gpu-pytorch-{version}"),
    "deep-learning-tensorflow": _deep_learning("oss-nvidia-driver-gpu-tensorflow-{version}"),
    "nvidia-marketplace": {"ubuntu": _marketplace("ubuntu", NVIDIA_PRODUCT, "prodview-7ikjtg3um26wq", LINUX)},
    "ubuntu": {
        "ubuntu-24.04": _ubuntu("24.04", "ebs-gp3"),
        "ubuntu-22.04": _ubuntu("22.04", "ebs-gp2"),
        "ubuntu-26.04": _ubuntu("26.04", "ebs-gp3"),
    },
    "amazon-linux": {
        "amazon-linux-2023": Source(
            "ec2-user",
            driver=False,
            parameter="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{arch}",
        ),
    },
    "debian": {"debian-13": _debian("13"), "debian-12": _debian("12")},
    "rhel": {
        f"rhel-{release}": Source("ec2-user", driver=False, owner=_RED_HAT, name=_RED_HAT_NAME % release)
        for release in ("9", "10", "8")
    },
    "rocky": {
        f"rocky-{release}": Source("rocky", driver=False, owner=_ROCKY, name=_ROCKY_NAME % (release, release))
        for release in ("9", "10")
    },
    "windows": {
        f"windows-{release}{suffix}": _windows(release, language)
        for suffix, language in (("", "English"), ("-japanese", "Japanese"))
        for release in ("2022", "2025", "2019")
    },
    "nvidia-rtx-windows": {
        "windows-2022": _marketplace("Administrator", RTX_PRODUCT, "prodview-f4reygwmtxipu", WINDOWS)
    },
}
CUSTOM = "custom"
# Families whose word may end in a version: deep-learning-pytorch-2.12.
_VERSIONED = re.compile(r"(deep-learning-(?:pytorch|tensorflow))(?:-(\d+\.\d+))?")


def split_version(image: str) -> tuple[str, str]:
    """The family and the framework's version in a person's word; no version means the newest."""
    found = _VERSIONED.fullmatch(image)
    return (found[1], found[2] or "") if found else (image, "")


def is_versioned(family: str) -> bool:
    """Whether the images of a family carry a framework's version in their parameters."""
    return bool(_VERSIONED.fullmatch(family))


def source_of(family: str, system: str = "") -> tuple[str, Source]:
    """The source of a family's image.

    Parameters:
        family: a key of FAMILIES.
        system: an operating system of the family; the first one when empty.

    Returns:
        the operating system and its source.

    Raises:
        GpuError: a word that no family or system has, with the nearest one.
    """
    if family not in FAMILIES:
        raise GpuError(
            f"There is no image family {family}",
            f"{nearest(family, FAMILIES)}Use one of {', '.join(FAMILIES)}, or an image id (ami-...).",
            "unknown_image_family",
        )
    systems = FAMILIES[family]
    chosen = system or next(iter(systems))
    if chosen not in systems:
        raise GpuError(
            f"Image family {family} has no operating system {chosen}",
            f"{nearest(chosen, systems)}Use one of {', '.join(systems)}.",
            "unknown_image_os",
        )
    return chosen, systems[chosen]


def source_of_product(product_id: str) -> Source | None:
    """The source with a Marketplace product's id; None for a product that no family has."""
    sources = [source for systems in FAMILIES.values() for source in systems.values()]
    return next((source for source in sources if product_id and source.product_id == product_id), None)


def parameter_name(source: Source, architecture: str, version: str = "") -> str:
    """The public parameter of a source for an architecture; empty when there is none."""
    word = dict(source.arch_words).get(architecture)
    return source.parameter.format(arch=word, version=version) if source.parameter and word else ""
