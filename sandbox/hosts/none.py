# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend `none`: the instance exists in the API only; nothing can be logged in to."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.hosts.base import Exit, HostSpec


class NoHost:
    """A host that is running as soon as it is started and does nothing."""

    def __init__(self, spec: HostSpec) -> None:
        self._spec = spec
        self._stopped = threading.Event()

    def start(self) -> None:
        """Say that it runs."""
        self._stopped.clear()

    def stop(self) -> None:
        """End wait()."""
        self._stopped.set()

    def destroy(self) -> None:
        """End wait(); there is no disk."""
        self._stopped.set()

    def wait(self) -> Exit:
        """Block until stop() or destroy()."""
        self._stopped.wait()
        return "stopped"

    def console(self) -> str:
        """Nothing was ever printed."""
        return ""

    def pids(self) -> tuple[int, ...]:
        """Nothing runs."""
        return ()


def make(spec: HostSpec) -> NoHost:
    """Return the empty host of an instance."""
    return NoHost(spec)
