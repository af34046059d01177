# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a machine is reached: by its address, or through a tunnel of AWS that its instance id names.

The tunnels carry SSH, so host keys are verified and files are copied as ever.
https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-getting-started-enable-ssh-connections.html
https://docs.aws.amazon.com/cli/latest/reference/ec2-instance-connect/open-tunnel.html
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable

# Access -> the AWS CLI's words that connect its stdin and stdout with a machine's port; ssh fills in %h and %p.
TUNNELS: dict[str, tuple[str, ...]] = {
    "session-manager": (
        *("ssm", "start-session", "--target", "%h", "--document-name", "AWS-StartSSHSession"),
        *("--parameters", "portNumber=%p"),
    ),
    "instance-connect-endpoint": ("ec2-instance-connect", "open-tunnel", "--instance-id", "%h", "--remote-port", "%p"),
}
# The first AWS CLI with open-tunnel; version 1 has none. https://raw.githubusercontent.com/aws/aws-cli/v2/CHANGELOG.rst
OPEN_TUNNEL_SINCE = (2, 12)
CLI = "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
PLUGIN = "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html"

# Runs a command: (exit status, stdout, stderr).
Runner = Callable[[list[str]], tuple[int, str, str]]


def tunnel_words(access: str, region: str, profile: str = "") -> list[str]:
    """The command that an SSH client uses as its ProxyCommand; empty where machines are reached by address.

    Parameters:
        profile: the AWS profile of the caller; empty for that of the environment.
    """
    if access not in TUNNELS:
        return []
    return ["aws", *TUNNELS[access], "--region", region, *(["--profile", profile] if profile else [])]


def tunnel_to(words: list[str], instance_id: str, port: int) -> list[str]:
    """The same with the machine filled in."""
    return [word.replace("%h", instance_id).replace("%p", str(port)) for word in words]


def access_problems(access: str, run: Runner, find: Callable[[str], str | None] = shutil.which) -> list[str]:
    """What this machine lacks to reach the machines, asked before anything is bought.

    Parameters:
        run: runs a command.
        find: finds a command.
    """
    if access not in TUNNELS:
        return []
    if not find("aws"):
        return [f"gpu_access {access} needs the AWS CLI on this machine: {CLI} ."]
    if access == "session-manager" and not find("session-manager-plugin"):
        return [f"gpu_access session-manager needs session-manager-plugin on this machine: {PLUGIN} ."]
    if access == "instance-connect-endpoint":
        return _version_problems(run)
    return []


def _version_problems(run: Runner) -> list[str]:
    _status, out, error = run(["aws", "--version"])
    found = re.search(r"aws-cli/(\d+)\.(\d+)", out + error)
    version = tuple(map(int, found.groups())) if found else (0, 0)
    if version >= OPEN_TUNNEL_SINCE:
        return []
    told = ".".join(map(str, version)) if found else "of an unknown version"
    return [f"gpu_access instance-connect-endpoint needs the AWS CLI 2.12 or later, and this one is {told}: {CLI} ."]
