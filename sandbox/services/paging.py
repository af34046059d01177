# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of a list, for the services whose tokens are opaque text."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sandbox.answers import AwsError

Row = TypeVar("Row")


def encode(offset: int) -> str:
    """Return the token of the page that begins at ``offset``."""
    return base64.urlsafe_b64encode(f"offset:{offset}".encode()).decode()


def decode(token: str | None) -> int:
    """Return the offset of a token, 0 where there is none; raise ValueError for a foreign one."""
    if not token:
        return 0
    try:
        prefix, _, number = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError(token) from error
    if prefix != "offset" or not number.isdigit():
        raise ValueError(token)
    return int(number)


def cut(rows: Sequence[Row], token: str | None, size: int) -> tuple[Sequence[Row], str | None]:
    """Return one page and the token of the next, or None after the last."""
    start = decode(token)
    end = start + size
    return rows[start:end], encode(end) if end < len(rows) else None


def json_page(
    rows: Sequence[Row], params: Mapping[str, Any], default: int, maximum: int
) -> tuple[Sequence[Row], str | None]:
    """Cut a page as JSON services are asked for it, with their errors."""
    size = int(params.get("MaxResults") or default)
    if not 1 <= size <= maximum:
        raise AwsError("InvalidParameterException", f"MaxResults must be between 1 and {maximum}.")
    try:
        return cut(rows, params.get("NextToken"), size)
    except ValueError as error:
        raise AwsError("InvalidNextTokenException", "The NextToken is not valid.") from error
