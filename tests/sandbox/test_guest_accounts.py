# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts of a guest."""

from __future__ import annotations

import pytest

from sandbox.guest.accounts import guest_accounts

PASSWD = "root:x:0:0:root:/root:/bin/bash\nsshd:x:101:65534::/run:/bin/false\nme:x:1000:1000::/home/me:/bin/zsh\n"
GROUP = "root:x:0:\nsudo:x:27:me\nvideo:x:44:\nme:x:1000:\nnogroup:x:65534:\n"


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "/etc/passwd",
            f"{''.join(PASSWD.splitlines(True)[:2])}ec2-user:x:1000:1000:ec2-user:/home/ec2-user:/bin/sh\n",
        ),
        ("/etc/group", "root:x:0:\nsudo:x:27:me,ec2-user\nvideo:x:44:ec2-user\nnogroup:x:65534:\nec2-user:x:1000:\n"),
        ("/etc/shadow", "".join(f"{name}:*:19000:0:99999:7:::\n" for name in ("root", "sshd", "ec2-user"))),
    ],
)
def test_services_stay_and_users_of_the_desk_go(file: str, expected: str) -> None:
    assert guest_accounts(PASSWD, GROUP, "ec2-user", "/bin/sh")[file] == expected


def test_a_user_of_the_desk_with_the_same_name_is_replaced() -> None:
    passwd = guest_accounts("ubuntu:x:900:900::/elsewhere:/bin/sh\n", "", "ubuntu", "/bin/sh")["/etc/passwd"]
    assert passwd == "ubuntu:x:1000:1000:ubuntu:/home/ubuntu:/bin/sh\n"


@pytest.mark.parametrize(("one_id", "number"), [(False, 5), (True, 1000)])
def test_terminals_belong_to_a_group_that_the_guest_has(one_id: bool, number: int) -> None:
    group = guest_accounts("", "root:x:0:\ntty:x:5:\n", "ubuntu", "/bin/sh", one_id=one_id)["/etc/group"]
    assert f"tty:x:{number}:" in group.splitlines()
