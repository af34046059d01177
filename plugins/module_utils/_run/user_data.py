# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The user data of a machine: its SSH host key, its lease timer, and a person's own part. Pure.

cloud-init reads it (https://docs.cloud-init.io/en/latest/reference/modules.html): `ssh_keys` is in place
before sshd starts, so the very first connection can be verified from any controller (the public half is a tag);
`bootcmd` runs early at every boot, so the lease is armed before anything a user adds.

Beside a person's own part ours come last, because a later part wins: the commands of the lease are put before any
others (`merge_how`), and the host key takes the place of any other.
https://docs.cloud-init.io/en/latest/reference/merging.html
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._lease.guest import arm_script
from ansible_collections.gpgpu.aws.plugins.module_utils._run.own_part import CONFIG, Part, own_parts

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
LIMIT_BYTES = 16 * 1024
# Lists of the same key: ours, then theirs.
OURS_FIRST = "dict(recurse_list)+list(prepend)+str()"


@dataclass(frozen=True)
class HostKey:
    """An SSH host key made for one purchase.

    Parameters:
        private: the private half in OpenSSH form; in user data only, never in a result or a log.
        public: `ssh-ed25519 AAAA...`.
    """

    private: str
    public: str


def user_data(host_key: HostKey, lease_end: datetime, own: str = "") -> str | bytes:
    """What RunInstances takes as UserData: text, or gzip where the text is too long.

    Parameters:
        own: a person's own part: `#cloud-config`, a script, or MIME multipart of these.

    Raises:
        GpuError: the own part could displace ours, or all of it is larger than AWS takes.
    """
    key: dict[str, Any] = {
        "ssh_deletekeys": True,
        "ssh_keys": {"ed25519_private": host_key.private, "ed25519_public": host_key.public},
    }
    lease = {"bootcmd": [["sh", "-c", arm_script(lease_end)]]}
    parts = own_parts(own)
    if not parts:
        return _fitting(_config({**key, **lease}))
    ours = [Part(CONFIG, _config({**lease, "merge_how": OURS_FIRST})), Part(CONFIG, _config(key))]
    return _fitting(_multipart([*parts, *ours]))


def _config(config: dict[str, Any]) -> str:
    """A cloud-config; JSON is YAML."""
    return "#cloud-config\n" + json.dumps(config, indent=1) + "\n"


def _multipart(parts: Sequence[Part]) -> str:
    seal = hashlib.sha256("".join(part.content for part in parts).encode()).hexdigest()
    message = MIMEMultipart(boundary=f"gpgpu-{seal[:32]}")
    for part in parts:
        charset = "us-ascii" if part.content.isascii() else "utf-8"
        text = MIMEText(part.content, part.kind.split("/", 1)[1], charset)
        for name, value in part.headers.items():
            text[name] = value
        message.attach(text)
    return message.as_string()


def _fitting(text: str) -> str | bytes:
    data = text.encode()
    if len(data) <= LIMIT_BYTES:
        return text
    packed = gzip.compress(data, mtime=0)
    if len(packed) > LIMIT_BYTES:
        raise GpuError(
            f"The user data has {len(data)} bytes, compressed {len(packed)}, and AWS takes {LIMIT_BYTES}",
            "Shorten gpu_user_data, for example by fetching its files from the machine.",
            "user_data_too_large",
        )
    return packed
