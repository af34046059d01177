# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An image and the machine it must fit."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import (
    disk_problems,
    image_problems,
    image_warnings,
)

from tests.unit.fakes.rows import NOW, image, machine

WHICH = "Image ami-0123456789abcdef0 (Deep Learning Base)"
ARM = {"architectures": ("arm64",), "boot_modes": ("uefi",)}

# Changes of the image, of the machine -> what stands against them.
PROBLEMS: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "fits": ({}, {}, []),
    "paravirtual": (
        {"virtualization": "paravirtual", "ena": False, "boot_mode": ""},
        {},
        [f"{WHICH} is paravirtual, and g4dn.xlarge starts hvm images only: choose an HVM image."],
    ),
    "paravirtual on a machine that starts both": (
        {"virtualization": "paravirtual", "ena": False, "boot_mode": ""},
        {"virtualization": ("hvm", "paravirtual")},
        [],
    ),
    "arm64 on x86_64": (
        {"architecture": "arm64"},
        {},
        [f"{WHICH} is built for arm64, and g4dn.xlarge is x86_64: choose an image for x86_64."],
    ),
    "x86_64 on arm64": (
        {},
        ARM,
        [f"{WHICH} is built for x86_64, and g4dn.xlarge is arm64: choose an image for arm64."],
    ),
    "i386 on x86_64": (
        {"architecture": "i386"},
        {},
        [f"{WHICH} is built for i386, and g4dn.xlarge is x86_64: choose an image for x86_64."],
    ),
    "prefers UEFI on a machine without it": ({}, {"boot_modes": ("legacy-bios",)}, []),
    "needs UEFI on a machine without it": (
        {"boot_mode": "uefi"},
        {"boot_modes": ("legacy-bios",)},
        [f"{WHICH} boots by uefi, and g4dn.xlarge by legacy-bios: choose another image."],
    ),
    "needs legacy BIOS on a UEFI machine": (
        {"boot_mode": "legacy-bios"},
        {"boot_modes": ("uefi",)},
        [f"{WHICH} boots by legacy-bios, and g4dn.xlarge by uefi: choose another image."],
    ),
    "names no boot mode": ({"boot_mode": ""}, {"boot_modes": ("uefi",)}, []),
    "machine names no boot mode": ({"boot_mode": "uefi"}, {"boot_modes": ()}, []),
    "no ENA": (
        {"ena": False},
        {},
        [f"{WHICH} lacks the ENA network driver that g4dn.xlarge needs: choose a newer image."],
    ),
    "pending": ({"state": "pending"}, {}, [f"{WHICH} is pending: choose an available image."]),
    "disabled": ({"state": "disabled"}, {}, [f"{WHICH} is disabled: choose an available image."]),
    "instance store": (
        {"root_type": "instance-store", "root_device": "", "root_gib": 0},
        {},
        [f"{WHICH} has no EBS disk behind its root device: choose an EBS-backed image."],
    ),
    "root device without a disk": (
        {"root_device": "/dev/xvda", "root_gib": 0},
        {},
        [f"{WHICH} has no EBS disk behind its root device /dev/xvda: choose an EBS-backed image."],
    ),
    "type outside those that the image declares": (
        {"supported_types": ("g5.*", "p5.48xlarge")},
        {},
        [
            f"{WHICH} starts on g5.*, p5.48xlarge only, not on g4dn.xlarge: choose another image or type.",
        ],
    ),
    "type among those that the image declares": ({"supported_types": ("g4*",)}, {}, []),
    "type that the image excludes": (
        {"unsupported_types": ("g4dn.*",)},
        {},
        [f"{WHICH} does not start on g4dn.xlarge, says its owner: choose another image or type."],
    ),
    "open modules on a Turing GPU": ({"modules": "open"}, {}, []),
    "open modules on a machine that no table has": ({"modules": "open"}, {"name": "g99.xlarge"}, []),
    "open modules on a Volta GPU": (
        {"modules": "open"},
        {"name": "p3dn.24xlarge"},
        [
            f"{WHICH} comes with a driver that can't work on p3dn.24xlarge. The open modules drive Turing and newer "
            "GPUs, and the V100 is Volta. Choose a family without a driver, such as ubuntu; what works there: "
            "driver 580 with proprietary modules and CUDA 12.9."
        ],
    ),
    "data-centre driver on a slice of a GPU": (
        {"modules": "open"},
        {"name": "g6f.large"},
        [
            f"{WHICH} comes with a driver that can't work on g6f.large. g6f has a slice of a GPU, which only AWS's "
            "GRID driver drives, not the data-centre one. Choose a family without a driver, such as ubuntu; what works "
            "there: the GRID driver 580 with open modules and CUDA 13.0."
        ],
    ),
    "not allowed": (
        {"allowed": False},
        {},
        [f"{WHICH} is not among the account's allowed images: ask your administrator to allow its owner."],
    ),
}


