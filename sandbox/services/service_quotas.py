# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service Quotas of EC2 and VPC: list, get, and AWS's defaults.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/Welcome.html
"""

from __future__ import annotations

from typing import Any

from sandbox.answers import Answer, AwsError, aws_json
from sandbox.call import Call
from sandbox.services.paging import json_page
from sandbox.services.quota_table import BY_CODE, QUOTAS, SERVICE_NAMES, TABLE, Quota


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
    service = _service(call)
    page, token = json_page(
        [quota for quota in QUOTAS if quota.service == service], call.params, default=100, maximum=100
    )
    answer: dict[str, Any] = {"Quotas": [_row(quota, call.region, applied) for quota in page]}
    return aws_json({**answer, "NextToken": token} if token else answer)


def _service(call: Call) -> str:
    service = str(call.params.get("ServiceCode", ""))
    if service not in SERVICE_NAMES:
        raise AwsError("NoSuchResourceException", "The request failed because the specified service does not exist.")
    return service


def _find(call: Call) -> Quota:
    service = _service(call)
    quota = BY_CODE.get(call.params.get("QuotaCode", ""))
    if quota is None or quota.service != service:
        raise AwsError(
            "NoSuchResourceException", "The request failed because the specified service quota does not exist."
        )
    return quota


def _row(quota: Quota, region: str, applied: bool) -> dict[str, Any]:
    from moto.core import DEFAULT_ACCOUNT_ID

    owner = DEFAULT_ACCOUNT_ID if applied else ""
    return {
        "ServiceCode": quota.service,
        "ServiceName": SERVICE_NAMES[quota.service],
        "QuotaArn": f"arn:aws:servicequotas:{region}:{owner}:{quota.service}/{quota.code}",
        "QuotaCode": quota.code,
        "QuotaName": quota.name,
        "Value": TABLE.value(quota, region) if applied else quota.default,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }
