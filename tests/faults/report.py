# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an exploration says: each failing schedule with its steps, faults by kind, and one last line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.faults.judge import KINDS
from tests.faults.play import Outcome
from tests.faults.schedule import Point, schedule

# Examples of launches that a disturbance made impossible.
EXAMPLES = 5


@dataclass
class Report:
    """Adds outcomes up.

    Parameters:
        points: every call point there is.
        found: schedules in which each kind of KINDS was seen.
    """

    seed: int
    points: Sequence[Point]
    played: int = 0
    covered: set[Point] = field(default_factory=set)
    found: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    stuck: dict[int, str] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Whether every invariant held."""
        return not self.found.total()

    def add(self, outcome: Outcome) -> None:
        """Count one schedule, and print it where an invariant broke."""
        self.played += 1
        self.covered |= {outcome.point} if outcome.point else set()
        self.found.update({kind for kind, _text in outcome.findings})
        self.troubles.update(outcome.troubles)
        if outcome.stuck:
            self.stuck[outcome.index] = outcome.stuck[-1]
        if outcome.findings:
            story = schedule(self.points, self.seed, outcome.index).as_text()
            print(f"FAILED: schedule {outcome.index} of seed {self.seed}: {story}", flush=True)
            for kind, text in outcome.findings:
                print(f"    {kind}: {text}", flush=True)
            print(f"    again: make faults SEED={self.seed} ONLY={outcome.index}", flush=True)

    def tell(self, seconds: float) -> None:
        """Print the sums; the last line is for programs.

        Parameters:
            seconds: what all took.
        """
        told = ", ".join(f"{kind} {count}" for kind, count in sorted(self.troubles.items()))
        print(f"faults: {told or 'none'}")
        print(f"launches that failed though nothing disturbed them any more: {len(self.stuck)}")
        for index, text in sorted(self.stuck.items())[:EXAMPLES]:
            print(f"    schedule {index}: {text}")
        print(f"{seconds:.0f} s, {self.played / seconds:.1f} schedules a second")
        sums = " ".join(f"{kind}={self.found[kind]}" for kind in KINDS)
        print(f"schedules={self.played} call_points={len(self.covered)}/{len(self.points)} {sums}")
