# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of AWS calls that a sandbox answered, in order."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from sandbox.call import Call


class Journal:
    """Remembers each call as {n, time, service, action, region, params, status, error}."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._entries: list[dict[str, Any]] = []
        self._lock = Lock()

    def open(self, call: Call) -> dict[str, Any]:
        """Note a call when it arrives; ``status`` stays None until ``close``."""
        entry = {
            "n": 0,
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "service": call.service,
            "action": call.action,
            "region": call.region,
            "params": call.params,
            "status": None,
            "error": None,
        }
        with self._lock:
            entry["n"] = next(self._numbers)
            self._entries.append(entry)
        return entry

    def close(self, entry: dict[str, Any], status: int, error: str | None) -> None:
        """Note how a call was answered: HTTP status and AWS error code."""
        entry["status"] = status
        entry["error"] = error

    def entries(self) -> list[dict[str, Any]]:
        """Return every call since the last ``clear``."""
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        """Forget every call; numbers go on counting."""
        with self._lock:
            self._entries.clear()
