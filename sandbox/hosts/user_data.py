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
from dataclasses import dataclass
from email.message import Message
from typing import Any

import yaml

from sandbox.guest.plan import UserData
from sandbox.hosts.merge import merge, options_of

_GZIP_MAGIC = b"\x1f\x8b"

_KINDS: Mapping[str, str] = {
    "#cloud-config-archive": "text/cloud-config-archive",
    "#cloud-config-jsonp": "text/cloud-config-jsonp",
    "#cloud-config": "text/cloud-config",
    "#cloud-boothook": "text/cloud-boothook",
    "#part-handler": "text/part-handler",
    "#include-once": "text/x-include-once-url",
    "#include": "text/x-include-url",
    "## template: jinja": "text/jinja2",
    "#!": "text/x-shellscript",
}
"""How a part begins, and the type that this means; the longer beginnings first."""

_LOOKED_AT = ("text/plain", "text/x-shellscript")
"""Declared types for which the beginning decides."""

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
    config: dict[str, Any] = {}
    for part in _parts(text):
        if part.kind == "text/cloud-config":
            config = _merged(result, config, part)
        else:
            _READERS.get(part.kind, _read_unknown)(result, part)
    _take(result, config)
    return result


@dataclass(frozen=True)
class Part:
    """One part: its type as cloud-init sees it, how it wants to be merged, its content."""

    kind: str
    merge_type: str
    content: str


def _parts(text: str) -> Iterator[Part]:
    if "mime-version:" not in text[:4096].lower():
        yield Part(_begins(text) or "unknown", "", text)
        return
    for message in email.message_from_string(text).walk():
        if not message.is_multipart():
            content, declared = _decoded(message), message.get_content_type()
            kind = (_begins(content) if declared in _LOOKED_AT else "") or declared
            yield Part(kind, message.get("Merge-Type") or message.get("X-Merge-Type") or "", content)


def _begins(text: str) -> str:
    start = text.lstrip().lower()
    return next((kind for beginning, kind in _KINDS.items() if start.startswith(beginning)), "")


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _read_script(result: UserData, part: Part) -> None:
    result.scripts.append(part.content)


def _read_unknown(result: UserData, part: Part) -> None:
    if part.content.strip():
        result.problems.append(f"unhandled user data of type {part.kind!r}: {part.content[:40]!r}")


def _merged(result: UserData, config: dict[str, Any], part: Part) -> dict[str, Any]:
    """The config with one more part merged into it; a part that can't be understood changes nothing."""
    try:
        more: Any = yaml.safe_load(part.content)
        if not isinstance(more, dict):
            raise ValueError("it is not a mapping")
        merged: dict[str, Any] = merge(config, more, options_of(more, part.merge_type))
    except yaml.YAMLError as error:
        result.problems.append(f"cloud-config is not YAML: {error}")
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        result.problems.append(f"cloud-config can't be merged: {error}")
    else:
        return merged
    return config


def _take(result: UserData, config: dict[str, Any]) -> None:
    """Take what the sandbox knows of a merged config; like cloud-init, a list of commands is taken whole or not."""
    for key, value in config.items():
        expected = _CONFIG_TYPES.get(str(key))
        if expected is None:
            result.problems.append(f"the sandbox has no cloud-config key {key!r}")
        elif not isinstance(value, expected):
            result.problems.append(f"cloud-config key {key!r} is not a {expected.__name__}")
        elif key in _COMMANDS and not all(isinstance(item, str | list | None) for item in config[key]):
            result.problems.append(f"cloud-config key {key!r} has a command that is neither a list nor a string")
        else:
            setattr(result, str(key), value)
    for commands in (result.bootcmd, result.runcmd):
        commands[:] = [item for item in commands if item is not None]


_COMMANDS = ("bootcmd", "runcmd")
_READERS: Mapping[str, Callable[[UserData, Part], None]] = {"text/x-shellscript": _read_script}
