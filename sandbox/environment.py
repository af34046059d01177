# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment that points the AWS tools at a sandbox and at nothing else."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

# 20 characters of A-Z and 0-9, as real key ids are.
ACCESS_KEY_ID = "AKIA7GPU2SANDBOX9KEY"

# Every call signed with this id is answered as one with expired credentials.
EXPIRED_ACCESS_KEY_ID = "ASIA7GPU2EXPIRED9KEY"

# Long and odd on purpose: Ansible masks secrets wherever they occur, so a short one would corrupt ids.
SECRET_ACCESS_KEY = "zz+Sandbox/only+Not/a+Secret+qj7v0xk3w9zz"

REGION = "us-west-2"
SSH_PORT = 2222

# Variables that could lead a tool past the sandbox to a real account.
REMOVED = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_ENDPOINT_URL_EC2",
)


def variables(endpoint: str) -> dict[str, str]:
    """Return what must be set to use the sandbox that answers at ``endpoint``."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "GPU_SSH_PORT": str(SSH_PORT),
        "GPU_CALLER_ADDRESS_URL": f"{endpoint}/_sandbox/checkip",
    }


def applied(base: Mapping[str, str], endpoint: str) -> dict[str, str]:
    """Return a copy of ``base`` that reaches the sandbox and no real account."""
    kept = {key: value for key, value in base.items() if key not in REMOVED}
    without_proxy = _with_loopback_unproxied(kept)
    return {**without_proxy, **variables(endpoint)}


def shell_lines(endpoint: str) -> str:
    """Return lines for ``eval "$(python -m sandbox env)"``."""
    exports = [f"export {key}={shlex.quote(value)}" for key, value in variables(endpoint).items()]
    return "\n".join([f"unset {' '.join(REMOVED)}", *exports])


def _with_loopback_unproxied(base: Mapping[str, str]) -> dict[str, str]:
    """Keep calls to 127.0.0.1 off a proxy that the caller's environment names."""
    result = dict(base)
    if not any(key.lower() in ("http_proxy", "all_proxy") for key in base):
        return result
    listed = base.get("no_proxy") or base.get("NO_PROXY") or ""
    entries = [*filter(None, listed.split(",")), "127.0.0.1", "localhost"]
    result["no_proxy"] = result["NO_PROXY"] = ",".join(dict.fromkeys(entries))
    return result
