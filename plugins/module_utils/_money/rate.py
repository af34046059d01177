# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine costs per hour, whole: compute, disks and public address. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from ansible_collections.gpgpu.aws.plugins.module_utils._money.price_table import ADDRESS_HOUR as _ADDRESS_HOUR
from ansible_collections.gpgpu.aws.plugins.module_utils._money.price_table import bundled_tariff
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import Volume

# USD per hour of a public address: the bundled price.
ADDRESS_HOUR = _ADDRESS_HOUR
# Root disk of a machine unless told otherwise, in GiB: room for a driver, a toolkit and an environment.
ROOT_FLOOR_GIB = 100


@dataclass(frozen=True)
class Rate:
    """USD per hour of one machine.

    Parameters:
        compute: the machine itself, while it runs.
        disks: its disks, also while it is stopped.
        address: its public address, while it runs.
        idle: its fixed address, while it is stopped; 0 for an address that goes with the machine.
    """

    compute: float
    disks: float
    address: float
    idle: float = 0.0

    @property
    def running(self) -> float:
        """USD per hour while it runs."""
        return self.compute + self.disks + self.address

    @property
    def stopped(self) -> float:
        """USD per hour while it is stopped: disks and a fixed address go on billing."""
        return self.disks + self.idle

    def as_tag(self) -> str:
        """The rate as the text of a tag."""
        return " ".join(f"{name}={value:.6g}" for name, value in asdict(self).items() if value or name != "idle")


def rate_from_tag(text: str) -> Rate | None:
    """The rate of a tag; None when the tag is missing or not ours."""
    words: Mapping[str, str] = dict(word.split("=", 1) for word in text.split() if "=" in word)
    try:
        needed = (float(words["compute"]), float(words["disks"]), float(words["address"]))
        return Rate(*needed, float(words.get("idle", 0)))
    except (KeyError, ValueError):
        return None


def disk_rate(region: str, gib: int, iops: int = 3000, throughput_mibps: int = 125) -> float:
    """USD per hour of one gp3 disk by the bundled prices.

    Parameters:
        gib: size in GiB.
        iops: provisioned operations per second.
        throughput_mibps: provisioned throughput in MiB/s.
    """
    return bundled_tariff(region).disk_hour(Volume(gib, iops, throughput_mibps))
