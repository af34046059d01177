# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may call, and where: each service refuses in its own words."""

from __future__ import annotations

import pytest

from sandbox.environment import ACCESS_KEY_ID, EXPIRED_ACCESS_KEY_ID
from tests.sandbox.cloud import Cloud, error_row

CALLS = {
    "ec2": "describe_vpcs",
    "sts": "get_caller_identity",
    "ssm": "describe_parameters",
    "pricing": "describe_services",
    "scheduler": "list_schedules",
}
INVALID = "The security token included in the request is invalid."
EXPIRED = "The security token included in the request is expired"


@pytest.mark.parametrize(
    ("service", "key_id", "region", "code", "words"),
    [
        ("ec2", "AKIA0000000000000000", "us-west-2", "AuthFailure", "not able to validate the provided access"),
        ("sts", "AKIA0000000000000000", "us-west-2", "InvalidClientTokenId", INVALID),
        ("ssm", "AKIA0000000000000000", "us-west-2", "UnrecognizedClientException", INVALID),
        ("pricing", "AKIA0000000000000000", "us-east-1", "UnrecognizedClientException", INVALID),
        ("scheduler", "AKIA0000000000000000", "us-west-2", "UnrecognizedClientException", INVALID),
        ("ec2", EXPIRED_ACCESS_KEY_ID, "us-west-2", "RequestExpired", "Request has expired."),
        ("sts", EXPIRED_ACCESS_KEY_ID, "us-west-2", "ExpiredToken", EXPIRED),
        ("ssm", EXPIRED_ACCESS_KEY_ID, "us-west-2", "ExpiredTokenException", EXPIRED),
        ("scheduler", EXPIRED_ACCESS_KEY_ID, "us-west-2", "ExpiredTokenException", EXPIRED),
        ("ec2", ACCESS_KEY_ID, "mars-north-1", "AuthFailure", "valid region, not 'mars-north-1'"),
        ("ec2", ACCESS_KEY_ID, "me-central-1", "AuthFailure", "not able to validate the provided access"),
        ("sts", ACCESS_KEY_ID, "me-central-1", "InvalidClientTokenId", INVALID),
    ],
)
def test_caller_is_refused(cloud: Cloud, service: str, key_id: str, region: str, code: str, words: str) -> None:
    client = cloud.client(service, region, key_id)
    found = error_row(getattr(client, CALLS[service]))
    assert found[0] == code
    assert words in found[1]


def test_the_sandboxes_own_key_is_the_account(cloud: Cloud) -> None:
    assert cloud.client("sts").get_caller_identity()["Account"] == "123456789012"
