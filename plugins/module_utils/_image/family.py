# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The image families a person can ask for by name, and where AWS publishes their ids.

Sources (read 2026-11): Deep Learning images https://docs.aws.amazon.com/dlami/latest/devguide/ ;
Ubuntu https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/ ;
Amazon Linux https://docs.aws.amazon.com/linux/al2023/ug/ec2.html ;
NVIDIA https://aws.amazon.com/marketplace/pp/prodview-7ikjtg3um26wq
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError


@dataclass(frozen=True)
class Source:
    """Where the current image of a family and an operating system is found.

    Parameters:
        user: the login user of the image.
        driver: whether an NVIDIA driver comes with the image.
        parameter: public parameter with the id; `{arch}` stands for the architecture's word in it.
        arch_words: EC2's architecture name to the parameter's word.
        owner: owner of the images, when they are found by name instead.
        name: name pattern, when they are found by name instead.
        terms_url: where terms must be accepted once before a launch.
    """

    user: str
    driver: bool
    parameter: str = ""
    arch_words: tuple[tuple[str, str], ...] = (("x86_64", "x86_64"), ("arm64", "arm64"))
    owner: str = ""
    name: str = ""
    terms_url: str = ""


_DLAMI = "/aws/service/deeplearning/ami/{arch}/base-oss-nvidia-driver-gpu-%s/latest/ami-id"
_CANONICAL = "/aws/service/canonical/ubuntu/server/%s/stable/current/{arch}/hvm/%s/ami-id"
_DEBIAN_WORDS = (("x86_64", "amd64"), ("arm64", "arm64"))
# Marketplace names change from year to year but always end in the product's id.
NVIDIA_PRODUCT = "676eed8d-dcf5-4784-87d7-0de463205c17"

FAMILIES: dict[str, dict[str, Source]] = {
    "deep-learning": {
        "ubuntu-24.04": Source("ubuntu", True, _DLAMI % "ubuntu-24.04"),
        "ubuntu-22.04": Source("ubuntu", True, _DLAMI % "ubuntu-22.04"),
        "amazon-linux-2023": Source("ec2-user", True, _DLAMI % "amazon-linux-2023"),
    },
    "nvidia-marketplace": {
        "ubuntu": Source(
            "ubuntu",
            True,
            owner="aws-marketplace",
            name=f"*{NVIDIA_PRODUCT}*",
            arch_words=(("x86_64", "x86_64"),),
            terms_url="https://aws.amazon.com/marketplace/pp/prodview-7ikjtg3um26wq",
        ),
    },
    "ubuntu": {
        "ubuntu-24.04": Source("ubuntu", False, _CANONICAL % ("24.04", "ebs-gp3"), _DEBIAN_WORDS),
        "ubuntu-22.04": Source("ubuntu", False, _CANONICAL % ("22.04", "ebs-gp2"), _DEBIAN_WORDS),
    },
    "amazon-linux": {
        "amazon-linux-2023": Source(
            "ec2-user", False, "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{arch}"
        ),
    },
}
CUSTOM = "custom"


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
            f"{_nearest(family, FAMILIES)}Use one of {', '.join(FAMILIES)}, or an image id (ami-...).",
            "unknown_image_family",
        )
    systems = FAMILIES[family]
    chosen = system or next(iter(systems))
    if chosen not in systems:
        raise GpuError(
            f"Image family {family} has no operating system {chosen}",
            f"{_nearest(chosen, systems)}Use one of {', '.join(systems)}.",
            "unknown_image_os",
        )
    return chosen, systems[chosen]


def parameter_name(source: Source, architecture: str) -> str:
    """The public parameter of a source for an architecture; empty when there is none."""
    word = dict(source.arch_words).get(architecture)
    return source.parameter.format(arch=word) if source.parameter and word else ""


def _nearest(word: str, words: Iterable[str]) -> str:
    near = get_close_matches(word, list(words), n=1)
    return f"Did you mean {near[0]}? " if near else ""
