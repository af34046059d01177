# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of image families, and the words that are not in it."""

from __future__ import annotations

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._image.family import (
    FAMILIES,
    NVIDIA_PRODUCT,
    RTX_PRODUCT,
    parameter_name,
    source_of,
    source_of_product,
    split_version,
)

DLAMI = "/aws/service/deeplearning/ami"
UBUNTU = "/aws/service/canonical/ubuntu/server"
WINDOWS = "/aws/service/ami-windows-latest/Windows_Server"
ALL = (
    "deep-learning, deep-learning-pytorch, deep-learning-tensorflow, nvidia-marketplace, ubuntu, amazon-linux, "
    "debian, rhel, rocky, windows, nvidia-rtx-windows"
)

# Family, asked system, architecture -> system, login user, driver, parameter.
PARAMETERS = [
    (
        *("deep-learning", "", "x86_64"),
        *("ubuntu-24.04", "ubuntu", True),
        f"{DLAMI}/x86_64/base-oss-nvidia-driver-gpu-ubuntu-24.04/latest/ami-id",
    ),
    (
        *("deep-learning", "ubuntu-22.04", "arm64"),
        *("ubuntu-22.04", "ubuntu", True),
        f"{DLAMI}/arm64/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id",
    ),
    (
        *("deep-learning", "amazon-linux-2023", "x86_64"),
        *("amazon-linux-2023", "ec2-user", True),
        f"{DLAMI}/x86_64/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id",
    ),
    (
        *("ubuntu", "", "x86_64"),
        *("ubuntu-24.04", "ubuntu", False),
        f"{UBUNTU}/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
    ),
    (
        *("ubuntu", "ubuntu-22.04", "arm64"),
        *("ubuntu-22.04", "ubuntu", False),
        f"{UBUNTU}/22.04/stable/current/arm64/hvm/ebs-gp2/ami-id",
    ),
    (
        *("amazon-linux", "", "arm64"),
        *("amazon-linux-2023", "ec2-user", False),
        "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
    ),
    (
        *("deep-learning", "ubuntu-26.04", "arm64"),
        *("ubuntu-26.04", "ubuntu", True),
        f"{DLAMI}/arm64/base-oss-nvidia-driver-gpu-ubuntu-26.04/latest/ami-id",
    ),
    (
        *("ubuntu", "ubuntu-26.04", "x86_64"),
        *("ubuntu-26.04", "ubuntu", False),
        f"{UBUNTU}/26.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
    ),
    ("debian", "", "x86_64", "debian-13", "admin", False, "/aws/service/debian/release/13/latest/amd64"),
    ("debian", "debian-12", "arm64", "debian-12", "admin", False, "/aws/service/debian/release/12/latest/arm64"),
    ("windows", "", "x86_64", "windows-2022", "Administrator", False, f"{WINDOWS}-2022-English-Full-Base"),
    (
        *("windows", "windows-2025-japanese", "x86_64"),
        *("windows-2025-japanese", "Administrator", False),
        f"{WINDOWS}-2025-Japanese-Full-Base",
    ),
    # Found by name instead.
    ("nvidia-marketplace", "", "x86_64", "ubuntu", "ubuntu", True, ""),
    ("nvidia-rtx-windows", "", "x86_64", "windows-2022", "Administrator", True, ""),
    ("rhel", "", "x86_64", "rhel-9", "ec2-user", False, ""),
    ("rocky", "rocky-10", "arm64", "rocky-10", "rocky", False, ""),
    # There is none.
    ("ubuntu", "", "i386", "ubuntu-24.04", "ubuntu", False, ""),
]


@pytest.mark.parametrize(("family", "asked", "architecture", "system", "user", "driver", "parameter"), PARAMETERS)
def test_source(
    family: str, asked: str, architecture: str, system: str, user: str, driver: bool, parameter: str
) -> None:
    chosen, source = source_of(family, asked)
    assert (chosen, source.user, source.driver) == (system, user, driver)
    assert parameter_name(source, architecture) == parameter


@pytest.mark.parametrize(
    ("family", "system", "code", "text"),
    [
        (
            *("deep-learing", "", "unknown_image_family"),
            "There is no image family deep-learing. Did you mean deep-learning? "
            f"Use one of {ALL}, or an image id (ami-...).",
        ),
        (
            *("beos", "", "unknown_image_family"),
            f"There is no image family beos. Use one of {ALL}, or an image id (ami-...).",
        ),
        (
            *("ubuntu", "ubuntu-24.10", "unknown_image_os"),
            "Image family ubuntu has no operating system ubuntu-24.10. Did you mean ubuntu-24.04? "
            "Use one of ubuntu-24.04, ubuntu-22.04, ubuntu-26.04.",
        ),
        (
            *("amazon-linux", "ubuntu-24.04", "unknown_image_os"),
            "Image family amazon-linux has no operating system ubuntu-24.04. Use one of amazon-linux-2023.",
        ),
    ],
)
def test_unknown_words_name_the_nearest_and_the_rest(family: str, system: str, code: str, text: str) -> None:
    with pytest.raises(GpuError) as refused:
        source_of(family, system)
    assert (refused.value.code, str(refused.value)) == (code, text)


def test_every_source_is_found_by_a_parameter_or_by_owner_and_name() -> None:
    for systems in FAMILIES.values():
        for source in systems.values():
            assert bool(source.parameter) != bool(source.owner and source.name)
            assert "%" not in source.parameter + source.name
            assert bool(source.terms_url) == bool(source.product_id)


def test_windows_is_told_by_its_platform() -> None:
    platforms = {(family, source.platform) for family, systems in FAMILIES.items() for source in systems.values()}
    assert {family for family, platform in platforms if platform == "windows"} == {"windows", "nvidia-rtx-windows"}


@pytest.mark.parametrize(
    ("image", "family", "version"),
    [
        ("deep-learning", "deep-learning", ""),
        ("deep-learning-pytorch", "deep-learning-pytorch", ""),
        ("deep-learning-pytorch-2.12", "deep-learning-pytorch", "2.12"),
        ("deep-learning-tensorflow-2.18", "deep-learning-tensorflow", "2.18"),
        ("deep-learning-pytorch-two", "deep-learning-pytorch-two", ""),
        ("ubuntu-24.04", "ubuntu-24.04", ""),
    ],
)
def test_a_family_word_may_end_in_a_version(image: str, family: str, version: str) -> None:
    assert split_version(image) == (family, version)


@pytest.mark.parametrize(
    ("product", "user"),
    [(NVIDIA_PRODUCT, "ubuntu"), (RTX_PRODUCT, "Administrator"), ("prod-unknown", None), ("", None)],
)
def test_source_of_product(product: str, user: str | None) -> None:
    source = source_of_product(product)
    assert (source.user if source else None) == user
