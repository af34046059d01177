# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A desk to measure at: a sandbox of its own, an empty home with one key, and nothing else of the user's."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.systems import System
from sandbox import environment, launcher
from sandbox.launcher import PACKAGE_PARENT, PYTHON_CACHE

# Linux counts resident memory in KiB: https://man7.org/linux/man-pages/man2/getrusage.2.html
KIB_PER_MIB = 1024


class BenchmarkError(Exception):
    """A system that did not do the work; its time says nothing."""


@dataclass(frozen=True)
class Sample:
    """What one command took.

    Parameters:
        wall_seconds: from its start to its end.
        cpu_seconds: user and system time of its processes, without the sandbox.
        memory_mib: the most that the largest of its processes held at a time.
        calls: actions of the AWS calls that it made, in order.
    """

    wall_seconds: float
    cpu_seconds: float
    memory_mib: float
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
        sample = self.sample(system.command(task, run, count, self.home / "key"))
        there, wanted = self.resources(run), count if task == "launch" else 0
        if there["machines"] != wanted or (not wanted and any(there.values())):
            raise BenchmarkError(f"{system.name} {task} of {count}: {there} in the end")
        return sample

    def sample(self, command: Sequence[str]) -> Sample:
        """Run a command in the clone.

        Raises:
            BenchmarkError: it failed; with all that it said.
        """
        self._ask("DELETE", "calls")
        with tempfile.TemporaryFile("w+") as said:
            start = time.monotonic()
            process = subprocess.Popen(
                command, cwd=PACKAGE_PARENT, env=self._environment(), stdout=said, stderr=subprocess.STDOUT
            )
            # This wait alone tells what one command used, and not all since the start of the benchmark.
            _pid, status, used = os.wait4(process.pid, 0)
            wall = time.monotonic() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                said.seek(0)
                raise BenchmarkError(f"{' '.join(command)} ended with {process.returncode}:\n{said.read()}")
        calls = tuple(call["action"] for call in self._ask("GET", "calls"))
        return Sample(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / KIB_PER_MIB, calls)

    def regions_asked(self, action: str) -> set[str]:
        """Return the regions in which the last command made a call."""
        return {call["region"] for call in self._ask("GET", "calls") if call["action"] == action}

    @contextmanager
    def delayed(self, actions: Iterable[str], seconds: float) -> Iterator[None]:
        """Let the named calls take longer, all that are made at the same time at the same time."""
        self._ask("PUT", "faults", [{"action": action, "delay_seconds": seconds} for action in sorted(set(actions))])
        try:
            yield
        finally:
            self._ask("PUT", "faults", [])

    def resources(self, run: str) -> dict[str, int]:
        """Return how many machines that have not ended, security groups and key pairs a run has."""
        region = self._ask("GET", "state")["regions"].get(environment.REGION, {})
        named = {
            kind: [row for row in region.get(kind, []) if row["tags"].get("Name") == run]
            for kind in ("instances", "security_groups", "key_pairs")
        }
        machines = sum(1 for row in named.pop("instances") if row["state"] != "terminated")
        return {"machines": machines, **{kind: len(rows) for kind, rows in named.items()}}

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(f"{self.endpoint}/_sandbox/{path}", data, method=method)) as answer:
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
