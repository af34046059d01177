# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The user data of a machine: its SSH host key and its lease timer. Pure.

cloud-init reads it (https://cloudinit.readthedocs.io/en/latest/reference/modules.html): `ssh_keys` is in place
before sshd starts, so the very first connection can be verified from any controller (the public half is a tag);
`bootcmd` runs early at every boot, so the lease is armed before anything a user adds.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._lease.guest import arm_script

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
LIMIT_BYTES = 16 * 1024


@dataclass(frozen=True)
class HostKey:
    """An SSH host key made for one purchase.

    Parameters:
        private: the private half in OpenSSH form; in user data only, never in a result or a log.
        public: `ssh-ed25519 AAAA...`.
    """

    private: str
    public: str


def user_data(host_key: HostKey, lease_end: datetime) -> str:
    """The cloud-config of a machine, as text (JSON is YAML).

    Raises:
        GpuError: larger than AWS takes.
    """
    config = {
        "ssh_deletekeys": True,
        "ssh_keys": {"ed25519_private": host_key.private, "ed25519_public": host_key.public},
        "bootcmd": [["sh", "-c", arm_script(lease_end)]],
    }
    text = "#cloud-config\n" + json.dumps(config, indent=1) + "\n"
    if len(text.encode()) > LIMIT_BYTES:
        raise GpuError(f"The user data has {len(text.encode())} bytes", "AWS takes 16384.", "user_data_too_large")
    return text
