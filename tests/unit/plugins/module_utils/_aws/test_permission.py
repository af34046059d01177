# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A missing permission is named, before a launch where EC2 can be asked and after a refusal always."""

from __future__ import annotations

import json
from threading import Barrier
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError, GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.permission import (
    Denial,
    Request,
    decode_message,
    dry_runs,
    missing_permission,
)
from botocore.exceptions import ClientError, NoCredentialsError, ReadTimeoutError

from tests.unit.fakes.aws import FakeClient, aws_error, clients_of

MACHINE = "arn:aws:ec2:us-west-2:123456789012:instance/*"
ROLE = "arn:aws:iam::123456789012:role/reader"
ENCODED = "You are not authorized to perform this operation. Encoded authorization failure message: g4oZPB-qZ4_Bni8"
PLAIN = (
    "You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/ana is not authorized to "
    f"perform: ec2:RunInstances on resource: {MACHINE} "
)
BY_SCP = PLAIN + "with an explicit deny in a service control policy. Encoded authorization failure message: g4oZPB"
NO_POLICY = PLAIN + "because no identity-based policy allows the ec2:RunInstances action."
RUN: Request = ("run_instances", {"MinCount": 1, "MaxCount": 1})
PERMITTED = aws_error("DryRunOperation", "Request would have succeeded, but DryRun flag is set.")


def decoded(action: str, resource: str, explicit: bool = False) -> dict[str, Any]:
    context = {"principal": {"id": "AIDA"}, "action": action, "resource": resource, "conditions": {"items": []}}
    return {"DecodedMessage": json.dumps({"allowed": False, "explicitDeny": explicit, "context": context})}


def sts_of(answer: Any) -> FakeClient:
    return FakeClient("sts", decode_authorization_message=answer)


def refused(text: str, code: str = "UnauthorizedOperation", operation: str = "RunInstances") -> AwsCallError:
    cause = ClientError({"Error": {"Code": code, "Message": text}}, operation)
    return AwsCallError(message="Failed to launch the machines", exception=cause)


@pytest.mark.parametrize(
    ("answer", "text", "told"),
    [
        (decoded("iam:PassRole", ROLE), ENCODED, f"iam:PassRole on {ROLE} (no policy allows it)"),
        (decoded("RunInstances", MACHINE, True), ENCODED, f"ec2:RunInstances on {MACHINE} (a policy denies it)"),
        (aws_error("AccessDenied"), ENCODED, ""),
        (aws_error("InvalidAuthorizationMessageException"), ENCODED, ""),
        ({"DecodedMessage": "<not json>"}, ENCODED, ""),
        ({"DecodedMessage": "[]"}, ENCODED, ""),
        ({"DecodedMessage": "{}"}, ENCODED, ""),
    ],
)
def test_an_encoded_message_is_read_when_that_is_allowed(answer: Any, text: str, told: str) -> None:
    sts = sts_of(answer)
    assert decode_message(sts, text) == told
    assert sts.calls == [("decode_authorization_message", {"EncodedMessage": "g4oZPB-qZ4_Bni8"})]


def test_a_text_without_a_message_asks_nothing() -> None:
    sts = sts_of(decoded("iam:PassRole", ROLE))
    assert (decode_message(sts, "You are not authorized to perform this operation."), sts.calls) == ("", [])


@pytest.mark.parametrize(
    ("text", "answer", "denial"),
    [
        (BY_SCP, aws_error("AccessDenied"), Denial("ec2:RunInstances", MACHINE, True)),
        (NO_POLICY, aws_error("AccessDenied"), Denial("ec2:RunInstances", MACHINE, False)),
        (PLAIN.strip() + ".", {}, Denial("ec2:RunInstances", MACHINE, False)),
        (ENCODED, decoded("iam:PassRole", ROLE), Denial("iam:PassRole", ROLE, False)),
        (ENCODED, aws_error("AccessDenied"), Denial("ec2:RunInstances", "", False)),
        ("You are not authorized to perform this operation.", {}, Denial("ec2:RunInstances", "", False)),
    ],
    ids=["denied in plain words", "not allowed in plain words", "no reason", "decoded", "not decodable", "no message"],
)
def test_a_refused_call_names_the_permission(text: str, answer: Any, denial: Denial) -> None:
    told = missing_permission(refused(text), sts_of(answer))
    assert told.message == f"Failed to launch the machines: UnauthorizedOperation: {denial}"
    assert (told.next_step, told.code) == (denial.next_step, "UnauthorizedOperation")
    known = {"missing_action": denial.action, "missing_resource": denial.resource, "explicit_deny": denial.explicit}
    assert known.items() <= told.details.items()


