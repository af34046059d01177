# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SANDBOX power switch: shutdown, poweroff, halt, reboot and systemctl for a guest without systemd.

Each sends one request to the guest's first process. Command lines and messages follow
https://man7.org/linux/man-pages/man8/shutdown.8.html and
https://man7.org/linux/man-pages/man8/halt.8.html.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from sandbox.guest.plan import POWER_SOCKET

VERBS = ("poweroff", "halt", "reboot")
NO_SYSTEMD = (
    "System has not been booted with systemd as init system (PID 1). Can't operate.\n"
    "Failed to connect to bus: Host is down (SANDBOX host without systemd)"
)


class UsageError(Exception):
    """The command line makes no sense; the text is for the user."""


@dataclass(frozen=True)
class Request:
    """What the guest's first process is asked to do."""

    verb: str
    """'poweroff', 'halt', 'reboot' or 'cancel'."""
    at: float
    """Unix time in seconds; 0 means now."""


def parse_shutdown(arguments: list[str], now: float) -> Request:
    """Return what `shutdown` is asked for.

    Raises:
        UsageError: the time can't be read.
    """
    verb = "poweroff"
    words = []
    for argument in arguments:
        if argument in ("-c", "--cancel"):
            return Request("cancel", 0)
        if argument in _SHUTDOWN_OPTIONS:
            verb = _SHUTDOWN_OPTIONS[argument] or verb
        elif argument.startswith("-") and argument != "-":
            raise UsageError(f"shutdown: unrecognized option '{argument}'")
        else:
            words.append(argument)
    return Request(verb, _when(words[0] if words else "+1", now))


_SHUTDOWN_OPTIONS: Mapping[str, str] = {
    "-h": "poweroff",
    "-P": "poweroff",
    "--poweroff": "poweroff",
    "-H": "halt",
    "--halt": "halt",
    "-r": "reboot",
    "--reboot": "reboot",
    "--no-wall": "",
    "-f": "",
}


def _when(word: str, now: float) -> float:
    if word in ("now", "+0"):
        return 0
    if word.removeprefix("+").isdigit():
        return now + 60 * int(word.removeprefix("+"))
    try:
        clock = time.strptime(word, "%H:%M")
    except ValueError as error:
        raise UsageError(f"Failed to parse time specification: {word}") from error
    today = time.localtime(now)
    at = time.mktime((*today[:3], clock.tm_hour, clock.tm_min, 0, 0, 0, -1))
    return at if at > now else at + 86400


def parse_direct(program: str, arguments: list[str]) -> Request:
    """Return what `poweroff`, `halt` or `reboot` is asked for; `halt -p` powers off."""
    verb = program
    if {"-p", "--poweroff"} & set(arguments):
        verb = "poweroff"
    if "--halt" in arguments:
        verb = "halt"
    if "--reboot" in arguments:
        verb = "reboot"
    return Request(verb, 0)


def parse_systemctl(arguments: list[str]) -> Request:
    """Return what `systemctl` is asked for, where that is to switch power.

    Raises:
        UsageError: any other verb needs systemd.
    """
    words = [word for word in arguments if not word.startswith("-")]
    if words[:1] == ["is-system-running"]:
        raise UsageError("offline")
    if not words or words[0] not in VERBS:
        raise UsageError(NO_SYSTEMD)
    return Request(words[0], 0)


def main(argv: list[str]) -> int:
    """Parse the command line of any of the five programs and send the request."""
    program = os.path.basename(argv[0])
    parsers: Mapping[str, Callable[[], Request]] = {
        "shutdown": lambda: parse_shutdown(argv[1:], time.time()),
        "systemctl": lambda: parse_systemctl(argv[1:]),
    }
    try:
        request = parsers.get(program, lambda: parse_direct(program, argv[1:]))()
    except UsageError as error:
        print(error, file=sys.stdout if str(error) == "offline" else sys.stderr)
        return 1
    if os.geteuid() != 0:
        print(f"{program}: must be superuser.", file=sys.stderr)
        return 1
    send(request)
    if request.at:
        at = time.strftime("%a %Y-%m-%d %H:%M:%S %Z", time.localtime(request.at))
        print(f"Shutdown scheduled for {at}, use 'shutdown -c' to cancel.", file=sys.stderr)
    return 0


def send(request: Request) -> None:
    """Send a request to the guest's first process."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as switch:
        switch.sendto(json.dumps(asdict(request)).encode(), str(POWER_SOCKET))
