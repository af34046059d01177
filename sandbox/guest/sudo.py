# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SANDBOX sudo: stands in where the machine has no sudo, or where a guest has one user id only.

With real users it becomes root by su, which /etc/pam.d/su of the guest allows. With one user id it
plays root by a user namespace: `id -u` says 0, but it is the same user.
"""

from __future__ import annotations

import getopt
import os
import sys
from dataclasses import dataclass
from typing import NoReturn

from sandbox.guest.plan import SYSTEM_PATH

VERSION = "SANDBOX sudo: passwordless, for the sandbox's login user only"
_FLAGS = "AbEeHiKklnPSsVv"
_WITH_VALUE = "C:c:D:g:h:p:R:r:t:T:U:u:"
_LONG = ("login", "shell", "non-interactive", "preserve-env", "set-home", "stdin", "user=", "version", "validate")
_KEPT = ("TERM", "LANG", "LC_ALL", "COLORTERM", "DISPLAY")


@dataclass(frozen=True)
class Request:
    """What a sudo command line asks for."""

    user: str
    environment: dict[str, str]
    command: list[str]
    keep_environment: bool
    version: bool


def parse(arguments: list[str], shell: str) -> Request:
    """Return what is asked for; `sudo -i` and `sudo -s` run a shell."""
    options, words = getopt.getopt(arguments, _FLAGS + _WITH_VALUE, _LONG)
    given = dict(options)
    environment: dict[str, str] = {}
    while words and "=" in words[0].partition("/")[0]:
        name, _, value = words.pop(0).partition("=")
        environment[name] = value
    if {"-i", "-s", "--login", "--shell"} & given.keys():
        login = ["-l"] if {"-i", "--login"} & given.keys() else []
        words = [shell, *login, *(["-c", " ".join(words)] if words else [])]
    return Request(
        user=given.get("-u", given.get("--user", "root")),
        environment=environment,
        command=words,
        keep_environment=bool({"-E", "--preserve-env"} & given.keys()),
        version=bool({"-V", "--version"} & given.keys()),
    )


def main(argv: list[str]) -> int:
    """Run a command as another user; returns only when there is nothing to run."""
    try:
        request = parse(argv[1:], "/bin/bash" if os.path.exists("/bin/bash") else "/bin/sh")
    except getopt.GetoptError as error:
        print(f"sudo: {error} (SANDBOX sudo)", file=sys.stderr)
        return 1
    if request.version or not request.command:
        print(VERSION)
        return 0
    return _become(request)


def _become(request: Request) -> NoReturn:
    kept = dict(os.environ) if request.keep_environment else {k: os.environ[k] for k in _KEPT if k in os.environ}
    environment = {**_base_environment(), **kept, "PATH": SYSTEM_PATH, **request.environment}
    wrap = _by_namespace if _no_new_privileges() else _by_su
    command = wrap(request.user, request.command)
    os.execvpe(command[0], command, environment)


def _base_environment() -> dict[str, str]:
    """What /etc/environment gives to every session."""
    with open("/etc/environment", encoding="utf-8") as lines:
        pairs = (line.rstrip("\n").partition("=") for line in lines)
        return {name: value.strip('"') for name, _, value in pairs if name}


def _no_new_privileges() -> bool:
    """True where set-user-id programs such as su have no effect, as in a guest with one user id."""
    with open("/proc/self/status", encoding="ascii") as lines:
        return any(line.split() == ["NoNewPrivs:", "1"] for line in lines)


def _by_su(user: str, command: list[str]) -> list[str]:
    return ["/bin/su", "--session-command", 'exec "$@"', "-s", "/bin/sh", "--", user, "sudo", *command]


def _by_namespace(user: str, command: list[str]) -> list[str]:
    if user not in ("root", "0", "#0"):
        return command
    return ["unshare", "--map-root-user", "--", "env", "HOME=/root", "USER=root", "LOGNAME=root", *command]
