# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows Server images of AWS, in English and Japanese.

https://docs.aws.amazon.com/ec2/latest/windows-ami-reference/ (names, parameters, owner). That Windows Server 2025
boots by UEFI where the older ones say nothing is general knowledge, not checked against that reference.
"""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.images.image import Image, timestamp

AMAZON_WINDOWS = "801119661308"


def images() -> Iterator[Image]:
    """Yield Full and Core of each release in each language; AWS has Core in English only."""
    for release in ("2019", "2022", "2025"):
        for flavour in ("English-Full", "English-Core", "Japanese-Full"):
            yield _image(release, f"Windows_Server-{release}-{flavour}-Base")


def _image(release: str, name: str) -> Image:
    return Image(
        slug=f"windows/{name}",
        name=f"{name}-2026.10.14",
        description=f"Microsoft Windows Server {release} {name.split('-', 2)[2]} AMI provided by Amazon",
        owner_id=AMAZON_WINDOWS,
        owner_alias="amazon",
        family="windows",
        login_user="Administrator",
        architecture="x86_64",
        root_device_name="/dev/sda1",
        root_volume_gib=30,
        creation_date=timestamp("20261014"),
        parameters=(f"/aws/service/ami-windows-latest/{name}",),
        boot_mode="uefi" if release == "2025" else None,
        imds_support="v2.0" if release == "2025" else None,
        platform_details="Windows",
        usage_operation="RunInstances:0002",
    )
