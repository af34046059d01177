# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the sandbox's own functions answers a call, by signing name and action."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sandbox.answers import Answer
from sandbox.call import Call
from sandbox.services import marketplace, pricing, service_quotas
from sandbox.strict import authorization_message

SERVICES: Mapping[tuple[str, str], Callable[[Call], Answer]] = {
    **marketplace.SERVICES,
    ("sts", "DecodeAuthorizationMessage"): authorization_message.answer_decode,
    ("pricing", "GetProducts"): pricing.get_products,
    ("servicequotas", "ListServiceQuotas"): service_quotas.list_service_quotas,
    ("servicequotas", "ListAWSDefaultServiceQuotas"): service_quotas.list_default_quotas,
    ("servicequotas", "GetServiceQuota"): service_quotas.get_service_quota,
    ("servicequotas", "GetAWSDefaultServiceQuota"): service_quotas.get_default_quota,
}
