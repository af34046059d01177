# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Polling is quick at first, slower later, and ends on time; no test waits."""

from __future__ import annotations

from itertools import count
from typing import NoReturn

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import poll

from tests.unit.fakes.aws import FakeClock


@pytest.mark.parametrize(
    ("wanted", "timeout", "answer", "pauses"),
    [
        pytest.param(0, 60, (True, 0), [], id="there at once"),
        pytest.param(0, 0, (True, 0), [], id="there at once, and no time"),
        pytest.param(1, 0, (False, 0), [], id="no time"),
        pytest.param(3, 60, (True, 3), [1, 1.3, 1.69], id="the pauses grow"),
        pytest.param(9, 60, (True, 9), [1, 1.3, 1.69, 2.197, 2.856, 3.713, 4.827, 5, 5], id="up to a limit"),
        pytest.param(99, 3, (False, 3), [1, 1.3, 0.7], id="the last pause ends with the time"),
    ],
)
def test_poll(wanted: int, timeout: float, answer: tuple[bool, int], pauses: list[float]) -> None:
    clock, states = FakeClock(), count()
    assert poll(lambda: next(states), lambda state: state == wanted, timeout, clock) == answer
    assert clock.pauses == pauses


def test_done_may_give_up_at_once() -> None:
    def done(_state: int) -> NoReturn:
        raise ValueError("it ended")

    clock = FakeClock()
    with pytest.raises(ValueError, match="it ended"):
        poll(lambda: 1, done, 60, clock)
    assert clock.pauses == []
