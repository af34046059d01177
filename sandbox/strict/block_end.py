# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a capacity block: its machines are terminated half an hour before.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-how.html and
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-monitor.html
Which StateReason such a machine has is not documented. Ours is Server.ScheduledStop, of the documented codes the
nearest: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sandbox.clock import CLOCK
from sandbox.strict.capacity_blocks import MARKET
from sandbox.strict.reservations import Reservation, every_reservation

BEFORE_END = timedelta(minutes=30)
REASON = "Server.ScheduledStop"


def terminate_due(terminate: Callable[[Any, str], None]) -> None:
    """Terminate, for REASON, the machines of blocks that are about to end; those that have ended stay as they are."""
    for block in filter(_is_due, every_reservation()):
        for instance in block.instances:
            terminate(instance, REASON)


def _is_due(row: Reservation) -> bool:
    return row.reservation_type == MARKET and row.end_date is not None and row.end_date - BEFORE_END <= CLOCK.now()
