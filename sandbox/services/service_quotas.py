# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service Quotas for EC2's vCPU buckets: list, get, and AWS's defaults.

Codes and names: https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.answers import Answer, AwsError, aws_json
from sandbox.call import Call
from sandbox.services.paging import json_page


@dataclass(frozen=True)
class Quota:
    """One bucket of vCPUs that instances of some families share."""

    code: str
    name: str
    vcpus: float
    """What this account has; AWS's own default is 0 for all but Standard."""
    families: tuple[str, ...]
    """Letters before the digit of the instance types that count in it."""
    spot: bool
    default: float = 0.0


# A new account that asked for G and was given plenty, and did not ask for P.
PLENTY = 16384.0

_STANDARD = ("a", "c", "d", "h", "i", "m", "r", "t", "z")

QUOTAS = (
    Quota("L-DB2E81BA", "Running On-Demand G and VT instances", PLENTY, ("g", "gr", "vt"), False),
    Quota("L-3819A6DF", "All G and VT Spot Instance Requests", PLENTY, ("g", "gr", "vt"), True),
    Quota("L-417A185B", "Running On-Demand P instances", 0.0, ("p",), False),
    Quota("L-7212CCBC", "All P4, P3 and P2 Spot Instance Requests", 0.0, ("p",), True),
    Quota("L-C4BD4855", "All P5 Spot Instance Requests", 0.0, (), True),
    Quota(
        "L-1216C47A",
        "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
        PLENTY,
        _STANDARD,
        False,
        5.0,
    ),
    Quota(
        "L-34B43A08", "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", PLENTY, _STANDARD, True, 5.0
    ),
    Quota("L-6E869C2A", "Running On-Demand DL instances", 0.0, ("dl",), False),
    Quota("L-1945791B", "Running On-Demand Inf instances", 0.0, ("inf",), False),
    Quota("L-2C3B7624", "Running On-Demand Trn instances", 0.0, ("trn",), False),
    Quota("L-74FC7D96", "Running On-Demand F instances", 0.0, ("f",), False),
    Quota("L-F7808C92", "Running On-Demand HPC instances", 0.0, ("hpc",), False),
    Quota("L-7295265B", "Running On-Demand X instances", 0.0, ("x",), False),
)
BY_CODE = {quota.code: quota for quota in QUOTAS}


def bucket(instance_type: str, spot: bool) -> Quota | None:
    """Return the quota that an instance type counts in, or None for families the table lacks."""
    family = instance_type.partition(".")[0]
    letters = family[: next((index for index, sign in enumerate(family) if sign.isdigit()), len(family))]
    if spot and letters == "p" and family[1:2] not in ("2", "3", "4"):
        return BY_CODE["L-C4BD4855"]
    return next((quota for quota in QUOTAS if quota.spot == spot and letters in quota.families), None)


def list_service_quotas(call: Call) -> Answer:
    """Answer ListServiceQuotas."""
    return _list(call, applied=True)


def list_default_quotas(call: Call) -> Answer:
    """Answer ListAWSDefaultServiceQuotas."""
    return _list(call, applied=False)


def get_service_quota(call: Call) -> Answer:
    """Answer GetServiceQuota."""
    return aws_json({"Quota": _row(_find(call), call.region, applied=True)})


def get_default_quota(call: Call) -> Answer:
    """Answer GetAWSDefaultServiceQuota."""
    return aws_json({"Quota": _row(_find(call), call.region, applied=False)})


def _list(call: Call, applied: bool) -> Answer:
    _check_service(call)
    page, token = json_page(QUOTAS, call.params, default=100, maximum=100)
    answer: dict[str, Any] = {"Quotas": [_row(quota, call.region, applied) for quota in page]}
    return aws_json({**answer, "NextToken": token} if token else answer)


def _check_service(call: Call) -> None:
    if call.params.get("ServiceCode") != "ec2":
        raise AwsError("NoSuchResourceException", "The request failed because the specified service does not exist.")


def _find(call: Call) -> Quota:
    _check_service(call)
    quota = BY_CODE.get(call.params.get("QuotaCode", ""))
    if quota is None:
        raise AwsError(
            "NoSuchResourceException", "The request failed because the specified service quota does not exist."
        )
    return quota


def _row(quota: Quota, region: str, applied: bool) -> dict[str, Any]:
    from moto.core import DEFAULT_ACCOUNT_ID

    owner = DEFAULT_ACCOUNT_ID if applied else ""
    return {
        "ServiceCode": "ec2",
        "ServiceName": "Amazon Elastic Compute Cloud (Amazon EC2)",
        "QuotaArn": f"arn:aws:servicequotas:{region}:{owner}:ec2/{quota.code}",
        "QuotaCode": quota.code,
        "QuotaName": quota.name,
        "Value": quota.vcpus if applied else quota.default,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }
