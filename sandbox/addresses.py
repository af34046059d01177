# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Public addresses of the sandbox's machines: 127.77.n.y, with n owned by one sandbox.

All of 127.0.0.0/8 is loopback on Linux and needs no set-up, so machines of several sandboxes
can listen side by side and nothing leaves the desk.
"""

from __future__ import annotations

import errno
import socket
from threading import Lock

from sandbox.errors import SandboxError

# Holding this listening socket is what owning a range means: the kernel grants it to one process
# of any user and takes it back when that process ends.
CLAIM_HOST = 254
CLAIM_PORT = 7777

RANGES = range(1, 255)
HOSTS = range(1, CLAIM_HOST)


class AddressPool:
    """Hands out addresses of the ranges this sandbox owns; claims a further range when one is full."""

    def __init__(self) -> None:
        self._claims: list[socket.socket] = []
        self._free: list[str] = []
        self._used: set[str] = set()
        self._lock = Lock()

    def take(self) -> str:
        """Return an address that no machine of any sandbox has; raise SandboxError when all are taken."""
        with self._lock:
            if not self._free:
                self._free = self._claim_range()
            address = self._free.pop(0)
            self._used.add(address)
            return address

    def give_back(self, address: str) -> None:
        """Return an address; it is handed out again last, as late packets may still be under way."""
        with self._lock:
            if address in self._used:
                self._used.remove(address)
                self._free.append(address)

    def close(self) -> None:
        """Release every range."""
        for claim in self._claims:
            claim.close()

    def _claim_range(self) -> list[str]:
        for number in RANGES:
            claim = _claim(f"127.77.{number}.{CLAIM_HOST}")
            if claim is not None:
                self._claims.append(claim)
                return [f"127.77.{number}.{host}" for host in HOSTS]
        raise SandboxError(
            "Every range 127.77.1.0 to 127.77.254.0 is taken: end a sandbox with `python -m sandbox down`."
        )


def _claim(address: str) -> socket.socket | None:
    claim = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        claim.bind((address, CLAIM_PORT))
        claim.listen(1)
    except OSError as error:
        claim.close()
        if error.errno == errno.EADDRINUSE:
            return None
        raise SandboxError(f"Can't listen on {address}: {error}. The sandbox needs Linux's 127.0.0.0/8.") from error
    return claim
