# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the caller may do: everything, or what the policies in force allow, but for what the control plane has denied.

A denial is {"action": glob, "resource": glob of ARNs, optional}; a policy is a document of IAM's. Words and codes:
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html and
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (UnauthorizedOperation).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from threading import Lock

from sandbox.answers import AwsError
from sandbox.call import Call
from sandbox.strict import authorization_message
from sandbox.strict.arn import made, resources, tagged_kinds
from sandbox.strict.caller import CALLER_ARN, action_name
from sandbox.strict.policy import Statement, read_documents
from sandbox.strict.request_context import context
from sandbox.strict.service_roles import ROLES

FIELDS = {"action", "resource"}

# A JSON 1.x service answers 400 (the Marketplace 403, by its model), a REST service 403.
CODES = {
    "query": ("AccessDenied", 403),
    "json": ("AccessDeniedException", 400),
    "rest-json": ("AccessDeniedException", 403),
    "rest-xml": ("AccessDenied", 403),
}


@dataclass(frozen=True)
class Denial:
    """One action on some resources that no policy of the caller allows."""

    action: str
    resource: str = "*"

    def covers(self, action: str, resource: str) -> bool:
        """Tell whether it forbids this; actions are compared without case, as IAM does."""
        return fnmatchcase(action.lower(), self.action.lower()) and fnmatchcase(resource, self.resource)


class Permissions:
    """The denials and the policies in force."""

    def __init__(self) -> None:
        self._denials: list[Denial] = []
        self._statements: tuple[Statement, ...] = ()
        self._lock = Lock()

    def replace(self, rows: object) -> None:
        """Put denials in force; raise ValueError, changing nothing, where a row is malformed."""
        if not isinstance(rows, list):
            raise ValueError("Denied permissions are a JSON list of objects with an action.")
        denials = [_parse(row) for row in rows]
        with self._lock:
            self._denials = denials

    def allow(self, documents: object) -> None:
        """Put policies in force, [] for none: all is allowed then; raise ValueError where one is malformed."""
        statements = read_documents(documents)
        with self._lock:
            self._statements = statements

    def check(self, call: Call) -> None:
        """Raise AwsError, in the words of the called service, where the call needs what it may not."""
        with self._lock:
            denials, statements = list(self._denials), self._statements

        def denied(action: str, resource: str) -> bool:
            if any(denial.covers(action, resource) for denial in denials):
                return True
            if not statements:
                return False
            known = context(call, action, resource)
            return not any(statement.allows(action, resource, known) for statement in statements)

        for action, resource in needed(call) if denials or statements else ():
            if denied(action, resource):
                raise refusal(call, action, resource)
        ROLES.check(call, denied)


def _parse(row: object) -> Denial:
    if not isinstance(row, dict) or not isinstance(row.get("action"), str) or ":" not in row["action"]:
        raise ValueError(f"A denial is an object with an action such as ec2:RunInstances: {row!r}")
    unknown = set(row) - FIELDS
    if unknown:
        raise ValueError(f"Unknown fields {sorted(unknown)} in the denial of {row['action']}.")
    return Denial(row["action"], str(row.get("resource") or "*"))


def needed(call: Call) -> Iterator[tuple[str, str]]:
    """Yield every action and resource that a call needs, its own first.

    Tags at creation need ec2:CreateTags, accepting an agreement aws-marketplace:Subscribe, and handing a role to a
    service iam:PassRole:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
    https://docs.aws.amazon.com/marketplace/latest/buyerguide/buyer-iam-users-groups-policies.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    for resource in resources(call):
        yield action_name(call), resource
    for kind in tagged_kinds(call) if call.service == "ec2" else ():
        yield "ec2:CreateTags", made(call, kind)
    if action_name(call) == "aws-marketplace:AcceptAgreementRequest":
        yield "aws-marketplace:Subscribe", "*"
    role = _role(call)
    if role:
        yield "iam:PassRole", role


def _role(call: Call) -> str | None:
    """Return the role that a call hands to a service; of a profile, a role of the same name stands for it."""
    if call.service == "ec2" and call.action == "RunInstances":
        arn, name = call.params.get("IamInstanceProfile.Arn"), call.params.get("IamInstanceProfile.Name")
        profile = str(arn).rpartition("/")[2] if arn else name
        return f"arn:aws:iam::{CALLER_ARN.split(':')[4]}:role/{profile}" if profile else None
    target = call.params.get("Target")
    return target.get("RoleArn") if isinstance(target, dict) else None


def refusal(call: Call, action: str, resource: str) -> AwsError:
    """Return the error of a call that needs what is denied."""
    # Listing calls know no resources, and their refusal names none.
    where = "" if resource == "*" else f" on resource: {resource}"
    text = (
        f"User: {CALLER_ARN} is not authorized to perform: {action}{where} "
        f"because no identity-based policy allows the {action} action"
    )
    if call.protocol != "ec2":
        code, status = CODES["rest-json" if call.service == "aws-marketplace" else call.protocol]
        return AwsError(code, text, status)
    text = f"You are not authorized to perform this operation. {text}"
    if where:
        encoded = authorization_message.encode(CALLER_ARN, action, resource)
        text = f"{text}. Encoded authorization failure message: {encoded}"
    return AwsError("UnauthorizedOperation", text, 403)
