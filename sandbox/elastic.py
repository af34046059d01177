# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic addresses that reach their machine: what connects to one is passed on to the host of the instance.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html
The host listens on its first address for its whole life; an address that is moved away drops its connections.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from contextlib import ExitStack, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

from sandbox.addresses import AddressPool
from sandbox.environment import SSH_PORT
from sandbox.lifecycle import Machine

CHUNK = 65536

# Where the host behind an address listens now; None where nothing does.
Target = Callable[[], str | None]

# Tells the running host of an instance which public address it has now.
Tell = Callable[[Any], None]


class ElasticAddresses:
    """The elastic addresses that are associated, each with what passes its connections on."""

    def __init__(self, pool: AddressPool, machine_of: Callable[[str], Machine | None], tell: Tell) -> None:
        self._pool = pool
        self._machine_of = machine_of
        self._tell = tell
        self._passers: dict[str, _Passer] = {}

    def attach(self, address: str, instance: Any) -> None:
        """Lead an elastic address to an instance."""
        self._drop(address)
        if self._host_address(instance.id) is not None:
            self._passers[address] = _Passer(address, lambda: self._host_address(instance.id))
        self._tell(instance)

    def detach(self, address: str, instance: Any) -> None:
        """Lead an elastic address nowhere, and give the instance its own address back."""
        self._drop(address)
        self._show_own_address(address, instance)
        self._tell(instance)

    def give_back(self, address: str) -> None:
        """Return a released elastic address to the pool."""
        self._pool.give_back(address)

    def own_address(self, instance: Any) -> str | None:
        """Return the address of an instance that is about to boot, and show its elastic one where it has one."""
        own: str | None = instance.public_ip
        kept = next((row for row in instance.ec2_backend.addresses if row.instance is instance), None)
        if kept is not None:
            own = None if own == kept.public_ip else own
            instance.nics[0].public_ip = kept.public_ip
        return own

    def close(self) -> None:
        """Lead every address nowhere."""
        for address in list(self._passers):
            self._drop(address)

    def _show_own_address(self, address: str, instance: Any) -> None:
        machine, interface = self._machine_of(instance.id), instance.nics.get(0)
        if machine is None or machine.address is None or interface is None:
            return
        if interface.public_ip in (None, machine.address):
            return
        if interface.public_ip != address:
            # moto took another address of the pool; the host still listens on its first one.
            self._pool.give_back(interface.public_ip)
        interface.public_ip = machine.address

    def _drop(self, address: str) -> None:
        passer = self._passers.pop(address, None)
        if passer is not None:
            passer.close()

    def _host_address(self, instance_id: str) -> str | None:
        """Return where the host of an instance listens now, or None where it has none."""
        machine = self._machine_of(instance_id)
        return machine.address if machine and machine.host else None


class _Passer(ThreadingTCPServer):
    """Listens on an elastic address, for ssh."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: str, target: Target) -> None:
        self.target = target
        self.open: set[socket.socket] = set()
        super().__init__((address, SSH_PORT), _Connection)
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        """Stop listening and drop every connection."""
        self.shutdown()
        self.server_close()
        for connection in list(self.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Connection(BaseRequestHandler):
    """One connection to an elastic address."""

    server: Any

    def handle(self) -> None:
        """Pass bytes both ways until one side ends."""
        address = self.server.target()
        if address is None:
            return
        with ExitStack() as stack, suppress(OSError):
            host = stack.enter_context(socket.create_connection((address, SSH_PORT), timeout=10))
            host.settimeout(None)
            self.server.open.add(self.request)
            stack.callback(self.server.open.discard, self.request)
            _pass(self.request, host)


def _pass(one: socket.socket, other: socket.socket) -> None:
    peers = {one: other, other: one}
    while True:
        for ready in select.select(list(peers), [], [])[0]:
            data = ready.recv(CHUNK)
            if not data:
                return
            peers[ready].sendall(data)
