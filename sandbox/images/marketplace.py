# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images of Marketplace products: an image's name ends in the id of its product.

https://docs.aws.amazon.com/marketplace/latest/userguide/ami-single-ami-products.html (the alias as SSM parameter).
"""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.images.image import Image, timestamp
from sandbox.services.marketplace_products import NVIDIA_GPU, PRODUCTS, Product

MARKETPLACE = "679593333241"


def images() -> Iterator[Image]:
    """Yield the image of each product."""
    for product in PRODUCTS:
        yield _windows(product) if product.windows else _linux(product)


def _linux(product: Product) -> Image:
    release = "26.09.1 x86_64"
    return Image(
        slug=f"marketplace/{product.id}",
        name=f"{product.title} {release}-{product.id}",
        description=f"{product.title} 26.09.1 (Ubuntu 24.04)",
        owner_id=MARKETPLACE,
        owner_alias="aws-marketplace",
        family="nvidia-marketplace" if product is NVIDIA_GPU else "marketplace",
        login_user="ubuntu",
        architecture="x86_64",
        root_device_name="/dev/sda1",
        root_volume_gib=128 if product is NVIDIA_GPU else 20,
        creation_date=timestamp("20260928"),
        parameters=(f"/aws/service/marketplace/{product.id}/latest",),
        product_code=product.code,
    )


def _windows(product: Product) -> Image:
    return Image(
        slug=f"marketplace/{product.id}",
        name=f"{product.title} 26.08.1-{product.id}",
        description=f"{product.title} with the NVIDIA GRID driver",
        owner_id=MARKETPLACE,
        owner_alias="aws-marketplace",
        family="windows",
        login_user="Administrator",
        architecture="x86_64",
        root_device_name="/dev/sda1",
        root_volume_gib=60,
        creation_date=timestamp("20260820"),
        parameters=(f"/aws/service/marketplace/{product.id}/latest",),
        boot_mode=None,
        product_code=product.code,
        platform_details="Windows",
        usage_operation="RunInstances:0002",
    )
