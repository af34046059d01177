# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure launch and teardown beside plain boto3 and a plain playbook: `make bench`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.desk import BenchmarkError, Desk, Sample, desk
from benchmarks.report import Case, table, verdict
from benchmarks.systems import SYSTEMS, TASKS

RESULTS = Path(__file__).parent / "results"
MACHINES = (1, 100)


def main() -> int:
    """Measure, print, and keep the result where asked to; return 1 where a system did not do its work."""
    options = _options()
    before = machine.load()
    try:
        with desk() as place:
            _round(place, "warm", 1, 0)
            cases = [
                case for count, n in zip(MACHINES, options.rounds, strict=True) for case in _cases(place, count, n)
            ]
    except BenchmarkError as error:
        print(f"The benchmark stops: {error}", file=sys.stderr)
        return 1
    facts: dict[str, Any] = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": machine.processor(),
        "versions": machine.versions(),
        "load": [before, machine.load()],
    }
    print(_text(facts, cases))
    if options.out:
        RESULTS.mkdir(exist_ok=True)
        text = json.dumps({**facts, "cases": [asdict(case) for case in cases]}, indent=1)
        (RESULTS / f"{options.out}.json").write_text(f"{text}\n")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--rounds",
        nargs=2,
        type=int,
        default=(5, 3),
        metavar=("ONE", "MANY"),
        help="rounds with 1 machine and with 100",
    )
    parser.add_argument("--out", metavar="NAME", help="keep every sample in benchmarks/results/NAME.json")
    return parser.parse_args()


def _cases(place: Desk, count: int, rounds: int) -> list[Case]:
    """Measure some rounds with one number of machines."""
    done = [_round(place, f"r{number}", count, number) for number in range(rounds)]
    return [
        Case(task, count, {system.name: [one[system.name, task] for one in done] for system in SYSTEMS})
        for task in TASKS
    ]


def _round(place: Desk, name: str, count: int, turn: int) -> dict[tuple[str, str], Sample]:
    """Launch and tear down with each system in turn, another one first in each round."""
    print(f"{name}: {count} machines", file=sys.stderr, flush=True)
    first = turn % len(SYSTEMS)
    order = (*SYSTEMS[first:], *SYSTEMS[:first])
    run = f"{name}-of-{count}"
    return {
        (system.name, task): place.measure(system, task, f"{run}-{index}", count)
        for index, system in enumerate(order)
        for task in TASKS
    }


def _text(facts: dict[str, Any], cases: Sequence[Case]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
    load = " to ".join(map(str, facts["load"]))
    return "\n".join(
        [f"{facts['processor']}, load {load}", versions, "", table(cases), "", *verdict(cases)],
    )


if __name__ == "__main__":
    sys.exit(main())
