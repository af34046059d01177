# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which permission is missing: read from a refusal, or asked of EC2 before anything is made.

EC2 often says it in plain words (https://github.com/aws/karpenter-provider-aws/issues/7370), and mostly in an encoded
message that only those may read who may call sts:DecodeAuthorizationMessage.
https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import (
    AwsCallError,
    AwsErrorHandler,
    GpuError,
    error_code,
    error_text,
    explain,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.refusal import Refusal, classify

IAM_ACTIONS = ("sts:DecodeAuthorizationMessage",)

Request = tuple[str, Mapping[str, Any]]

ENCODED = re.compile(r"\s*Encoded authorization failure message:\s*(?P<message>[\w-]+)")
PLAIN = re.compile(
    r"is not authorized to perform: (?P<action>[\w-]+:\w+)"
    r"(?: on resource: (?P<resource>\S+))?(?P<why> with an explicit deny)?"
)
# Answers of a dry run that tell of the account and not of this one request. EC2 checks permissions in a dry run, and
# some parameters on the way, such as a default VPC where no subnet is named; capacity and quotas are never asked, and
# what a launch makes first is not there yet. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html
# ("DryRun") and https://github.com/aws/karpenter-provider-aws/pull/7844
TELLING = ("authorization", "credentials", "terms", "image", "region_blocked", "network")
# What a person named and is not there; what a launch makes itself is not in a dry run.
NAMED = ("InvalidKeyPair.NotFound", "InvalidPlacementGroup.Unknown", "InvalidCapacityReservationId.NotFound")


@dataclass(frozen=True)
class Denial:
    """One permission that is not there.

    Parameters:
        action: for example ec2:RunInstances.
        resource: its ARN; empty when AWS does not say.
        explicit: whether a policy denies it, so that allowing it elsewhere does not help.
    """

    action: str
    resource: str
    explicit: bool

    def __str__(self) -> str:
        """The permission and why it is not there."""
        where = f" on {self.resource}" if self.resource else ""
        return f"{self.action}{where} ({'a policy denies it' if self.explicit else 'no policy allows it'})"

    @property
    def next_step(self) -> str:
        """What to do about it, a sentence."""
        if self.explicit:
            return (
                f"Ask your administrator which policy denies {self.action}: an organization's, a boundary or your own."
            )
        return f"Ask your administrator to allow {self.action}; docs/permissions.md lists what each playbook needs."


@AwsErrorHandler.common_error_handler("decode the authorization message")
def decode_authorization_message(client: Any, message: str) -> str:
    """The JSON text behind an encoded authorization message."""
    return client.decode_authorization_message(EncodedMessage=message)["DecodedMessage"]


@AwsErrorHandler.common_error_handler("check the permission for {method}")
def dry_run(ec2: Any, method: str, params: Mapping[str, Any]) -> None:
    """Ask EC2 whether a request is permitted: it never acts, and its best answer is the error DryRunOperation."""
    getattr(ec2, method)(**params, DryRun=True)


def decode_message(client_sts: Any, text: str) -> str:
    """What the encoded message in an error's text says: action, resource, and whether a policy denies it.

    Returns:
        the sentence; empty when the text has no such message, or the caller may not decode it.
    """
    denial = decoded_denial(client_sts, text)
    return str(denial) if denial else ""


def decoded_denial(client_sts: Any, text: str) -> Denial | None:
    """The denial behind the encoded message in a text; None when there is none, or it can't be read."""
    found = ENCODED.search(text)
    if not found:
        return None
    try:
        decoded = json.loads(decode_authorization_message(client_sts, found["message"]))
        context = decoded["context"]
        action = str(context["action"])
        # EC2's own actions come without their service.
        name = action if ":" in action else f"ec2:{action}"
        return Denial(name, str(context.get("resource", "")), bool(decoded.get("explicitDeny")))
    except (AwsCallError, ValueError, KeyError, TypeError):
        return None


def plain_denial(text: str) -> Denial | None:
    """The denial that an error's text tells in plain words; None when it does not."""
    found = PLAIN.search(text)
    return Denial(found["action"], (found["resource"] or "").rstrip("."), bool(found["why"])) if found else None


def missing_permission(error: AwsCallError, sts: Any) -> GpuError:
    """A refused call as an error that names the permission, the resource and what to do.

    Parameters:
        error: the call's error, of the class authorization.
        sts: client of STS, asked only when the text does not say it in plain words.

    Returns:
        the error, with missing_action, missing_resource and explicit_deny among its details where they are known, and
        encoded_message where only an administrator can read more.
    """
    code, text = error_code(error), error_text(error)
    denial = plain_denial(text) or decoded_denial(sts, text) or asked_denial(error, code)
    if denial is None:
        return explain(error)
    found = ENCODED.search(text)
    details = {"encoded_message": found["message"]} if found and not denial.resource else {}
    return GpuError(
        f"{error.message}: {code}: {denial}",
        denial.next_step,
        code,
        missing_action=denial.action,
        missing_resource=denial.resource,
        explicit_deny=denial.explicit,
        **details,
    )


def explain_refusal(error: AnsibleAWSError, refusal: Refusal, clients: Clients) -> GpuError:
    """The error of a refused call; a missing permission is named, where AWS lets us decode its message."""
    if refusal.kind == "authorization":
        return missing_permission(error, clients.client("sts"))
    return explain(error)


def asked_denial(error: AwsCallError, code: str) -> Denial | None:
    """The call that EC2 refused, when nothing more is known; other services name the permission themselves."""
    operation = getattr(getattr(error, "exception", None), "operation_name", "")
    return Denial(f"ec2:{operation}", "", False) if operation and code == "UnauthorizedOperation" else None


def dry_runs(clients: Clients, requests: Sequence[Request]) -> list[GpuError]:
    """The problems that EC2 sees in these requests, all asked side by side and none of them acted on.

    Parameters:
        clients: clients of the run's region.
        requests: each a method of boto3's EC2 client and its parameters.

    Returns:
        one error per problem; empty when all requests are permitted.
    """
    calls = [partial(dry_run_problem, clients, method, params) for method, params in requests]
    return list({str(problem): problem for problem in in_parallel(calls) if problem}.values())


def dry_run_problem(clients: Clients, method: str, params: Mapping[str, Any]) -> GpuError | None:
    """What a dry run of one request tells of the account; None when that is nothing."""
    try:
        dry_run(clients.ec2, method, params)
    except AwsCallError as error:
        code, text = error_code(error), error_text(error)
        if code == "UnauthorizedOperation":
            return missing_permission(error, clients.client("sts"))
        kind = classify(code, text).kind
        return explain(error) if kind in TELLING or (kind == "parameter" and code in NAMED) else None
    return None
