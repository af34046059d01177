# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tunnels: the command that leads to a machine, and what this machine needs for it."""

from __future__ import annotations

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._run.access import access_problems, tunnel_to, tunnel_words

SESSION = "aws ssm start-session --target %h --document-name AWS-StartSSHSession --parameters portNumber=%p"
ENDPOINT = "aws ec2-instance-connect open-tunnel --instance-id %h --remote-port %p"
V1 = "aws-cli/1.45.11 Python/3.11.7 Linux/6.1 botocore/1.43.11\n"
V2 = "aws-cli/2.12.0 Python/3.11.7 Linux/6.1 exe/x86_64\n"


@pytest.mark.parametrize(
    ("access", "profile", "command"),
    [
        ("ssh", "", ""),
        ("", "", ""),
        ("session-manager", "", f"{SESSION} --region eu-west-1"),
        ("session-manager", "lab", f"{SESSION} --region eu-west-1 --profile lab"),
        ("instance-connect-endpoint", "", f"{ENDPOINT} --region eu-west-1"),
    ],
)
def test_the_command_of_a_tunnel(access: str, profile: str, command: str) -> None:
    assert " ".join(tunnel_words(access, "eu-west-1", profile)) == command


def test_the_machine_is_filled_in() -> None:
    words = tunnel_to(tunnel_words("session-manager", "eu-west-1"), "i-1", 2222)
    assert words[:5] == ["aws", "ssm", "start-session", "--target", "i-1"]
    assert "portNumber=2222" in words
    assert not [word for word in words if "%" in word]


@pytest.mark.parametrize(
    ("access", "installed", "version", "told"),
    [
        ("ssh", "", "", ""),
        ("session-manager", "", "", "needs the AWS CLI on this machine"),
        ("session-manager", "aws", V1, "needs session-manager-plugin on this machine"),
        ("session-manager", "aws session-manager-plugin", V1, ""),
        ("instance-connect-endpoint", "", "", "needs the AWS CLI on this machine"),
        ("instance-connect-endpoint", "aws", V1, "needs the AWS CLI 2.12 or later, and this one is 1.45"),
        ("instance-connect-endpoint", "aws", "aws-cli/2.11.9 Python", "this one is 2.11"),
        ("instance-connect-endpoint", "aws", V2, ""),
        ("instance-connect-endpoint", "aws", "what?", "this one is of an unknown version"),
    ],
)
def test_what_this_machine_lacks(access: str, installed: str, version: str, told: str) -> None:
    found = access_problems(
        access, lambda _command: (0, version, ""), lambda name: name if name in installed.split() else None
    )
    assert len(found) == bool(told)
    assert told in "".join(found)
