# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""User data of an instance, parsed as cloud-init parses it.

https://docs.cloud-init.io/en/latest/explanation/format.html
"""

from __future__ import annotations

import email
import gzip
from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from typing import Any

import yaml

from sandbox.guest.plan import UserData

_GZIP_MAGIC = b"\x1f\x8b"

_KINDS: tuple[tuple[str, str], ...] = (
    ("#cloud-config", "text/cloud-config"),
    ("#!", "text/x-shellscript"),
    ("Content-Type: multipart/", "multipart/mixed"),
    ("MIME-Version:", "multipart/mixed"),
)
"""How a part begins, and the type that this means."""

_CONFIG_TYPES: Mapping[str, type] = {
    "ssh_deletekeys": bool,
    "ssh_keys": dict,
    "write_files": list,
    "bootcmd": list,
    "runcmd": list,
}


def parse_user_data(data: bytes) -> UserData:
    """Return what the user data asks for; what can't be understood is listed in `problems`.

    An instance boots whatever its user data is, so nothing here raises.
    """
    result = UserData()
    try:
        text = (gzip.decompress(data) if data.startswith(_GZIP_MAGIC) else data).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        result.problems.append(f"user data is neither text nor gzip: {error}")
        return result
    for kind, content in _parts(text):
        _READERS.get(kind, _read_unknown)(result, kind, content)
    return result


def _parts(text: str) -> Iterator[tuple[str, str]]:
    kind = _kind(text)
    if kind != "multipart/mixed":
        yield kind, text
        return
    for part in email.message_from_string(text).walk():
        if not part.is_multipart():
            content = _decoded(part)
            declared = part.get_content_type()
            yield (_kind(content) if declared in ("text/plain", "application/octet-stream") else declared), content


def _kind(text: str) -> str:
    return next((kind for start, kind in _KINDS if text.startswith(start)), "unknown")


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _read_script(result: UserData, _kind: str, content: str) -> None:
    result.scripts.append(content)


def _read_unknown(result: UserData, kind: str, content: str) -> None:
    if content.strip():
        result.problems.append(f"unhandled user data of type {kind!r}: {content[:40]!r}")


def _read_config(result: UserData, _kind: str, content: str) -> None:
    try:
        config: Any = yaml.safe_load(content)
    except yaml.YAMLError as error:
        result.problems.append(f"cloud-config is not YAML: {error}")
        return
    if not isinstance(config, dict):
        result.problems.append("cloud-config is not a mapping")
        return
    for key, value in config.items():
        expected = _CONFIG_TYPES.get(str(key))
        if expected is None:
            result.problems.append(f"the sandbox has no cloud-config key {key!r}")
        elif not isinstance(value, expected):
            result.problems.append(f"cloud-config key {key!r} is not a {expected.__name__}")
        else:
            setattr(result, str(key), value)


_READERS: Mapping[str, Callable[[UserData, str, str], None]] = {
    "text/cloud-config": _read_config,
    "text/x-shellscript": _read_script,
}
