# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rounds of samples -> the table and the verdict. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.desk import Sample
from benchmarks.systems import FLOOR, LEAN, OURS, PLAIN, SYSTEMS, TASKS

# What a lean launch and a teardown may take: calls above the floor; and all of ours: part of the plain playbook's time.
MORE_CALLS = 3
PART_OF_PLAIN = 1 / 3

HEAD = (
    "task",
    "machines",
    "system",
    "n",
    "wall s (min-max)",
    "CPU s",
    "calls",
    "wall/boto3",
    "wall/plain",
    "CPU/plain",
)


def wall(sample: Sample) -> float:
    """Return the wall time of a sample in seconds."""
    return sample.wall_seconds


def cpu(sample: Sample) -> float:
    """Return the processor time of a sample in seconds."""
    return sample.cpu_seconds


@dataclass(frozen=True)
class Case:
    """All samples of one task, in the order of the rounds, by the name of the system."""

    task: str
    machines: int
    samples: Mapping[str, Sequence[Sample]]

    def ratio(self, of: Callable[[Sample], float], over: str, system: str = OURS.name) -> float:
        """Return the median of the rounds' ratios: in a round the systems ran one after the other, alike busy."""
        pairs = zip(self.samples[system], self.samples[over], strict=True)
        return median(of(one) / of(other) for one, other in pairs)

    def calls(self, system: str) -> str:
        """Return the number of calls, or the least and the most where the rounds differ."""
        numbers = sorted({len(sample.calls) for sample in self.samples[system]})
        return "-".join(str(number) for number in dict.fromkeys((numbers[0], numbers[-1])))

    def most_calls(self, system: str = OURS.name) -> int:
        """Return the most calls of any round."""
        return max(len(sample.calls) for sample in self.samples[system])


def table(cases: Sequence[Case]) -> str:
    """Return one row per task, number of machines and system, under a head, in columns."""
    return columns([HEAD, *(_row(case, system.name) for case in cases for system in SYSTEMS)])


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines whose columns are as wide as their widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _row(case: Case, system: str) -> tuple[str, ...]:
    samples = case.samples[system]
    walls = [wall(sample) for sample in samples]
    return (
        *(case.task, str(case.machines), system, str(len(samples))),
        f"{median(walls):.2f} ({min(walls):.2f}-{max(walls):.2f})",
        f"{median(map(cpu, samples)):.2f}",
        case.calls(system),
        f"{case.ratio(wall, FLOOR.name, system):.2f}",
        f"{case.ratio(wall, PLAIN.name, system):.2f}",
        f"{case.ratio(cpu, PLAIN.name, system):.2f}",
    )


def verdict(cases: Sequence[Case]) -> Iterator[str]:
    """Yield each aim, whether it is met, and by what figure."""
    for case in cases:
        name = f"{case.task} of {case.machines}"
        more = case.most_calls(LEAN.name) - case.most_calls(FLOOR.name)
        yield f"{met(more <= MORE_CALLS)}  lean {name}: {more} calls above boto3 (aim: at most {MORE_CALLS})"
        for words, system in (("", OURS.name), ("lean ", LEAN.name)):
            part = case.ratio(wall, PLAIN.name, system)
            aim = f"{part:.2f} of the plain playbook's time (aim: a third)"
            yield f"{met(part <= PART_OF_PLAIN)}  {words}{name}: {aim}"
    for task in TASKS:
        calls = {case.machines: case.most_calls() for case in cases if case.task == task}
        words = ", ".join(f"{number} for {machines}" for machines, number in calls.items())
        yield f"{met(len(set(calls.values())) == 1)}  {task}: {words} machines (aim: the same number of calls)"


def met(aim: bool) -> str:
    """Return the word for an aim that is met or not, in one width."""
    return "met   " if aim else "MISSED"
