# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A desk to measure at: a sandbox of its own, an empty home with one key, and nothing else of the user's."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.systems import System
from sandbox import environment, launcher
from sandbox.launcher import PACKAGE_PARENT, PYTHON_CACHE


class BenchmarkError(Exception):
    """A system that did not do the work; its time says nothing."""


@dataclass(frozen=True)
class Sample:
    """What one command took.

    Parameters:
        wall_seconds: from its start to its end.
        cpu_seconds: user and system time of its processes, without the sandbox.
        calls: actions of the AWS calls that it made, in order.
    """

    wall_seconds: float
    cpu_seconds: float
    calls: tuple[str, ...]


@dataclass(frozen=True)
class Desk:
    """Where commands are measured.

    Parameters:
        endpoint: URL of the sandbox.
        home: home directory of the commands; `key` and `key.pub` lie in it.
    """

    endpoint: str
    home: Path

    def measure(self, system: System, task: str, run: str, count: int) -> Sample:
        """Do one task with one system, and look whether it is done.

        Raises:
            BenchmarkError: it is not.
        """
        command = system.command(task, run, count, self.home / "key")
        self._ask("DELETE", "calls")
        before, start = _cpu_seconds(), time.monotonic()
        done = subprocess.run(command, cwd=PACKAGE_PARENT, env=self._environment(), capture_output=True, text=True)
        wall, cpu = time.monotonic() - start, _cpu_seconds() - before
        calls = tuple(call["action"] for call in self._ask("GET", "calls"))
        there, wanted = self.resources(run), count if task == "launch" else 0
        if done.returncode or there["machines"] != wanted or (not wanted and any(there.values())):
            raise BenchmarkError(f"{system.name} {task} of {count}: {there} in the end\n{done.stdout}{done.stderr}")
        return Sample(wall, cpu, calls)

    def resources(self, run: str) -> dict[str, int]:
        """Return how many machines that have not ended, security groups and key pairs a run has."""
        region = self._ask("GET", "state")["regions"].get(environment.REGION, {})
        named = {
            kind: [row for row in region.get(kind, []) if row["tags"].get("Name") == run]
            for kind in ("instances", "security_groups", "key_pairs")
        }
        machines = sum(1 for row in named.pop("instances") if row["state"] != "terminated")
        return {"machines": machines, **{kind: len(rows) for kind, rows in named.items()}}

    def _ask(self, method: str, path: str) -> Any:
        with urlopen(Request(f"{self.endpoint}/_sandbox/{path}", method=method)) as answer:
            return json.load(answer)

    def _environment(self) -> dict[str, str]:
        """Return the user's environment with this sandbox and home, and with modules compiled once as pip does."""
        desk = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "PYTHON"))}
        own = {"HOME": str(self.home), "PYTHONPYCACHEPREFIX": str(PYTHON_CACHE)}
        return {**environment.applied(desk, self.endpoint), **own}


@contextmanager
def desk() -> Iterator[Desk]:
    """Set a desk up for as long as the block lasts."""
    sandbox = launcher.start(f"bench-{os.getpid()}", "none", 0.0)
    try:
        with tempfile.TemporaryDirectory(prefix="gpgpu-bench-") as home:
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{home}/key"]
            subprocess.run(command, check=True)
            yield Desk(sandbox.endpoint, Path(home))
    finally:
        launcher.end(sandbox)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
