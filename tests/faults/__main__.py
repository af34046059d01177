# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Explore what faults and deaths do to launches and teardowns: ``make faults SCHEDULES=1000 SEED=1``."""

from __future__ import annotations

import argparse
import os
import sys
import time

from tests.faults.crew import crew
from tests.faults.report import Report


def main() -> int:
    """Play the schedules; print what failed, and one last line."""
    options = _options()
    begun = time.monotonic()
    with crew(options.processes) as players:
        points = players.points()
        indexes = range(options.schedules) if options.only is None else [options.only]
        report = Report(options.seed, points)
        for outcome in players.play(points, options.seed, indexes):
            report.add(outcome)
    report.tell(time.monotonic() - begun)
    return 0 if report.clean else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--schedules", type=int, default=1000, help="how many; the call points come first")
    parser.add_argument("--seed", type=int, default=1, help="orders the call points and draws the random schedules")
    parser.add_argument("--only", type=int, help="play the schedule of this number alone")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
