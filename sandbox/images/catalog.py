# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which images exist: devices and sizes are those of the real images, ids are the sandbox's own, stable per region."""

from __future__ import annotations

from sandbox.images import deep_learning, linux, marketplace, unfit, windows
from sandbox.images.image import Image

IMAGES: tuple[Image, ...] = tuple(
    image for group in (deep_learning, linux, windows, marketplace, unfit) for image in group.images()
)


def by_id(region: str) -> dict[str, Image]:
    """Return the images of a region by their id."""
    return {image.image_id(region): image for image in IMAGES}
