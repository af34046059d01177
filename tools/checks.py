# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the checks of `make test` side by side, and print each one's outcome, time and last line.

A check is a make target. What it prints goes to .build/checks/TARGET.log, and to the screen when it fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from tools.shipped import ROOT

# The longest first, so that the short ones fill the gaps at the end.
CHECKS = (
    "molecule",
    "sanity",
    "sandbox",
    "integration",
    "workloads",
    "tooling",
    "lint-ansible",
    "unit",
    "lint-types",
    "contracts",
    "lint-docs",
    "lint-licences",
    "lint-yaml",
    "lint-python",
    "lint-changelog",
)
LOGS = Path(".build/checks")


@dataclass(frozen=True)
class Outcome:
    """What became of one check: whether it passed, its wall time in seconds, and what it printed."""

    name: str
    passed: bool
    seconds: float
    output: str

    def __str__(self) -> str:
        """One row of the summary, closing with the last line that the check printed."""
        last = next((line.strip() for line in reversed(self.output.splitlines()) if line.strip()), "")
        word = "passed" if self.passed else "FAILED"
        return f"{word}  {self.name:<15} {self.seconds:6.1f} s  {last[:90] if self.passed else ''}".rstrip()


def run(name: str, root: Path) -> Outcome:
    """Run one check and keep what it prints."""
    start = time.monotonic()
    command = ["make", "--no-print-directory", name]
    environment = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    done = subprocess.run(
        command,
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    (root / LOGS / f"{name}.log").write_text(done.stdout)
    return Outcome(name, done.returncode == 0, time.monotonic() - start, done.stdout)


def run_all(names: tuple[str, ...], root: Path) -> list[Outcome]:
    """Run checks, as many at a time as there are processors, printing each row as it comes."""
    (root / LOGS).mkdir(parents=True, exist_ok=True)
    outcomes = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for future in as_completed([pool.submit(run, name, root) for name in names]):
            outcomes.append(future.result())
            print(outcomes[-1], flush=True)
    return outcomes


def summary(outcomes: list[Outcome], seconds: float) -> str:
    """Return what the failed checks printed, and the last lines: the time in all, and the count."""
    failed = [outcome for outcome in outcomes if not outcome.passed]
    logs = [f"\n===== {outcome.name} =====\n{outcome.output.rstrip()}" for outcome in failed]
    names = f"\nFailed: {', '.join(outcome.name for outcome in failed)}" if failed else ""
    passed = len(outcomes) - len(failed)
    return "\n".join([*logs, f"{names}\n{seconds:.0f} s\n{passed} passed, {len(failed)} failed"])


def main() -> int:
    """Run the checks named on the command line, or all; return 1 if one failed."""
    start = time.monotonic()
    outcomes = run_all(tuple(sys.argv[1:]) or CHECKS, ROOT)
    print(summary(outcomes, time.monotonic() - start))
    return 0 if all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
