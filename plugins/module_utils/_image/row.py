# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a row of DescribeImages. Pure."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._image.family import LINUX, Source, source_of_product
from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import Image

# What stands at the end of the name of a Marketplace image.
_PRODUCT = re.compile(r"-(prod-\w+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$")
# The words by which AWS's Deep Learning images tell their instance families.
_DECLARED = re.compile(r"Supported EC2 instances: ([^.]+)")
# Fields that are the texts of a row as they stand.
_TEXTS = {
    "name": "Name",
    "architecture": "Architecture",
    "virtualization": "VirtualizationType",
    "boot_mode": "BootMode",
    "state": "State",
    "deprecated_at": "DeprecationTime",
    "imds": "ImdsSupport",
    "usage_operation": "UsageOperation",
}


def image_from_row(
    row: dict[str, Any],
    family: str,
    system: str,
    user: str,
    driver: bool | None,
    *,
    modules: str = "",
    version: str = "",
) -> Image:
    """Read one row of DescribeImages.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html
    """
    root = str(row.get("RootDeviceName", ""))
    return Image(
        image_id=row["ImageId"],
        family=family,
        system=system,
        user=user,
        driver=driver,
        modules=modules,
        version=version,
        ena=bool(row.get("EnaSupport", False)),
        root_device=root,
        root_gib=_size_of(row, root),
        allowed=bool(row.get("ImageAllowed", True)),
        platform=str(row.get("Platform", LINUX)).lower(),
        root_type=str(row.get("RootDeviceType", "ebs")),
        **_texts(row),
        **_types(row),
        **_product(row),
    )


def product_source(row: dict[str, Any]) -> Source | None:
    """The source of a Marketplace image's product, when a family has it."""
    return source_of_product(_product(row)["product_id"])


def _texts(row: dict[str, Any]) -> dict[str, Any]:
    return {field: str(row.get(name, "")) for field, name in _TEXTS.items()}


def _types(row: dict[str, Any]) -> dict[str, Any]:
    """What the image says of instance types, in a field of its own and in its description."""
    declared = _DECLARED.search(str(row.get("Description", "")))
    types = row.get("InstanceTypeSpecification", {})
    return {
        "supported_types": tuple(types.get("SupportedInstanceTypes", ())),
        "unsupported_types": tuple(types.get("UnsupportedInstanceTypes", ())),
        "declared_families": tuple(re.findall(r"[a-z0-9-]+", declared[1].lower())) if declared else (),
    }


def _product(row: dict[str, Any]) -> dict[str, Any]:
    """Code, id and address of a row's Marketplace product; the only place with the id is the end of the name."""
    codes = [one["ProductCodeId"] for one in row.get("ProductCodes", []) if one["ProductCodeType"] == "marketplace"]
    found = _PRODUCT.search(str(row.get("Name", ""))) if codes else None
    product_id = found[1] if found else ""
    source = source_of_product(product_id)
    general = f"https://aws.amazon.com/marketplace/pp?sku={codes[0]}" if codes else ""
    return {
        "product_code": codes[0] if codes else "",
        "product_id": product_id,
        "terms_url": source.terms_url if source else general,
    }


def _size_of(row: dict[str, Any], root: str) -> int:
    mappings = [one for one in row.get("BlockDeviceMappings", []) if one.get("DeviceName") == root and "Ebs" in one]
    return max((int(one["Ebs"].get("VolumeSize", 0)) for one in mappings), default=0)
