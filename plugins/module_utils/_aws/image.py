# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where images are published and which the account allows: one call per function.

Sources: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html ,
https://docs.aws.amazon.com/marketplace/latest/userguide/ami-single-ami-products.html ,
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetAllowedImagesSettings.html
"""

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsErrorHandler

IAM_ACTIONS = ("ec2:GetAllowedImagesSettings", "ssm:GetParameter", "ssm:GetParametersByPath")

# Public path of the alias of a Marketplace product, with the id of its newest image.
ALIAS = "/aws/service/marketplace/{product_id}/latest"


class AliasErrors(AwsErrorHandler):
    """A product without an alias, or one that this account may not read: its images are found by name then."""

    @classmethod
    def _is_missing(cls) -> type[Exception]:
        return is_boto3_error_code(["ParameterNotFound", "AccessDeniedException"])


class SettingErrors(AwsErrorHandler):
    """A setting that this account may not read counts as unknown: it only makes an error clearer."""

    @classmethod
    def _is_missing(cls) -> type[Exception]:
        return is_boto3_error_code(["UnauthorizedOperation"])


@AwsErrorHandler.common_error_handler("list image parameters under {path}")
def list_parameter_names(client: Any, path: str) -> list[str]:
    """The names of all public parameters under a path."""
    paginator = client.get_paginator("get_parameters_by_path")
    rows = paginator.paginate(Path=path, Recursive=True).build_full_result()["Parameters"]
    return [row["Name"] for row in rows]


@AliasErrors.list_error_handler("read the image alias of Marketplace product {product_id}", "")
def get_alias(client: Any, product_id: str) -> str:
    """The id of a Marketplace product's newest image; empty when it has no alias that this account may read."""
    return client.get_parameter(Name=ALIAS.format(product_id=product_id))["Parameter"]["Value"]


@SettingErrors.list_error_handler("read the allowed-images setting", "")
def get_allowed_images_state(client: Any) -> str:
    """`enabled`, `audit-mode` or `disabled`; empty when the account may not read it."""
    return client.get_allowed_images_settings()["State"]
