# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: up, down, status, env, exec."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from sandbox import environment, launcher, record
from sandbox.errors import SandboxError
from sandbox.record import Record

BACKENDS = ("process", "container", "none")

ANSWER_SECONDS = 10

HOW_TO_GO_ON = """\
Sandbox '{name}' answers at {endpoint} (backend {backend}).
  eval "$(python -m sandbox env --name {name})"        use it in this shell
  python -m sandbox exec --name {name} -- COMMAND      run one command in it
  python -m sandbox status                             see what runs
  python -m sandbox down --name {name}                 end it, with every host
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except SandboxError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="A local EC2 whose instances are real hosts."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    named = argparse.ArgumentParser(add_help=False)
    named.add_argument("--name", default="default", help="which sandbox (default: %(default)s)")

    up = commands.add_parser("up", parents=[named], help="start a sandbox; returns when its API answers")
    up.add_argument("--backend", choices=BACKENDS, default="process", help="what stands behind an instance")
    up.add_argument("--boot-seconds", type=float, default=0.0, help="how long a boot takes at least")
    up.set_defaults(run=_up)
    down = commands.add_parser("down", parents=[named], help="end a sandbox and all its hosts")
    down.set_defaults(run=_down)
    status = commands.add_parser("status", help="list the sandboxes of this clone")
    status.set_defaults(run=_status)
    env = commands.add_parser("env", parents=[named], help="print shell lines that point the AWS tools at a sandbox")
    env.set_defaults(run=_env)
    execute = commands.add_parser("exec", parents=[named], help="run a command against a sandbox")
    execute.add_argument("command", nargs=argparse.REMAINDER, help="-- COMMAND [ARGUMENT...]")
    execute.set_defaults(run=_exec)
    return parser


def _up(options: argparse.Namespace) -> int:
    found = record.load_alive(options.name)
    if found is None:
        found = launcher.start(options.name, options.backend, options.boot_seconds)
    else:
        print(f"Sandbox '{options.name}' already runs.")
    print(HOW_TO_GO_ON.format(name=found.name, endpoint=found.endpoint, backend=found.backend), end="")
    return 0


def _down(options: argparse.Namespace) -> int:
    found = record.load(options.name)
    if found is None:
        print(f"No sandbox '{options.name}' runs.")
        return 0
    launcher.end(found)
    print(f"Sandbox '{options.name}' ended.")
    return 0


def _status(_options: argparse.Namespace) -> int:
    rows: list[tuple[str, ...]] = [("NAME", "STATE", "BACKEND", "ENDPOINT", "PID", "INSTANCES")]
    rows += [_row(found) for found in record.load_all()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def _row(found: Record) -> tuple[str, ...]:
    if not found.alive():
        return found.name, "dead", found.backend, "-", str(found.pid), "-"
    return found.name, "up", found.backend, found.endpoint, str(found.pid), _instances(found)


def _instances(found: Record) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", found.port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/_sandbox/state")
        state: dict[str, Any] = json.load(connection.getresponse())
    except (OSError, http.client.HTTPException) as error:
        return f"no answer: {error}"
    finally:
        connection.close()
    states = [row["state"] for region in state["regions"].values() for row in region["instances"]]
    return ", ".join(f"{states.count(name)} {name}" for name in sorted(set(states))) or "none"


def _env(options: argparse.Namespace) -> int:
    print(environment.shell_lines(_running(options.name).endpoint))
    return 0


def _exec(options: argparse.Namespace) -> int:
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        raise SandboxError("exec needs a command: python -m sandbox exec -- COMMAND")
    variables = environment.applied(os.environ, _running(options.name).endpoint)
    try:
        status = subprocess.run(command, env=variables, check=False).returncode
    except OSError as error:
        raise SandboxError(f"Can't run {command[0]}: {error.strerror}.") from error
    # A command ended by a signal, as a shell reports it.
    return status if status >= 0 else 128 - status


def _running(name: str) -> Record:
    found = record.load_alive(name)
    if found is None:
        raise SandboxError(f"No sandbox '{name}' runs. Start it: python -m sandbox up --name {name}")
    return found
