# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quotas of the sandbox's account: AWS's codes, names and defaults, and what this account has been given.

vCPU buckets: https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
VPC: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
Which spot bucket P6 counts in is not written down; here it is that of P5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Quota:
    """One quota of every region; ``QuotaTable.value`` says what the account has in one."""

    code: str
    name: str
    default: float
    """What AWS gives to everyone."""
    given: float
    """What this account has."""
    families: tuple[str, ...] = ()
    """For a bucket of vCPUs: the letters before the digit of the instance types that count in it."""
    spot: bool = False
    service: str = "ec2"


# A new account that asked for G and was given plenty, and did not ask for P.
PLENTY = 16384.0

_STANDARD = ("a", "c", "d", "h", "i", "m", "r", "t", "z")
_G = ("g", "gr", "vt")

P5_SPOT = "L-C4BD4855"
ELASTIC_ADDRESSES = "L-0263D0A3"
SECURITY_GROUPS = "L-E79EC296"
VPCS = "L-F678F1CE"

QUOTAS = (
    Quota("L-DB2E81BA", "Running On-Demand G and VT instances", 0.0, PLENTY, _G),
    Quota("L-3819A6DF", "All G and VT Spot Instance Requests", 0.0, PLENTY, _G, True),
    Quota("L-417A185B", "Running On-Demand P instances", 0.0, 0.0, ("p",)),
    Quota("L-7212CCBC", "All P4, P3 and P2 Spot Instance Requests", 0.0, 0.0, ("p",), True),
    Quota(P5_SPOT, "All P5 Spot Instance Requests", 0.0, 0.0, (), True),
    Quota("L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 5.0, PLENTY, _STANDARD),
    Quota(
        "L-34B43A08",
        "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests",
        5.0,
        PLENTY,
        _STANDARD,
        True,
    ),
    Quota("L-6E869C2A", "Running On-Demand DL instances", 0.0, 0.0, ("dl",)),
    Quota("L-1945791B", "Running On-Demand Inf instances", 0.0, 0.0, ("inf",)),
    Quota("L-2C3B7624", "Running On-Demand Trn instances", 0.0, 0.0, ("trn",)),
    Quota("L-6B0D517C", "All Trn Spot Instance Requests", 0.0, 0.0, ("trn",), True),
    Quota("L-74FC7D96", "Running On-Demand F instances", 0.0, 0.0, ("f",)),
    Quota("L-F7808C92", "Running On-Demand HPC instances", 0.0, 0.0, ("hpc",)),
    Quota("L-7295265B", "Running On-Demand X instances", 0.0, 0.0, ("x",)),
    Quota(ELASTIC_ADDRESSES, "EC2-VPC Elastic IPs", 5.0, 5.0),
    Quota(VPCS, "VPCs per Region", 5.0, 5.0, service="vpc"),
    Quota(SECURITY_GROUPS, "VPC security groups per Region", 2500.0, 2500.0, service="vpc"),
)
BY_CODE: Mapping[str, Quota] = {quota.code: quota for quota in QUOTAS}

SERVICE_NAMES: Mapping[str, str] = {
    "ec2": "Amazon Elastic Compute Cloud (Amazon EC2)",
    "vpc": "Amazon Virtual Private Cloud (Amazon VPC)",
}


class QuotaTable:
    """What the account has, region by region; tests change it through the control plane."""

    def __init__(self) -> None:
        self._changes: dict[tuple[str, str], float] = {}

    def replace(self, changes: Mapping[str, Mapping[str, float]]) -> None:
        """Put other values in force, by region and code; the rest is as it was at the start.

        Raises:
            ValueError: a code that the sandbox doesn't know, or a value that is no number from 0 on.
            TypeError: no object of objects.
        """
        wanted = {(region, code): value for region, values in changes.items() for code, value in values.items()}
        for (_, code), value in wanted.items():
            if code not in BY_CODE:
                raise ValueError(f"Unknown quota: {code}. Known: {', '.join(BY_CODE)}")
            if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
                raise ValueError(f"The value of {code} is a number from 0 on: {value!r}")
        self._changes = {key: float(value) for key, value in wanted.items()}

    def value(self, quota: Quota, region: str) -> float:
        """Return what the account has of a quota in a region."""
        return self._changes.get((region, quota.code), quota.given)


TABLE = QuotaTable()


def bucket(instance_type: str, spot: bool) -> Quota | None:
    """Return the quota that an instance type counts in, or None for families the table lacks."""
    family = instance_type.partition(".")[0]
    letters = family[: next((index for index, sign in enumerate(family) if sign.isdigit()), len(family))]
    if spot and letters == "p" and family[1:2] not in ("2", "3", "4"):
        return BY_CODE[P5_SPOT]
    return next((quota for quota in QUOTAS if quota.spot == spot and letters in quota.families), None)
