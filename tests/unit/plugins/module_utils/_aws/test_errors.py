# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A failed call becomes a sentence that says what failed, why, and what to do next."""

from __future__ import annotations

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import remedies
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import (
    AwsCallError,
    GpuError,
    error_code,
    error_text,
    explain,
    http_status,
)
from botocore import exceptions

from tests.unit.fakes.aws import aws_error, call_error

# Code -> a word that its advice must hold.
ADVISED = {
    "AuthFailure": "AWS_ACCESS_KEY_ID",
    "InvalidClientTokenId": "AWS_ACCESS_KEY_ID",
    "RequestExpired": "renew",
    "ExpiredToken": "renew",
    "ExpiredTokenException": "renew",
    "UnauthorizedOperation": "administrator",
    "AccessDeniedException": "administrator",
    "VcpuLimitExceeded": "servicequotas",
    "MaxSpotInstanceCountExceeded": "servicequotas",
    "InsufficientInstanceCapacity": "another zone",
    "Unsupported": "region",
    "SpotMaxPriceTooLow": "maximum spot price",
    "OptInRequired": "Accept the terms",
    "PendingVerification": "four hours",
    "VPCIdNotSpecified": "create-default-vpc",
    "InvalidKeyPair.NotFound": "key_name",
    "RequestLimitExceeded": "minute",
}

# botocore's own exceptions, which have no code of AWS -> a word of their advice.
LOCAL = [
    (exceptions.NoCredentialsError(), "AWS_ACCESS_KEY_ID"),
    (exceptions.PartialCredentialsError(provider="env", cred_var="aws_secret_access_key"), "AWS_ACCESS_KEY_ID"),
    (exceptions.ProfileNotFound(profile="nobody"), "AWS_PROFILE"),
    (exceptions.TokenRetrievalError(provider="sso", error_msg="Token has expired"), "aws sso login"),
    (exceptions.UnauthorizedSSOTokenError(), "aws sso login"),
    (exceptions.SSOTokenLoadError(error_msg="no token"), "aws sso login"),
    (exceptions.EndpointConnectionError(endpoint_url="https://ec2.us-wset-2.amazonaws.com"), "region"),
    (exceptions.ReadTimeoutError(endpoint_url="https://ec2"), "never buys a second machine"),
    (exceptions.ConnectionClosedError(endpoint_url="https://ec2"), "never buys a second machine"),
]


def test_an_error_is_explained_by_the_sentence_of_aws_and_not_by_its_code_alone() -> None:
    text = "You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe."
    told = explain(call_error("OptInRequired", text))
    assert str(told).startswith(f"Failed to do it: OptInRequired: {text} Enable the region")
    assert (told.code, told.next_step) == ("OptInRequired", remedies.REGION_OFF)


@pytest.mark.parametrize(("code", "word"), ADVISED.items())
def test_the_advice_names_the_fix(code: str, word: str) -> None:
    assert word in explain(call_error(code)).next_step


@pytest.mark.parametrize(("cause", "word"), LOCAL, ids=[type(cause).__name__ for cause, _word in LOCAL])
def test_failures_of_this_machine_are_explained(cause: Exception, word: str) -> None:
    told = explain(AwsCallError(message="Failed to find it", exception=cause))
    assert told.code == type(cause).__name__
    assert word in told.next_step
    assert str(cause).rstrip(".") in str(told)


def test_an_unknown_code_keeps_the_words_of_aws() -> None:
    assert str(explain(call_error("NeverSeen", "Odd."))) == "Failed to do it: NeverSeen: Odd."


@pytest.mark.parametrize(("status", "advice"), [(400, ""), (503, remedies.SAFE)])
def test_an_unknown_code_of_a_failed_server_may_have_acted(status: int, advice: str) -> None:
    answer = {"Error": {"Code": "NeverSeen", "Message": "Odd."}, "ResponseMetadata": {"HTTPStatusCode": status}}
    cause = exceptions.ClientError(answer, "RunInstances")
    assert http_status(cause) == status
    assert explain(AwsCallError(message="Failed to do it", exception=cause)).next_step == advice


def test_an_error_without_an_answer_has_no_status() -> None:
    assert (http_status(ValueError("odd")), http_status(aws_error("Odd"))) == (0, 0)


@pytest.mark.parametrize("error", [aws_error("Odd", "words"), call_error("Odd", "words")])
def test_code_and_text_of_an_exception_or_its_wrapper(error: Exception) -> None:
    assert (error_code(error), error_text(error)) == ("Odd", "words")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (GpuError("It failed"), "It failed."),
        (GpuError("It failed.", "Do this."), "It failed. Do this."),
    ],
)
def test_an_error_reads_as_two_sentences(error: GpuError, text: str) -> None:
    assert str(error) == text


def test_an_error_keeps_further_fields() -> None:
    error = GpuError("It failed", "Do this.", "word", suggestion="g5.xlarge")
    assert (error.code, error.details) == ("word", {"suggestion": "g5.xlarge"})
