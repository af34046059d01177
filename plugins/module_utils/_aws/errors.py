# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What went wrong, in words that say what to do next.

One exception for the whole collection. The advice for errors of AWS is in the table of refusals.py.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.errors import AWSErrorHandler
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.refusal import classify


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


def http_status(error: BaseException) -> int:
    """The HTTP status of AWS's answer; 0 when there was none."""
    cause = getattr(error, "exception", None) or error
    response = getattr(cause, "response", None) or {}
    return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0)


def explain(error: AnsibleAWSError) -> GpuError:
    """Turn a failed call into an error that says what to do next."""
    code = error_code(error)
    text = error_text(error)
    refusal = classify(code, text, http_status(error))
    return GpuError(f"{error.message}: {code}: {text.rstrip('.')}", refusal.next_step, code)
