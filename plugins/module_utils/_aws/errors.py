# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What went wrong, in words that say what to do next.

One exception for the whole collection, and one table that turns the codes of AWS into advice.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.errors import AWSErrorHandler
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError


class GpuError(Exception):
    """An error a person can act on.

    Parameters:
        message: what failed, which thing, where.
        next_step: what to do now, a full sentence.
        code: a stable word to branch on (AWS's code, or ours).
        details: further fields for the module's result.
    """

    def __init__(self, message: str, next_step: str = "", code: str = "", **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.code = code
        self.details = details

    def __str__(self) -> str:
        return f"{self.message.rstrip('.')}. {self.next_step}".strip()


class AwsCallError(AnsibleAWSError):
    """A failed AWS call, still carrying botocore's exception."""


class AwsErrorHandler(AWSErrorHandler):
    """amazon.aws's decorators, raising our exception. Subclasses say which codes mean "not there"."""

    _CUSTOM_EXCEPTION = AwsCallError


# What to do about an error code. Sources:
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and
# https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html (read 2026-11).
_CREDENTIALS = (
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with AWS_PROFILE; "
    "`aws sts get-caller-identity` shows who you are."
)
_EXPIRED = "The credentials have expired: renew them (for example `aws sso login`) and run again."
_QUOTA = (
    "Ask for a larger vCPU quota at https://console.aws.amazon.com/servicequotas, or choose a smaller type, "
    "another market or another region."
)
_CAPACITY = "Choose another zone, another instance type or another region, or try again later."
_DENIED = "Ask your administrator for this permission; docs/permissions.md lists what each playbook needs."
ADVICE: dict[str, str] = {
    "NoCredentialsError": _CREDENTIALS,
    "PartialCredentialsError": _CREDENTIALS,
    "CredentialRetrievalError": _CREDENTIALS,
    "ProfileNotFound": _CREDENTIALS,
    "AuthFailure": "AWS does not accept these credentials in this region. " + _CREDENTIALS,
    "InvalidClientTokenId": _CREDENTIALS,
    "UnrecognizedClientException": _CREDENTIALS,
    "SignatureDoesNotMatch": _CREDENTIALS,
    "RequestExpired": _EXPIRED,
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "SSOTokenLoadError": _EXPIRED,
    "TokenRetrievalError": _EXPIRED,
    "UnauthorizedSSOTokenError": _EXPIRED,
    "UnauthorizedOperation": _DENIED,
    "AccessDenied": _DENIED,
    "AccessDeniedException": _DENIED,
    "EndpointConnectionError": "Check the name of the region and the network, then run again.",
    "ConnectTimeoutError": "Check the network, then run again: a repeated launch never buys a second machine.",
    "ReadTimeoutError": "Check the network, then run again: a repeated launch never buys a second machine.",
    "ConnectionClosedError": "Run again: a repeated launch never buys a second machine.",
    "VcpuLimitExceeded": _QUOTA,
    "MaxSpotInstanceCountExceeded": _QUOTA,
    "InsufficientInstanceCapacity": _CAPACITY,
    "InsufficientFreeAddressesInSubnet": _CAPACITY,
    "Unsupported": "This zone does not offer the type: leave the zone open, or choose another.",
    "SpotMaxPriceTooLow": "Raise or leave out the maximum spot price.",
    "OptInRequired": "Accept the terms of the image at the address in the message, wait two minutes, run again.",
    "PendingVerification": "AWS is still checking the account: usually minutes, at most four hours; then run again.",
    "VPCIdNotSpecified": "There is no default VPC in this region: name a subnet with `subnet_id`, or run "
    "`aws ec2 create-default-vpc`.",
    "InvalidSubnetID.NotFound": "Name a subnet of this region, or leave it out to use the default VPC.",
    "InvalidAMIID.NotFound": "Image ids belong to one region: name an image of this region, or an image family.",
    "InvalidKeyPair.NotFound": "Name a key pair of this region, or leave `key_name` out and a key is made for the run.",
    "RequestLimitExceeded": "AWS is limiting the rate of calls: wait a minute and run again.",
}


def error_code(error: BaseException) -> str:
    """The AWS error code of an exception, or the name of botocore's exception class.

    Parameters:
        error: an AwsCallError, or the botocore exception itself.
    """
    cause = getattr(error, "exception", None) or error
    response = getattr(cause, "response", None) or {}
    return str(response.get("Error", {}).get("Code") or type(cause).__name__)


def error_text(error: BaseException) -> str:
    """The text AWS sent, without botocore's frame around it."""
    cause = getattr(error, "exception", None) or error
    response = getattr(cause, "response", None) or {}
    return str(response.get("Error", {}).get("Message") or cause)


def explain(error: AnsibleAWSError) -> GpuError:
    """Turn a failed call into an error that says what to do next."""
    code = error_code(error)
    text = error_text(error).rstrip(".")
    return GpuError(f"{error.message}: {code}: {text}", ADVICE.get(code, ""), code)
