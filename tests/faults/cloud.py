# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox in this process: its whole API without sockets, its faults, and the truth as it keeps it."""

from __future__ import annotations

import io
from pathlib import Path
from threading import RLock
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from sandbox.control import Control
from sandbox.faults import FaultScript
from sandbox.gate import Gate
from sandbox.journal import Journal
from sandbox.strict.authorization import Permissions
from sandbox.world import World

# Where calls are said to go; nothing listens there, and nothing needs to.
ENDPOINT = "http://127.0.0.1:9"

# What the account has enabled: three are enough to be wrong in, and each costs a teardown four calls.
REGIONS = ("eu-west-1", "us-east-1", "us-west-2")

Row = dict[str, Any]
# (region, kind, id) -> what it is.
Truth = dict[tuple[str, str, str], Row]


class Cloud:
    """A sandbox without hosts, called directly."""

    def __init__(self, folder: Path) -> None:
        self.world = World("none", folder, 0.0)
        self.faults, self.permissions, self._journal = FaultScript(), Permissions(), Journal()
        self._gate = self._build()
        self._enable_regions()

    def _build(self) -> Gate:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        from sandbox.services.table import SERVICES

        return Gate(
            moto=DomainDispatcherApplication(create_backend_app),
            services=SERVICES,
            control=Control({}),
            journal=self._journal,
            faults=self.faults,
            permissions=self.permissions,
            lock=RLock(),
            before_each=self.world.settle,
        )

    def _enable_regions(self) -> None:
        from sandbox.strict import regions

        regions.REGIONS.update({name: "not-opted-in" for name in regions.REGIONS if name not in REGIONS})

    def answer(self, request: AWSPreparedRequest) -> AWSResponse:
        """Carry out one signed request of botocore."""
        seen: Row = {}

        def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            seen.update(status=int(status.split()[0]), headers=dict(headers))

        body = b"".join(self._gate(_environ(request), start_response))
        self._journal.clear()
        return AWSResponse(request.url, seen["status"], seen["headers"], _Raw(body))

    def usual(self) -> None:
        """End every fault."""
        from sandbox.strict.lag import LAG
        from sandbox.strict.stock import STOCK

        self.faults.replace([])
        self.permissions.replace([])
        LAG.replace({})
        STOCK.replace([])

    def truth(self) -> Truth:
        """Everything that exists and is not over, but for what every account has."""
        from sandbox.state import snapshot

        return {
            (region, kind, row["id"]): row
            for region, kinds in snapshot(self.world)["regions"].items()
            for kind, rows in kinds.items()
            for row in rows
            if not row.get("default") and row.get("state") not in OVER[kind]
        }

    def user_data(self, instance_id: str) -> str:
        """The user data of a machine, as it was sent: base64."""
        machine = self.world.lifecycle.machine(instance_id)
        return str(machine.instance.user_data or "") if machine else ""

    def forget(self) -> None:
        """Drop what is over, as AWS does after an hour: it would slow down every later reading."""
        from moto.core import DEFAULT_ACCOUNT_ID
        from moto.ec2.models import ec2_backends

        for backend in ec2_backends[DEFAULT_ACCOUNT_ID].values():
            for key, reservation in list(backend.reservations.items()):
                if all(instance.state == "terminated" for instance in reservation.instances):
                    del backend.reservations[key]
            for key, request in list(backend.spot_instance_requests.items()):
                if request.state in OVER["spot_instance_requests"]:
                    del backend.spot_instance_requests[key]


class _Over(dict[str, tuple[str, ...]]):
    def __missing__(self, _kind: str) -> tuple[str, ...]:
        return ()


# States in which a thing of a kind is over: it bills nothing, and goes by itself.
OVER = _Over(
    instances=("terminated",),
    spot_instance_requests=("closed", "cancelled", "failed"),
    capacity_reservations=("cancelled", "expired", "failed"),
    instance_connect_endpoints=("delete-complete",),
)


class _Raw(io.BytesIO):
    """A body as urllib3 hands it over."""

    def stream(self, **_options: Any) -> Any:
        yield self.read()


def _environ(request: AWSPreparedRequest) -> Row:
    """The WSGI environment of a request (PEP 3333)."""
    url = urlsplit(request.url)
    body = request.body or b""
    data = body.encode() if isinstance(body, str) else body
    headers = {name: _text(value) for name, value in request.headers.items()}
    return {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": url.path or "/",
        "RAW_URI": url.path or "/",
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname,
        "SERVER_PORT": str(url.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "SCRIPT_NAME": "",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(data),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
        "HTTP_HOST": url.netloc,
        "CONTENT_TYPE": headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(data)),
    }


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
