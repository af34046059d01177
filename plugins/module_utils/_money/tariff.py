# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS charges in one region for what goes with a machine: disks, snapshots, addresses, traffic. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import Volume

# AWS divides monthly prices by 730 hours.
HOURS_PER_MONTH = 730
# What every gp3 disk has free of charge. https://aws.amazon.com/ebs/general-purpose/
FREE_IOPS = 3000
FREE_MIBPS = 125


@dataclass(frozen=True)
class Price:
    """A price in USD.

    Parameters:
        usd: amount per unit.
        source: where it is from, in a few words.
        date: since when it holds or when it was read, as its source writes it.
    """

    usd: float
    source: str
    date: str


@dataclass(frozen=True)
class Tariff:
    """The prices of one region.

    Parameters:
        disk_gib_month: gp3, per GiB and month.
        iops_month: per operation per second above the free ones, and month.
        mibps_month: per MiB/s above the free ones, and month.
        snapshot_gib_month: standard tier, per GiB and month.
        address_hour: each public IPv4 address, used or idle.
        traffic_gib: data sent to the internet, per GiB, without the free 100 GiB per month of an account.
    """

    disk_gib_month: Price
    iops_month: Price
    mibps_month: Price
    snapshot_gib_month: Price
    address_hour: Price
    traffic_gib: Price

    def disk_hour(self, volume: Volume) -> float:
        """USD per hour of one gp3 disk."""
        month = self.disk_gib_month.usd * volume.size_gib
        month += self.iops_month.usd * max(0, volume.iops - FREE_IOPS)
        month += self.mibps_month.usd * max(0, volume.throughput_mibps - FREE_MIBPS)
        return month / HOURS_PER_MONTH

    def disks_hour(self, volumes: Iterable[Volume]) -> float:
        """USD per hour of the disks of one machine."""
        return sum(self.disk_hour(volume) for volume in volumes)
