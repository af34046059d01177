# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts of a guest: those of the machine's services, root and one login user.

Users of the desk don't appear. The login user has user id 1000, as on every EC2 image.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

LOGIN_ID = 1000
# Range of regular users: https://www.debian.org/doc/debian-policy/ch-opersys.html#uid-and-gid-classes
_REGULAR = range(1000, 60000)
ADMIN_GROUPS = ("sudo", "wheel")
TERMINALS = "tty"
LOGIN_GROUPS = (*ADMIN_GROUPS, "adm", "video", "render", "systemd-journal")


def guest_accounts(passwd: str, group: str, user: str, shell: str, *, one_id: bool = False) -> Mapping[str, str]:
    """Return the new text of /etc/passwd, /etc/group and /etc/shadow.

    A password of '*' can't be typed but, unlike '!', isn't a locked account: sshd without PAM lets
    its owner in by key. With one_id the guest has the login user's id only: then the terminals' group has that
    id too, because sshd refuses a terminal whose group it can't set.
    """
    users = [*_services(passwd, user), f"{user}:x:{LOGIN_ID}:{LOGIN_ID}:{user}:/home/{user}:{shell}"]
    kept = (line for line in _services(group, user) if not (one_id and line.startswith(f"{TERMINALS}:")))
    groups = [*_with_member(kept, user), f"{user}:x:{LOGIN_ID}:", *([f"{TERMINALS}:x:{LOGIN_ID}:"] if one_id else [])]
    names = [line.partition(":")[0] for line in users]
    return {
        "/etc/passwd": _lines(users),
        "/etc/group": _lines(groups),
        "/etc/shadow": _lines(f"{name}:*:19000:0:99999:7:::" for name in names),
    }


def _services(text: str, user: str) -> Iterator[str]:
    for line in text.splitlines():
        fields = line.split(":")
        if len(fields) > 2 and fields[0] != user and fields[2].isdigit() and int(fields[2]) not in _REGULAR:
            yield line


def _with_member(groups: Iterator[str], user: str) -> Iterator[str]:
    for line in groups:
        name, password, number, members = line.split(":", 3)
        if name in LOGIN_GROUPS:
            members = ",".join([*filter(None, members.split(",")), user])
        yield ":".join((name, password, number, members))


def _lines(lines: Iterator[str] | list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