@pytest.mark.parametrize(("of_image", "of_machine", "problems"), PROBLEMS.values(), ids=PROBLEMS.keys())
def test_problems(of_image: dict[str, Any], of_machine: dict[str, Any], problems: list[str]) -> None:
    assert image_problems(image(**of_image), machine(**of_machine)) == problems


def test_all_problems_are_told_at_once() -> None:
    wrong = image(virtualization="paravirtual", architecture="i386", boot_mode="uefi", state="failed", allowed=False)
    assert len(image_problems(wrong, machine(boot_modes=("legacy-bios",)))) == 5


@pytest.mark.parametrize(
    ("mode", "kept"),
    [
        ("legacy-bios", {"p4d.24xlarge", "g6.xlarge"}),
        ("uefi", {"g5g.xlarge", "g6.xlarge"}),
        ("uefi-preferred", {"p4d.24xlarge", "g5g.xlarge", "g6.xlarge"}),
        ("", {"p4d.24xlarge", "g5g.xlarge", "g6.xlarge"}),
    ],
)
def test_boot_modes_of_the_families(mode: str, kept: set[str]) -> None:
    """P4d boots by legacy BIOS only, G5g by UEFI only, the rest by both."""
    modes = {"p4d.24xlarge": ("legacy-bios",), "g5g.xlarge": ("uefi",), "g6.xlarge": ("legacy-bios", "uefi")}
    found = {
        name: image_problems(image(boot_mode=mode), machine(name=name, boot_modes=kinds))
        for name, kinds in modes.items()
    }
    assert {name for name, problems in found.items() if not problems} == kept


@pytest.mark.parametrize(
    ("of_image", "name", "root_gib", "warnings"),
    [
        ({}, "g4dn.xlarge", 100, []),
        ({"deprecated_at": "2026-11-23T12:00:00.000Z"}, "", 0, ["is deprecated since 2026-11-23"]),
        ({"deprecated_at": "2026-11-23T12:00:01.000Z"}, "", 0, []),
        ({"audited": True}, "", 0, ["is outside the account's allowed images, which are in audit mode"]),
        ({"declared_families": ("g4dn", "p6-b200")}, "g4dn.xlarge", 0, []),
        ({"declared_families": ("g5",)}, "g4dn.xlarge", 0, ["does not name g4dn among the instance families"]),
        ({"declared_families": ("g5",)}, "", 0, []),
        ({"driver": False}, "", 20, ["A root disk of 20 GiB is small for a driver, a toolkit and an environment"]),
        ({"driver": False}, "", 30, []),
        ({"driver": True}, "", 20, []),
    ],
)
def test_warnings(of_image: dict[str, Any], name: str, root_gib: int, warnings: list[str]) -> None:
    found = image_warnings(image(**of_image), machine(name=name) if name else None, NOW, root_gib)
    assert [start in text for text, start in zip(found, warnings, strict=True)] == [True] * len(warnings)


@pytest.mark.parametrize(("root_gib", "count"), [(74, 1), (75, 0), (100, 0)])
def test_a_root_disk_smaller_than_the_image(root_gib: int, count: int) -> None:
    found = disk_problems(image(), root_gib)
    assert len(found) == count
    assert all(text.endswith("set gpu_root_volume_gib to 75 or more, or leave it out.") for text in found)
