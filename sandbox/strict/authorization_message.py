# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The encoded message of a refusal, and sts:DecodeAuthorizationMessage, which reads it.

https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
AWS encrypts the message; ours is only compressed, so whoever may not decode it should not try.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from uuid import uuid4
from xml.sax.saxutils import escape

from sandbox.answers import Answer, AwsError
from sandbox.call import Call


def encode(principal: str, action: str, resource: str) -> str:
    """Return the message of a refusal that no statement of a policy caused."""
    content = {
        "allowed": False,
        "explicitDeny": False,
        "matchedStatements": {"items": []},
        "failures": {"items": []},
        "context": {
            "principal": {"id": principal.rpartition("/")[2], "arn": principal},
            "action": action,
            "resource": resource,
            "conditions": {"items": []},
        },
    }
    packed = zlib.compress(json.dumps(content, separators=(",", ":")).encode())
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(message: str) -> str:
    """Return the content of a message as JSON text.

    Raises:
        AwsError: InvalidAuthorizationMessageException, for text that ``encode`` didn't make.
    """
    try:
        return zlib.decompress(base64.urlsafe_b64decode(message + "=" * (-len(message) % 4))).decode()
    except (binascii.Error, zlib.error, UnicodeError, ValueError) as error:
        raise AwsError("InvalidAuthorizationMessageException", "The encoded message is not valid.") from error


def answer_decode(call: Call) -> Answer:
    """Answer sts:DecodeAuthorizationMessage."""
    content = escape(decode(str(call.params.get("EncodedMessage", ""))))
    request = uuid4()
    text = (
        '<DecodeAuthorizationMessageResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
        f"<DecodeAuthorizationMessageResult><DecodedMessage>{content}</DecodedMessage>"
        f"</DecodeAuthorizationMessageResult><ResponseMetadata><RequestId>{request}</RequestId></ResponseMetadata>"
        "</DecodeAuthorizationMessageResponse>"
    )
    return Answer(200, "text/xml", text.encode())
