# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WSGI application in front of moto: every AWS call passes here once.

Order: journal, credentials, permissions, faults, then the sandbox's own services or moto.
One lock orders the calls, because moto's state is not safe for threads and ours must be the truth.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from socket import SHUT_RDWR
from threading import RLock
from typing import Any

from sandbox import call as calls
from sandbox.answers import Answer, AwsError, aws_error
from sandbox.call import Call, Environ
from sandbox.control import Control
from sandbox.faults import Fault, FaultScript
from sandbox.journal import Journal
from sandbox.strict import credentials
from sandbox.strict.authorization import Permissions

WsgiApplication = Callable[[Environ, Any], Iterable[bytes]]
Service = Callable[[Call], Answer]

LOG = logging.getLogger(__name__)

_ERROR_CODE = re.compile(rb'<Code>([^<]+)</Code>|"(?:__type|Code)": ?"(?:[^"#]*#)?([^"]+)"')


class Gate:
    """Passes calls on, and keeps the books about them."""

    def __init__(
        self,
        *,
        moto: WsgiApplication,
        services: Mapping[tuple[str, str], Service],
        control: Control,
        journal: Journal,
        faults: FaultScript,
        permissions: Permissions,
        lock: RLock,
        before_each: Callable[[], None],
    ) -> None:
        self._moto = moto
        self._services = services
        self._control = control
        self._journal = journal
        self._faults = faults
        self._permissions = permissions
        self._lock = lock
        self._before_each = before_each

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer one HTTP request."""
        path = environ.get("PATH_INFO", "")
        if path.startswith("/_sandbox/"):
            with self._lock:
                return _send(self._control.answer(environ), start_response)
        call = calls.read(environ)
        entry = self._journal.open(call)
        fault = self._faults.next_for(call)
        if fault and fault.delay_seconds:
            time.sleep(fault.delay_seconds)
        answer = self._answer(call, environ, fault)
        self._journal.close(entry, answer.status, answer.error_code)
        if fault and fault.lost_response:
            entry["error"] = "lost_response"
            environ["werkzeug.socket"].shutdown(SHUT_RDWR)
        return _send(answer, start_response)

    def _answer(self, call: Call, environ: Environ, fault: Fault | None) -> Answer:
        try:
            credentials.check(call)
            self._permissions.check(call)
            if fault and fault.error:
                raise fault.error
            with self._lock:
                self._before_each()
                service = self._services.get((call.service, call.action))
                return service(call) if service else self._ask_moto(environ)
        except AwsError as error:
            return aws_error(call, error)
        except NotImplementedError as error:
            return aws_error(call, AwsError("InvalidAction", f"The sandbox does not do this: {error or call.action}"))
        except Exception as error:  # A server answers every request; the log has the traceback.
            LOG.exception("%s %s failed", call.service, call.action)
            return aws_error(call, AwsError("InternalError", f"The sandbox failed: {error!r}", 500))

    def _ask_moto(self, environ: Environ) -> Answer:
        """Run moto to its end inside the lock and return its whole answer."""
        seen: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            seen.update(status=int(status.split()[0]), headers=dict(headers))

        body = b"".join(self._moto(environ, start_response))
        content_type = seen["headers"].get("Content-Type", "text/xml")
        error_code = _error_code(body) if seen["status"] >= 400 else None
        return Answer(seen["status"], content_type, body, error_code, seen["headers"])


def _error_code(body: bytes) -> str | None:
    found = _ERROR_CODE.search(body)
    return (found[1] or found[2]).decode() if found else None


def _send(answer: Answer, start_response: Any) -> Iterable[bytes]:
    headers = {**answer.headers, "Content-Type": answer.content_type, "Content-Length": str(len(answer.body))}
    start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", list(headers.items()))
    return [answer.body]
