# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP answers: AWS errors in each wire protocol, JSON, and text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape

from sandbox.call import Call


@dataclass(frozen=True)
class Answer:
    """One HTTP answer."""

    status: int
    content_type: str
    body: bytes
    error_code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AwsError(Exception):
    """An error of AWS: what the service answers to a call."""

    code: str
    message: str
    status: int = 400
    details: tuple[tuple[str, str], ...] = ()
    """Further members of the error, for services whose errors have such."""


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and
# https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
_XML = {
    "ec2": "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
    "<RequestID>{request}</RequestID></Response>",
    "query": "<ErrorResponse><Error><Type>{type}</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    "<RequestId>{request}</RequestId></ErrorResponse>",
    "rest-xml": "<Error><Code>{code}</Code><Message>{message}</Message><RequestId>{request}</RequestId></Error>",
}


def aws_error(call: Call, error: AwsError) -> Answer:
    """Word an error as the called service does on the wire."""
    if call.protocol in _XML:
        text = _XML[call.protocol].format(
            code=escape(error.code),
            message=escape(error.message),
            request=uuid4(),
            type="Sender" if error.status < 500 else "Receiver",
        )
        return Answer(error.status, "text/xml", text.encode(), error.code)
    body = json.dumps({"__type": error.code, "message": error.message, **dict(error.details)})
    return Answer(error.status, "application/x-amz-json-1.1", body.encode(), error.code)


def aws_json(value: Any) -> Answer:
    """Answer a JSON 1.1 call (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html)."""
    return Answer(200, "application/x-amz-json-1.1", json.dumps(value).encode())


def plain_json(value: Any, status: int = 200) -> Answer:
    """Answer a control call."""
    return Answer(status, "application/json", (json.dumps(value, indent=1) + "\n").encode())


def plain_text(text: str, status: int = 200) -> Answer:
    """Answer with one line of text."""
    return Answer(status, "text/plain; charset=utf-8", f"{text}\n".encode())
