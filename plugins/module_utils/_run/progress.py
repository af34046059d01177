# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens during a launch, told while it happens.

Ansible shows nothing of a module before its end, so the module writes lines into a file that the action plugin of the
same name follows. The lines go to a terminal and into logs: they hold no secrets.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable


def clock_time() -> str:
    """The time of day on this machine, for example 12:00:03."""
    return time.strftime("%H:%M:%S")


class Progress:
    """Tells a person what happens, or stays silent.

    Parameters:
        path: a file that exists, to which lines are appended; empty for silence.
        now: the time in front of each line.
    """

    def __init__(self, path: str = "", now: Callable[[], str] = clock_time) -> None:
        self._path = path
        self._now = now

    def say(self, text: str) -> None:
        """Tell one thing, one line. A file that can't be written is no reason to fail a launch."""
        if not self._path:
            return
        line = f"{self._now()}  {' '.join(text.split())}\n"
        # The file is not made anew: when it is gone, nobody follows it any more.
        with contextlib.suppress(OSError):
            handle = os.open(self._path, os.O_WRONLY | os.O_APPEND)
            try:
                os.write(handle, line.encode())
            finally:
                os.close(handle)
