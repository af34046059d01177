# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's own user data: which parts it has, and why one of them could displace the lease or the host key. Pure.

Parts are told apart as cloud-init does, by declared type and by how they begin.
https://docs.cloud-init.io/en/latest/explanation/format.html
"""

from __future__ import annotations

import email
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from ansible.module_utils.common.yaml import HAS_YAML, yaml_load
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError

CONFIG = "text/cloud-config"
SCRIPT = "text/x-shellscript"
# Parts that run beside the lease timer and can't undo it.
ALLOWED = (CONFIG, SCRIPT, f"{SCRIPT}-per-boot", f"{SCRIPT}-per-instance", f"{SCRIPT}-per-once")
# How a part begins -> its type; the longer beginnings first.
BEGINNINGS: dict[str, str] = {
    "#cloud-config-archive": "text/cloud-config-archive",
    "#cloud-config-jsonp": "text/cloud-config-jsonp",
    "#cloud-config": CONFIG,
    "#cloud-boothook": "text/cloud-boothook",
    "#part-handler": "text/part-handler",
    "#include-once": "text/x-include-once-url",
    "#include": "text/x-include-url",
    "## template: jinja": "text/jinja2",
    "#!": SCRIPT,
}
# Declared types that say nothing; cloud-init looks at the content of scripts too.
_LOOKED_AT = ("text/plain", "application/octet-stream", SCRIPT)
# Headers of a part that mean something to cloud-init.
_KEPT_HEADERS = ("Merge-Type", "X-Merge-Type", "Launch-Index")

REFUSED: dict[str, str] = {
    "text/cloud-boothook": "it runs before the lease timer is armed; use a script (#!) or bootcmd",
    "text/part-handler": "it can take the part that arms the lease timer for itself",
    "text/cloud-config-archive": "give its parts as MIME multipart",
    "text/cloud-config-jsonp": "it can take the lease timer out of the configuration",
    "text/x-include-url": "what it fetches can't be checked; give its content",
    "text/x-include-once-url": "what it fetches can't be checked; give its content",
    "text/jinja2": "what it says is not known before the machine boots; write it without a template",
}
_MODULES = "it can leave out the module that arms the lease timer or installs the host key"
_HOST_KEY = "the host key is made by the launch, so that the first connection can be verified"
_LOGIN = "it changes the login user; set gpu_image_user instead"
REFUSED_KEYS: dict[str, str] = {
    "ssh_keys": _HOST_KEY,
    "ssh_deletekeys": _HOST_KEY,
    "cloud_init_modules": _MODULES,
    "cloud_config_modules": _MODULES,
    "cloud_final_modules": _MODULES,
    "system_info": _LOGIN,
    "user": _LOGIN,
    "allow_public_ssh_keys": "it can leave out the key pair of the run",
}
# Files of the lease timer and of the host key.
OURS = ("gpgpu-lease", "/etc/gpgpu", "/etc/ssh/ssh_host_")


@dataclass(frozen=True)
class Part:
    """One part of user data.

    Parameters:
        kind: its type, as cloud-init sees it.
        headers: what cloud-init reads besides.
    """

    kind: str
    content: str
    headers: Mapping[str, str] = field(default_factory=dict)


def own_parts(text: str) -> list[Part]:
    """The parts of a person's user data.

    Raises:
        GpuError: with every reason why it can't be used.
    """
    found = own_problems(text)
    if found:
        raise GpuError(" ".join(found), "Nothing was created.", "user_data_refused", problems=found)
    return list(_parts(text)) if text.strip() else []


def own_problems(text: str) -> list[str]:
    """Everything in a person's user data that could displace the lease timer, the host key or the login."""
    if not text.strip():
        return []
    reasons = [(number, part, why) for number, part in enumerate(_parts(text), 1) for why in _reasons(part)]
    return [
        f"Part {number} of the user data ({part.kind}) can't be used: {why} (gpu_user_data)."
        for number, part, why in reasons
    ]


def _parts(text: str) -> Iterator[Part]:
    # The same test as cloud-init's: within the first 4096 characters, in any case.
    if "mime-version:" not in text[:4096].lower():
        yield Part(_begins(text) or "text/plain", text)
        return
    for message in email.message_from_string(text).walk():
        if not message.is_multipart():
            yield _part(message)


def _part(message: Message) -> Part:
    payload = message.get_payload(decode=True)
    content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    declared = message.get_content_type()
    begins = _begins(content)
    kind = begins if begins and (declared in _LOOKED_AT or begins == "text/jinja2") else declared
    return Part(kind, content, {name: str(message[name]) for name in _KEPT_HEADERS if name in message})


def _begins(content: str) -> str:
    start = content.lstrip().lower()
    return next((kind for beginning, kind in BEGINNINGS.items() if start.startswith(beginning)), "")


def _reasons(part: Part) -> Iterator[str]:
    if part.kind not in ALLOWED:
        yield REFUSED.get(part.kind, "it is neither a #cloud-config nor a script that begins with #!")
        return
    for name in OURS:
        if name in part.content:
            yield f"it names {name}, which belongs to the lease and the host key of the run"
    if part.kind == CONFIG:
        yield from _config_reasons(part.content)


def _config_reasons(content: str) -> Iterator[str]:
    if not HAS_YAML:
        yield "PyYAML is missing on this machine, so that it can't be checked; install it (pip install PyYAML)"
        return
    try:
        config: Any = yaml_load(content)
    except Exception as error:  # PyYAML's own classes can't be named where it is missing.
        yield f"it is not YAML: {' '.join(str(error).split())}"
        return
    if not isinstance(config, dict):
        yield "it is not a mapping"
        return
    for key, why in REFUSED_KEYS.items():
        if key in config:
            yield f"{key}: {why}"
    for key, wrong in _CHECKS.items():
        if key in config:
            yield from wrong(config[key])


def _bootcmd(value: Any) -> Iterator[str]:
    if not isinstance(value, list):
        yield "bootcmd is not a list, so that it would take the place of the lease timer; write a list of commands"
    elif not all(item is None or isinstance(item, (str, list)) for item in value):
        yield "bootcmd has a command that is neither a list nor a string, which would keep the lease timer from running"


def _power_state(value: Any) -> Iterator[str]:
    # https://docs.cloud-init.io/en/latest/reference/modules.html#power-state-change
    if isinstance(value, dict) and value.get("mode") == "halt":
        yield "power_state: a halted machine is billed on, and its lease timer is halted too; use poweroff"


def _users(value: Any) -> Iterator[str]:
    if not isinstance(value, list) or "default" not in value:
        yield "users: the login user is lost unless the list has 'default'"


_CHECKS: dict[str, Callable[[Any], Iterator[str]]] = {
    "bootcmd": _bootcmd,
    "power_state": _power_state,
    "users": _users,
}