def test_plain_words_are_not_decoded() -> None:
    sts = sts_of(decoded("iam:PassRole", ROLE))
    missing_permission(refused(BY_SCP), sts)
    assert sts.calls == []


@pytest.mark.parametrize(
    ("answer", "kept"), [(aws_error("AccessDenied"), True), (decoded("iam:PassRole", ROLE), False)]
)
def test_a_message_that_could_not_be_read_is_kept_for_an_administrator(answer: Any, kept: bool) -> None:
    assert ("encoded_message" in missing_permission(refused(ENCODED), sts_of(answer)).details) == kept


def test_a_service_that_says_no_more_is_explained() -> None:
    told = missing_permission(refused("Access denied.", "AccessDenied", "GetParameter"), sts_of({}))
    assert str(told).startswith("Failed to launch the machines: AccessDenied: Access denied. Ask your administrator")


@pytest.mark.parametrize(
    ("denial", "word"),
    [
        (Denial("ec2:RunInstances", "", True), "which policy denies"),
        (Denial("ec2:RunInstances", "", False), "to allow"),
    ],
)
def test_an_explicit_deny_needs_another_remedy(denial: Denial, word: str) -> None:
    assert word in denial.next_step


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (PERMITTED, []),
        (aws_error("UnauthorizedOperation", NO_POLICY), [f"ec2:RunInstances on {MACHINE} (no policy allows it)"]),
        (aws_error("UnauthorizedOperation", ENCODED), [f"iam:PassRole on {ROLE} (no policy allows it)"]),
        (aws_error("OptInRequired", "In order to use this AWS Marketplace product"), ["Accept the terms"]),
        (aws_error("PendingVerification"), ["still checking"]),
        (aws_error("InvalidAMIID.NotFound"), ["Image ids belong to one region"]),
        (aws_error("VPCIdNotSpecified"), ["create-default-vpc"]),
        (NoCredentialsError(), ["AWS_ACCESS_KEY_ID"]),
        (aws_error("InvalidGroup.NotFound"), []),
        (aws_error("InvalidKeyPair.NotFound", "The key pair 'gpgpu-a' does not exist"), []),
        (aws_error("InvalidKeyPair.NotFound", "The key pair 'mine' does not exist"), ["'mine' does not exist"]),
        (aws_error("InvalidPlacementGroup.Unknown", "The Placement Group 'gpgpu-a' is unknown."), []),
        (aws_error("InvalidPlacementGroup.Unknown", "The Placement Group 'mine' is unknown."), ["'mine' is unknown"]),
        (aws_error("InvalidCapacityReservationId.NotFound"), ["InvalidCapacityReservationId.NotFound"]),
        (aws_error("InvalidParameterValue"), []),
        (aws_error("RequestLimitExceeded"), []),
        (aws_error("NeverSeen"), []),
        (ReadTimeoutError(endpoint_url="https://ec2"), []),
    ],
)
def test_a_dry_run_tells_of_the_account_only(answer: Exception, told: list[str]) -> None:
    ec2 = FakeClient("ec2", run_instances=answer)
    problems = dry_runs(clients_of(ec2=ec2, sts=sts_of(decoded("iam:PassRole", ROLE))), [RUN])
    assert [word in str(problem) for problem, word in zip(problems, told, strict=True)] == [True] * len(told)
    assert ec2.calls == [("run_instances", {"MinCount": 1, "MaxCount": 1, "DryRun": True})]


def test_dry_runs_go_side_by_side_and_a_problem_is_told_once() -> None:
    together = Barrier(3, timeout=5)

    def answer(**_params: Any) -> None:
        together.wait()
        raise aws_error("UnauthorizedOperation", NO_POLICY)

    ec2 = FakeClient("ec2", run_instances=answer, create_tags=answer, import_key_pair=answer)
    requests: list[Request] = [
        RUN,
        ("create_tags", {"Resources": ["i-1"], "Tags": []}),
        ("import_key_pair", {"KeyName": "a", "PublicKeyMaterial": b"a"}),
    ]
    problems = dry_runs(clients_of(ec2=ec2, sts=sts_of({})), requests)
    assert sorted(ec2.methods) == ["create_tags", "import_key_pair", "run_instances"]
    assert len(problems) == len({str(problem) for problem in problems}) == 3
    assert all(isinstance(problem, GpuError) for problem in problems)


def test_the_same_problem_of_two_requests_is_told_once() -> None:
    ec2 = FakeClient("ec2", run_instances=aws_error("OptInRequired", "AWS Marketplace"))
    assert len(dry_runs(clients_of(ec2=ec2, sts=sts_of({})), [RUN, RUN])) == 1
