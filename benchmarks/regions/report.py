# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples of searches -> the table and the verdict. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from benchmarks.desk import Sample
from benchmarks.regions.search import OURS, PLAIN, SEARCHES
from benchmarks.report import PART_OF_PLAIN, columns, cpu, met, wall

# What the most regions may take beside one: time while calls are slow, and memory.
TIMES_ONE_REGION = 1.5
TIMES_MEMORY = 2.0

HEAD = (
    *("call takes", "system", "regions", "n", "wall s (min-max)", "CPU s", "MiB", "calls"),
    *("wall/1", "CPU/1", "MiB/1", "waits", "wall/plain"),
)


def memory(sample: Sample) -> float:
    """Return the memory of a sample in MiB."""
    return sample.memory_mib


@dataclass(frozen=True)
class Sweep:
    """All samples, in the order of the rounds.

    Parameters:
        counts: numbers of regions, the least first.
        delay_seconds: what every call of a slow search takes longer.
        samples: by the name of the system, whether calls are slow, and the number of regions.
    """

    counts: Sequence[int]
    delay_seconds: float
    samples: Mapping[tuple[str, bool, int], Sequence[Sample]]

    @property
    def most(self) -> int:
        """The most regions."""
        return self.counts[-1]

    def growth(self, of: Callable[[Sample], float], system: str, slow: bool, count: int) -> float:
        """Return the median of the rounds' ratios to the fewest regions."""
        return self._ratio(of, (system, slow, count), (system, slow, self.counts[0]))

    def part_of_plain(self, system: str, slow: bool, count: int) -> float:
        """Return the median of the rounds' ratios of wall time to the plain playbook's."""
        return self._ratio(wall, (system, slow, count), (PLAIN.name, slow, count))

    def waits(self, system: str, count: int) -> float:
        """Return how many calls are waited for one after another: what slow calls cost over what each does."""
        pairs = zip(self.samples[system, True, count], self.samples[system, False, count], strict=True)
        return median(wall(slow) - wall(quick) for slow, quick in pairs) / self.delay_seconds

    def calls(self, system: str, count: int) -> int:
        """Return the most calls of any round."""
        return max(len(one.calls) for slow in (False, True) for one in self.samples[system, slow, count])

    def calls_per_region(self, system: str) -> set[float]:
        """Return the calls of each further region, from each number of regions to the next: one number if all alike."""
        return {
            (self.calls(system, many) - self.calls(system, few)) / (many - few) for few, many in pairwise(self.counts)
        }

    def _ratio(self, of: Callable[[Sample], float], one: tuple[str, bool, int], over: tuple[str, bool, int]) -> float:
        pairs = zip(self.samples[one], self.samples[over], strict=True)
        return median(of(sample) / of(other) for sample, other in pairs)


def table(sweep: Sweep) -> str:
    """Return one row per delay, system and number of regions, under a head, in columns."""
    keys = [(search.name, slow, count) for slow in (False, True) for search in SEARCHES for count in sweep.counts]
    return columns([HEAD, *(_row(sweep, *key) for key in keys)])


def _row(sweep: Sweep, system: str, slow: bool, count: int) -> tuple[str, ...]:
    samples = sweep.samples[system, slow, count]
    walls = [wall(sample) for sample in samples]
    return (
        *(f"+{sweep.delay_seconds:g} s" if slow else "-", system, str(count), str(len(samples))),
        f"{median(walls):.2f} ({min(walls):.2f}-{max(walls):.2f})",
        f"{median(map(cpu, samples)):.2f}",
        f"{median(map(memory, samples)):.0f}",
        str(sweep.calls(system, count)),
        *(f"{sweep.growth(of, system, slow, count):.2f}" for of in (wall, cpu, memory)),
        f"{sweep.waits(system, count):.1f}" if slow else "-",
        f"{sweep.part_of_plain(system, slow, count):.2f}",
    )


def verdict(sweep: Sweep) -> Iterator[str]:
    """Yield each aim, whether it is met, and by what figure."""
    name, most, least = OURS.name, sweep.most, sweep.counts[0]
    each = sorted(sweep.calls_per_region(name))
    calls = " or ".join(f"{number:g}" for number in each)
    slow, size = sweep.growth(wall, name, True, most), sweep.growth(memory, name, False, most)
    part = sweep.part_of_plain(name, True, most)
    many = f"{most} regions:"
    for reached, words, aim in (
        (len(each) == 1, f"each further region: {calls} calls", "the same for each"),
        (slow <= TIMES_ONE_REGION, f"{many} {slow:.2f} of the time of {least}, slow calls", f"{TIMES_ONE_REGION:g}"),
        (size <= TIMES_MEMORY, f"{many} {size:.2f} of the memory of {least}", f"{TIMES_MEMORY:g}"),
        (part <= PART_OF_PLAIN, f"{many} {part:.2f} of the plain playbook's time, slow calls", "a third"),
    ):
        yield f"{met(reached)}  {words} (aim: {aim})"
