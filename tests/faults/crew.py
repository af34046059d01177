# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that play schedules side by side, each with a sandbox of its own."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.pool import Pool
from pathlib import Path

from tests.faults.play import Outcome, Player
from tests.faults.schedule import SCENARIOS, Point, all_points, schedule

# Schedules handed to a process at once.
HANDFUL = 4
# The player of this process.
_PLAYERS: list[Player] = []


@dataclass(frozen=True)
class Crew:
    """Processes at work."""

    pool: Pool

    def points(self) -> list[Point]:
        """Every call point there is."""
        counted = self.pool.imap_unordered(_count, SCENARIOS)
        return all_points({(name, phase): most for name, calls in counted for phase, most in calls.items()})

    def play(self, points: list[Point], seed: int, indexes: Iterable[int]) -> Iterator[Outcome]:
        """The outcomes of schedules, as they come."""
        return self.pool.imap_unordered(_play, [(points, seed, index) for index in indexes], chunksize=HANDFUL)


@contextmanager
def crew(count: int) -> Iterator[Crew]:
    """So many processes; what they keep on disk goes with them."""
    with (
        tempfile.TemporaryDirectory(prefix="gpgpu-faults-") as folder,
        multiprocessing.get_context("spawn").Pool(count, _start, (folder,)) as pool,
    ):
        yield Crew(pool)


def _start(folder: str) -> None:
    _PLAYERS.append(Player(Path(tempfile.mkdtemp(dir=folder))))


def _count(scenario: str) -> tuple[str, dict[str, int]]:
    return scenario, {phase: len(called) for phase, called in _PLAYERS[0].calls(scenario).items()}


def _play(work: tuple[list[Point], int, int]) -> Outcome:
    points, seed, index = work
    return _PLAYERS[0].play(index, schedule(points, seed, index))
