# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A row of DescribeImages is read."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._image.family import NVIDIA_PRODUCT
from ansible_collections.gpgpu.aws.plugins.module_utils._image.row import image_from_row

from tests.unit.fakes.rows import image


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
        ({"Platform": "Windows"}, "platform", "windows"),
        ({"RootDeviceType": "instance-store"}, "root_type", "instance-store"),
        ({"ImdsSupport": "v2.0"}, "imds", "v2.0"),
        ({"UsageOperation": "RunInstances:0010"}, "usage_operation", "RunInstances:0010"),
        ({"InstanceTypeSpecification": {"SupportedInstanceTypes": ["g5.*"]}}, "supported_types", ("g5.*",)),
        ({"InstanceTypeSpecification": {"UnsupportedInstanceTypes": ["g5.*"]}}, "unsupported_types", ("g5.*",)),
        (
            {"Description": "Supported EC2 instances: G4dn, G5, P6-B200. Release notes: https://example.com/a.b"},
            "declared_families",
            ("g4dn", "g5", "p6-b200"),
        ),
        ({"DeprecationTime": "2027-01-01T00:00:00.000Z"}, "deprecated_at", "2027-01-01T00:00:00.000Z"),
    ],
)
def test_what_a_row_may_say_otherwise(changes: dict[str, Any], name: str, value: object) -> None:
    found = image_from_row({**ROW, **changes}, "custom", "", "admin", None)
    assert getattr(found, name) == value
    assert found.as_result()[name] == value


CODE = {"ProductCodes": [{"ProductCodeId": "6fd3yd", "ProductCodeType": "marketplace"}]}


@pytest.mark.parametrize(
    ("changes", "code", "product", "url"),
    [
        ({}, "", "", ""),
        ({"Name": f"Mine-{NVIDIA_PRODUCT}"}, "", "", ""),
        ({"ProductCodes": [{"ProductCodeId": "A", "ProductCodeType": "devpay"}]}, "", "", ""),
        (
            {**CODE, "Name": f"NVIDIA GPU-Optimized AMI 26.09.1 x86_64-{NVIDIA_PRODUCT}"},
            *("6fd3yd", NVIDIA_PRODUCT, "https://aws.amazon.com/marketplace/pp/prodview-7ikjtg3um26wq"),
        ),
        (
            {**CODE, "Name": "vgpu17.2-nv-windows-server-2022-vWS-552.55-v202406060040-prod-77u2eeb33lmrm"},
            *("6fd3yd", "prod-77u2eeb33lmrm", "https://aws.amazon.com/marketplace/pp/prodview-f4reygwmtxipu"),
        ),
        (
            {**CODE, "Name": "Other-prod-abcdefghijklm"},
            *("6fd3yd", "prod-abcdefghijklm", "https://aws.amazon.com/marketplace/pp?sku=6fd3yd"),
        ),
        ({**CODE, "Name": "Other"}, "6fd3yd", "", "https://aws.amazon.com/marketplace/pp?sku=6fd3yd"),
    ],
)
def test_the_product_of_a_row(changes: dict[str, Any], code: str, product: str, url: str) -> None:
    found = image_from_row({**ROW, **changes}, "custom", "", "admin", None)
    assert (found.product_code, found.product_id, found.terms_url) == (code, product, url)


def test_a_row_without_a_boot_mode_leaves_the_choice_to_the_type() -> None:
    row = {name: value for name, value in ROW.items() if name not in ("BootMode", "EnaSupport")}
    found = image_from_row(row, "custom", "", "admin", None)
    assert (found.boot_mode, found.ena, found.driver) == ("", False, None)
