# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask again until something is so: quickly at first, because a machine bills by the second."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 5.0
GROWTH = 1.3


@dataclass
class Clock:
    """Time, so that tests need not wait for it.

    Parameters:
        now: monotonic seconds.
        pause: waits for seconds.
    """

    now: Callable[[], float] = field(default=time.monotonic)
    pause: Callable[[float], None] = field(default=time.sleep)


def poll(read: Callable[[], T], done: Callable[[T], bool], timeout_seconds: float, clock: Clock) -> tuple[bool, T]:
    """Read until done or until the time is over.

    Parameters:
        read: reads the present state.
        done: whether that state is the wanted one; may raise to give up at once.
        timeout_seconds: how long to go on.

    Returns:
        whether it was done in time, and the last state read.
    """
    end = clock.now() + timeout_seconds
    wait = FIRST_SECONDS
    state = read()
    while not done(state):
        left = end - clock.now()
        if left <= 0:
            return False, state
        clock.pause(min(wait, left))
        wait = min(wait * GROWTH, LONGEST_SECONDS)
        state = read()
    return True, state
