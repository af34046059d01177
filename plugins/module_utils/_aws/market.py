# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Image parameters, prices and quotas: one call per function.

Sources: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html ,
https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html ,
https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsErrorHandler

IAM_ACTIONS = ("pricing:GetProducts", "servicequotas:ListServiceQuotas", "ssm:GetParameter")

Row = dict[str, Any]


class ParameterErrors(AwsErrorHandler):
    """A public parameter that the region does not have."""

    @classmethod
    def _is_missing(cls) -> type[Exception]:
        return is_boto3_error_code(["ParameterNotFound"])


@ParameterErrors.list_error_handler("read image parameter {name}", "")
def get_parameter(client: Any, name: str) -> str:
    """The value of a public parameter; empty when the region has none of that name."""
    return client.get_parameter(Name=name)["Parameter"]["Value"]


@AwsErrorHandler.common_error_handler("read the price list")
def get_products(
    client: Any, service: str, terms: Mapping[str, str], any_of: Mapping[str, Sequence[str]] | None = None
) -> list[str]:
    """Products of the price list, each a JSON text.

    https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_Filter.html

    Parameters:
        terms: attributes and the value of each.
        any_of: attributes and the values of which each may have one, at most 1024 characters with the commas.
    """
    filters = [{"Type": "TERM_MATCH", "Field": field, "Value": value} for field, value in terms.items()]
    filters += [
        {"Type": "ANY_OF", "Field": field, "Value": ",".join(values)} for field, values in (any_of or {}).items()
    ]
    paginator = client.get_paginator("get_products")
    return paginator.paginate(ServiceCode=service, Filters=filters).build_full_result()["PriceList"]


@AwsErrorHandler.common_error_handler("read the quotas of the account")
def list_quotas(client: Any) -> list[Row]:
    """The EC2 quotas of the account in the client's region."""
    paginator = client.get_paginator("list_service_quotas")
    return paginator.paginate(ServiceCode="ec2").build_full_result()["Quotas"]
