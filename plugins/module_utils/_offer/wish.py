# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine should be given besides its hardware: image, disks, addresses and traffic. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import Volume

# The options of all modules that choose; documented as WISH in doc_fragments/requirement.py.
WISH_ARGUMENTS: dict[str, dict[str, Any]] = {
    "image": {"type": "str", "default": "deep-learning"},
    "image_os": {"type": "str", "default": ""},
    "image_user": {"type": "str", "default": ""},
    "root_volume_gib": {"type": "int", "default": 0},
    "root_volume_iops": {"type": "int", "default": 3000},
    "root_volume_throughput_mibps": {"type": "int", "default": 125},
    "volumes": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "size_gib": {"type": "int", "required": True},
            "iops": {"type": "int", "default": 3000},
            "throughput_mibps": {"type": "int", "default": 125},
        },
    },
    "public_address": {"type": "bool", "default": True},
    "fixed_address": {"type": "bool", "default": False},
    "subnet_id": {"type": "str", "default": ""},
    "traffic_gib": {"type": "float", "default": 1},
    "snapshot_gib": {"type": "float", "default": 0},
}


@dataclass(frozen=True)
class Wish:
    """What each machine comes with.

    Parameters:
        image: an image family or an image id.
        system: operating system of the family; empty for its first.
        user: login user of an image whose owner is not known.
        root_volume_gib: size of the root disk in GiB; 0 leaves it to the image.
        volumes: further disks.
        fixed_address: an elastic address.
        subnet_id: where the machines stand; empty for the default subnet of a zone.
        traffic_gib: estimate of data sent to the internet by the whole run, in GiB.
        snapshot_gib: data kept in snapshots, in GiB.
    """

    image: str = "deep-learning"
    system: str = ""
    user: str = ""
    root_volume_gib: int = 0
    root_volume_iops: int = 3000
    root_volume_throughput_mibps: int = 125
    volumes: tuple[Volume, ...] = ()
    public_address: bool = True
    fixed_address: bool = False
    subnet_id: str = ""
    traffic_gib: float = 1.0
    snapshot_gib: float = 0.0


def wish_from_params(params: Mapping[str, Any]) -> Wish:
    """The wish of a module's parameters: the options of WISH_ARGUMENTS."""
    return Wish(
        image=params["image"],
        system=params["image_os"] or "",
        user=params["image_user"] or "",
        root_volume_gib=params["root_volume_gib"] or 0,
        root_volume_iops=params["root_volume_iops"],
        root_volume_throughput_mibps=params["root_volume_throughput_mibps"],
        volumes=tuple(Volume(**row) for row in params["volumes"] or ()),
        public_address=params["public_address"],
        fixed_address=params["fixed_address"],
        subnet_id=params["subnet_id"] or "",
        traffic_gib=params["traffic_gib"] or 0.0,
        snapshot_gib=params["snapshot_gib"] or 0.0,
    )


def disks_of(wish: Wish, image_gib: int, floor_gib: int) -> tuple[Volume, ...]:
    """All disks of a machine, the root disk first.

    Parameters:
        image_gib: size of the image's root disk in GiB; 0 when it is not known.
        floor_gib: the least root disk when none was asked for.
    """
    root = wish.root_volume_gib or max(image_gib, floor_gib)
    return (Volume(root, wish.root_volume_iops, wish.root_volume_throughput_mibps), *wish.volumes)
