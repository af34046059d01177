# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine costs per hour, item by item. Pure.

Compute prices come from the Price List API or the spot history. Disks and addresses come from this dated table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

# USD per GB-month of gp3. https://aws.amazon.com/ebs/pricing/ as of TABLE_DATE; other regions: DISK_ELSEWHERE,
# the dearest of the table, so that an estimate errs upwards.
TABLE_DATE = "2026-07-20"
DISK_GB_MONTH: dict[str, float] = {
    "us-east-1": 0.08,
    "us-east-2": 0.08,
    "us-west-2": 0.08,
    "eu-west-1": 0.088,
    "ap-northeast-1": 0.096,
}
DISK_ELSEWHERE = max(DISK_GB_MONTH.values())
# USD per GB-month of what goes beyond gp3's free 3000 IOPS and 125 MiB/s, us-east-1.
IOPS_MONTH = 0.005
MIBPS_MONTH = 0.04
# https://aws.amazon.com/blogs/aws/new-aws-public-ipv4-address-charge-public-ip-insights/
ADDRESS_HOUR = 0.005
# Root disk of a machine unless told otherwise, in GiB: room for a driver, a toolkit and an environment.
ROOT_FLOOR_GIB = 100
# AWS divides monthly prices by 730 hours.
HOURS_PER_MONTH = 730


@dataclass(frozen=True)
class Rate:
    """USD per hour of one machine.

    Parameters:
        compute: the machine itself, while it runs.
        disks: its disks, also while it is stopped.
        address: its public address, while it runs.
    """

    compute: float
    disks: float
    address: float

    @property
    def running(self) -> float:
        """USD per hour while it runs."""
        return self.compute + self.disks + self.address

    @property
    def stopped(self) -> float:
        """USD per hour while it is stopped: disks go on billing."""
        return self.disks

    def as_tag(self) -> str:
        """The rate as the text of a tag."""
        return " ".join(f"{name}={value:.6g}" for name, value in asdict(self).items())


def rate_from_tag(text: str) -> Rate | None:
    """The rate of a tag; None when the tag is missing or not ours."""
    words: Mapping[str, str] = dict(word.split("=", 1) for word in text.split() if "=" in word)
    try:
        return Rate(float(words["compute"]), float(words["disks"]), float(words["address"]))
    except (KeyError, ValueError):
        return None


def disk_rate(region: str, gib: int, iops: int = 3000, throughput_mibps: int = 125) -> float:
    """USD per hour of one gp3 disk.

    Parameters:
        gib: size in GiB.
        iops: provisioned operations per second.
        throughput_mibps: provisioned throughput in MiB/s.
    """
    month = DISK_GB_MONTH.get(region, DISK_ELSEWHERE) * gib
    month += IOPS_MONTH * max(0, iops - 3000) + MIBPS_MONTH * max(0, throughput_mibps - 125)
    return month / HOURS_PER_MONTH
