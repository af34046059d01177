# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command lines of shutdown, poweroff, halt, reboot, systemctl and sudo."""

from __future__ import annotations

import time

import pytest

from sandbox.guest import power, sudo
from sandbox.guest.power import Request, UsageError

NOW = time.mktime((2026, 11, 23, 12, 0, 0, 0, 0, -1))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("now", Request("poweroff", 0)),
        ("-h now", Request("poweroff", 0)),
        ("-P +30", Request("poweroff", NOW + 1800)),
        ("-h 30", Request("poweroff", NOW + 1800)),
        ("-r now", Request("reboot", 0)),
        ("-H now", Request("halt", 0)),
        ("-P +0 the lease has ended", Request("poweroff", 0)),
        ("", Request("poweroff", NOW + 60)),
        ("--no-wall -P 12:30", Request("poweroff", NOW + 1800)),
        ("-P 11:30", Request("poweroff", NOW + 84600)),
        ("-c", Request("cancel", 0)),
    ],
)
def test_shutdown(arguments: str, expected: Request) -> None:
    assert power.parse_shutdown(arguments.split(), NOW) == expected


@pytest.mark.parametrize(
    ("program", "arguments", "verb"),
    [
        ("poweroff", "", "poweroff"),
        ("poweroff", "-f", "poweroff"),
        ("halt", "", "halt"),
        ("halt", "-p", "poweroff"),
        ("reboot", "", "reboot"),
        ("poweroff", "--reboot", "reboot"),
    ],
)
def test_direct_switches(program: str, arguments: str, verb: str) -> None:
    assert power.parse_direct(program, arguments.split()) == Request(verb, 0)


@pytest.mark.parametrize("verb", power.VERBS)
def test_systemctl_switches_power(verb: str) -> None:
    assert power.parse_systemctl(["--no-block", verb]) == Request(verb, 0)


@pytest.mark.parametrize(
    ("parse", "arguments"),
    [
        (lambda words: power.parse_shutdown(words, NOW), ["-P", "soon"]),
        (lambda words: power.parse_shutdown(words, NOW), ["--bad"]),
        (power.parse_systemctl, ["start", "ssh"]),
        (power.parse_systemctl, []),
    ],
)
def test_what_makes_no_sense_is_refused(parse: object, arguments: list[str]) -> None:
    assert callable(parse)
    with pytest.raises(UsageError):
        parse(arguments)


@pytest.mark.parametrize(
    ("arguments", "user", "environment", "command"),
    [
        (["id", "-u"], "root", {}, ["id", "-u"]),
        (["-n", "-u", "postgres", "psql", "-c", "x"], "postgres", {}, ["psql", "-c", "x"]),
        (["-H", "-S", "-n", "-u", "root", "/bin/sh", "-c", "a=b"], "root", {}, ["/bin/sh", "-c", "a=b"]),
        (["A=1", "B=", "env"], "root", {"A": "1", "B": ""}, ["env"]),
        (["--", "ls", "-l"], "root", {}, ["ls", "-l"]),
        (["-i"], "root", {}, ["/bin/sh", "-l"]),
        (["-s", "echo", "x"], "root", {}, ["/bin/sh", "-c", "echo x"]),
    ],
)
def test_sudo(arguments: list[str], user: str, environment: dict[str, str], command: list[str]) -> None:
    request = sudo.parse(arguments, "/bin/sh")
    assert (request.user, request.environment, request.command) == (user, environment, command)
