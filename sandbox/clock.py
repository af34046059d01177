# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock of what is reserved for a time: a test puts it ahead, for no test can wait for days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any


class Clock:
    """This machine's clock, some seconds ahead."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """Return the time, in UTC."""
        return datetime.now(UTC) + self._ahead

    def replace(self, value: Any) -> None:
        """Put the clock ahead by {"ahead_seconds": seconds}; {} sets it right.

        Raises:
            ValueError: another field, or seconds that are no number from 0 on.
        """
        if not isinstance(value, dict) or not value.keys() <= {"ahead_seconds"}:
            raise ValueError(f'A clock is {{"ahead_seconds": seconds}} or {{}}: {value!r}')
        seconds = value.get("ahead_seconds", 0)
        if not isinstance(seconds, (int, float)) or seconds < 0:
            raise ValueError(f"A clock is ahead by seconds, a number from 0 on: {seconds!r}")
        self._ahead = timedelta(seconds=seconds)


CLOCK = Clock()
