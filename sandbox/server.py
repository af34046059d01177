# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The background server of one sandbox: ``python -m sandbox.server`` (started by ``up``)."""

from __future__ import annotations

import argparse
import logging
import os
import signal
from threading import RLock, Thread
from typing import Any

from sandbox import record
from sandbox.control import Control, Routes, caller_address, empty, put, show
from sandbox.faults import FaultScript
from sandbox.gate import Gate
from sandbox.journal import Journal
from sandbox.record import Record
from sandbox.strict.authorization import Permissions
from sandbox.world import World

HOST = "127.0.0.1"


def main(arguments: list[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then end every host."""
    options = _options(arguments)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level=logging.WARNING)
    world = World(options.backend, record.directory(options.name), options.boot_seconds)
    server = _listen(world)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: Thread(target=server.shutdown).start())
    pid = os.getpid()
    record.save(
        Record(
            name=options.name,
            backend=options.backend,
            pid=pid,
            pid_start=record.process_start(pid) or 0,
            port=server.server_port,
            boot_seconds=options.boot_seconds,
        )
    )
    if options.ready_fd is not None:
        os.write(options.ready_fd, b"ready")
        os.close(options.ready_fd)
    try:
        server.serve_forever(poll_interval=0.05)
    finally:
        world.close()


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.server")
    parser.add_argument("--name", required=True)
    parser.add_argument("--backend", required=True)
    parser.add_argument("--boot-seconds", type=float, default=0.0)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ready-fd", type=int)
    return parser.parse_args(arguments)


def _listen(world: World) -> Any:
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    from sandbox.services.table import SERVICES

    journal, faults, permissions = Journal(), FaultScript(), Permissions()
    gate = Gate(
        moto=DomainDispatcherApplication(create_backend_app),
        services=SERVICES,
        control=Control(_control_routes(world, journal, faults, permissions)),
        journal=journal,
        faults=faults,
        permissions=permissions,
        lock=RLock(),
        before_each=world.settle,
    )

    class QuietHandler(MotoRequestHandler):
        """The journal is the log; werkzeug's lines would say the same again."""

        def log(self, type: str, message: str, *args: Any) -> None:
            if type == "error":
                super().log(type, message, *args)

    return make_server(HOST, 0, gate, threaded=True, request_handler=QuietHandler)


def _control_routes(world: World, journal: Journal, faults: FaultScript, permissions: Permissions) -> Routes:
    from sandbox.clock import CLOCK
    from sandbox.services import quota_table
    from sandbox.services.marketplace_book import BOOK
    from sandbox.state import snapshot
    from sandbox.strict.lag import LAG
    from sandbox.strict.service_roles import ROLES
    from sandbox.strict.stock import STOCK

    return {
        "GET checkip": caller_address,
        "GET state": show(lambda: snapshot(world)),
        "GET calls": show(journal.entries),
        "DELETE calls": empty(journal.clear),
        "PUT faults": put(faults.replace),
        "PUT allowed": put(permissions.allow),
        "PUT clock": put(CLOCK.replace),
        "PUT denied": put(permissions.replace),
        "PUT lag": put(LAG.replace),
        "PUT marketplace": put(BOOK.replace),
        "PUT quotas": put(quota_table.TABLE.replace),
        "PUT roles": put(ROLES.replace),
        "PUT stock": put(STOCK.replace),
    }


if __name__ == "__main__":
    main()
