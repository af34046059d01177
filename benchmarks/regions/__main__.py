# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure the search for a machine in more and more regions beside a loop over them: `make bench-regions`."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict

from benchmarks import machine
from benchmarks.desk import BenchmarkError, Desk, Sample, desk
from benchmarks.regions.report import Sweep, table, verdict
from benchmarks.regions.search import IN_EVERY_REGION, REGIONS, SEARCHES, Search

Key = tuple[str, bool, int]


def main() -> int:
    """Measure and print; return 1 where a search did not reach every region."""
    options = _options()
    samples: dict[Key, list[Sample]] = defaultdict(list)
    before = machine.load()
    try:
        with desk() as place:
            _round(place, [1], 0.0, 0)
            for turn in range(options.rounds):
                for key, sample in _round(place, options.regions, options.delay, turn).items():
                    samples[key].append(sample)
    except BenchmarkError as error:
        print(f"The benchmark stops: {error}", file=sys.stderr)
        return 1
    sweep = Sweep(options.regions, options.delay, samples)
    versions = ", ".join(f"{name} {number}" for name, number in machine.versions().items())
    print(f"{machine.processor()}, load {before} to {machine.load()}\n{versions}\n")
    print("\n".join([table(sweep), "", *verdict(sweep)]))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.regions", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument(
        "--regions", nargs="+", type=int, default=[1, 2, 4, 8, len(REGIONS)], help="numbers of regions, the least first"
    )
    parser.add_argument("--delay", type=float, default=0.5, help="what every call of a slow search takes longer, in s")
    return parser.parse_args()


def _round(place: Desk, counts: list[int], delay: float, turn: int) -> dict[Key, Sample]:
    """Search with each system in turn, another one first in each round, with calls as they are and with slow ones."""
    first = turn % len(SEARCHES)
    done: dict[Key, Sample] = {}
    for count in counts:
        for search in (*SEARCHES[first:], *SEARCHES[:first]):
            print(f"round {turn}: {search.name} in {count} regions", file=sys.stderr, flush=True)
            quick = _search(place, search, count)
            with place.delayed(quick.calls, delay):
                slow = _search(place, search, count)
            done |= {(search.name, False, count): quick, (search.name, True, count): slow}
    return done


def _search(place: Desk, search: Search, count: int) -> Sample:
    regions = REGIONS[:count]
    sample = place.sample(search.command(regions))
    asked = place.regions_asked(IN_EVERY_REGION)
    if asked != set(regions):
        raise BenchmarkError(f"{search.name} asked {sorted(asked)}, not {sorted(regions)}")
    return sample


if __name__ == "__main__":
    sys.exit(main())
