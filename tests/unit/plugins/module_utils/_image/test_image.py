# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An image and the machine it must fit."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import image_from_row, image_problems

from tests.unit.fakes.rows import image, machine

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


def disk(device: str, gib: int) -> dict[str, Any]:
    return {"DeviceName": device, "Ebs": {"VolumeSize": gib}}


ROW = {
    "ImageId": "ami-0123456789abcdef0",
    "Name": "Deep Learning Base",
    "Architecture": "x86_64",
    "VirtualizationType": "hvm",
    "BootMode": "uefi-preferred",
    "EnaSupport": True,
    "RootDeviceName": "/dev/sda1",
    "BlockDeviceMappings": [
        disk("/dev/sdb", 500),
        disk("/dev/sda1", 75),
        {"DeviceName": "/dev/sdc", "VirtualName": "ephemeral0"},
    ],
    "State": "available",
}


def test_a_row_is_read() -> None:
    assert image_from_row(ROW, "deep-learning", "ubuntu-24.04", "ubuntu", True) == image()


@pytest.mark.parametrize(
    ("changes", "name", "value"),
    [
        ({"BlockDeviceMappings": []}, "root_gib", 0),
        ({"BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Ebs": {}}]}, "root_gib", 0),
        ({"ImageAllowed": False}, "allowed", False),
        ({"EnaSupport": False}, "ena", False),
        ({"DeprecationTime": "2027-01-01T00:00:00.000Z"}, "deprecated_at", "2027-01-01T00:00:00.000Z"),
    ],
)
def test_what_a_row_may_say_otherwise(changes: dict[str, Any], name: str, value: object) -> None:
    found = image_from_row({**ROW, **changes}, "custom", "", "admin", None)
    assert getattr(found, name) == value
    assert found.as_result()[name] == value


def test_a_row_without_a_boot_mode_leaves_the_choice_to_the_type() -> None:
    row = {name: value for name, value in ROW.items() if name not in ("BootMode", "EnaSupport")}
    found = image_from_row(row, "custom", "", "admin", None)
    assert (found.boot_mode, found.ena, found.driver) == ("", False, None)
