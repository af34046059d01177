# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vCPU quotas: which bucket a machine counts against, and how much room is left. Pure.

Codes: https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html (read 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

# (pattern of the instance type, market, quota code, name); the first row that matches decides.
BUCKETS: tuple[tuple[str, str, str, str], ...] = (
    (r"(g|gr|vt)\d", "on-demand", "L-DB2E81BA", "Running On-Demand G and VT instances"),
    (r"(g|gr|vt)\d", "spot", "L-3819A6DF", "All G and VT Spot Instance Requests"),
    (r"p\d", "on-demand", "L-417A185B", "Running On-Demand P instances"),
    (r"p5", "spot", "L-C4BD4855", "All P5 Spot Instance Requests"),
    (r"p[234]", "spot", "L-7212CCBC", "All P4, P3 and P2 Spot Instance Requests"),
)
# Elastic addresses of a region. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
ADDRESS_QUOTA = "L-0263D0A3"


@dataclass(frozen=True)
class Quota:
    """A bucket of vCPUs.

    Parameters:
        code: AWS's quota code.
        name: AWS's quota name.
        limit: vCPUs the account may use in the region; None when it could not be read.
        used: vCPUs of the machines that count against it now.
    """

    code: str
    name: str
    limit: float | None
    used: int

    @property
    def room(self) -> float | None:
        """How many vCPUs are left."""
        return None if self.limit is None else max(0.0, self.limit - self.used)


def bucket_of(instance_type: str, market: str, limits: Iterable[dict[str, Any]] = ()) -> tuple[str, str]:
    """Code and name of the quota a type counts against; empty when no row of a table fits.

    AWS gives new P generations a spot quota of their own, so from P5 on the account's own list is asked first, by the
    name of the generation in it.

    Parameters:
        limits: rows of ListServiceQuotas.
    """
    generation = re.match(r"p([5-9])", instance_type)
    if market == "spot" and generation:
        word = re.compile(rf"\bP{generation[1]}\b.*\bSpot\b")
        for row in limits:
            if word.search(str(row.get("QuotaName", ""))):
                return str(row["QuotaCode"]), str(row["QuotaName"])
    for pattern, sold_as, code, name in BUCKETS:
        if sold_as == market and re.match(pattern, instance_type):
            return code, name
    return "", ""


def quota_of(
    instance_type: str, market: str, limits: Collection[dict[str, Any]], running: Iterable[tuple[str, str, int]]
) -> Quota:
    """The quota of a type with its room.

    Parameters:
        limits: rows of ListServiceQuotas.
        running: (type, market, vCPU) of every machine of the account that is pending or running.
    """
    code, name = bucket_of(instance_type, market, limits)
    used = sum(vcpu for kind, how, vcpu in running if code and bucket_of(kind, how, limits)[0] == code)
    return Quota(code, name, limit_of(code, limits), used)


def limit_of(code: str, limits: Iterable[dict[str, Any]]) -> float | None:
    """The value of a quota; None when the list lacks it."""
    return next((float(row["Value"]) for row in limits if row["QuotaCode"] == code), None)


def quota_problems(quota: Quota, needed: int, what: str) -> list[str]:
    """The problem of a quota without room; a quota that could not be read is none.

    Parameters:
        needed: vCPUs of all machines together.
        what: the machines, in words.
    """
    if quota.room is None or quota.room >= needed:
        return []
    return [
        f"Quota {quota.code} ({quota.name}) has room for {quota.room:g} vCPU and {what} needs {needed}: "
        "ask for more at https://console.aws.amazon.com/servicequotas."
    ]
