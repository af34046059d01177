# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may call: the sandbox's key id, in a region that is enabled, with credentials that have not expired."""

from __future__ import annotations

from sandbox.answers import AwsError
from sandbox.call import Call
from sandbox.environment import ACCESS_KEY_ID, EXPIRED_ACCESS_KEY_ID
from sandbox.strict.region_table import ENABLED_REGIONS, OPT_IN_REGIONS

INVALID_TOKEN = "The security token included in the request is invalid."
EXPIRED_TOKEN = "The security token included in the request is expired"
NOT_VALIDATED = "AWS was not able to validate the provided access credentials"

# What each wire protocol's services answer. EC2's two codes:
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (client errors);
# the others: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html and
# https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/CommonErrors.html
INVALID = {
    "ec2": AwsError("AuthFailure", NOT_VALIDATED, 401),
    "query": AwsError("InvalidClientTokenId", INVALID_TOKEN, 403),
    "json": AwsError("UnrecognizedClientException", INVALID_TOKEN, 400),
    "rest-json": AwsError("UnrecognizedClientException", INVALID_TOKEN, 403),
    "rest-xml": AwsError(
        "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403
    ),
}
EXPIRED = {
    "ec2": AwsError("RequestExpired", "Request has expired.", 400),
    "query": AwsError("ExpiredToken", EXPIRED_TOKEN, 403),
    "json": AwsError("ExpiredTokenException", EXPIRED_TOKEN, 400),
    "rest-json": AwsError("ExpiredTokenException", EXPIRED_TOKEN, 403),
    "rest-xml": AwsError("ExpiredToken", "The provided token has expired.", 400),
}


def check(call: Call) -> None:
    """Raise AwsError where AWS would refuse the caller before looking at the request."""
    if call.access_key_id == EXPIRED_ACCESS_KEY_ID:
        raise EXPIRED[call.protocol]
    if call.access_key_id != ACCESS_KEY_ID:
        raise INVALID[call.protocol]
    if call.region in ENABLED_REGIONS:
        return
    if call.region in OPT_IN_REGIONS:
        raise INVALID[call.protocol]
    raise AwsError("AuthFailure", f"Credential should be scoped to a valid region, not '{call.region}'.", 401)
