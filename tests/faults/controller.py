# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A controller: the module as Ansible runs it, in this process, on a desk of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar
from unittest.mock import patch

import boto3
from ansible.module_utils.testing import patch_module_args
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock
from ansible_collections.gpgpu.aws.plugins.modules import ec2_gpu_run
from botocore.retries.quota import RetryQuota

from sandbox import environment
from tests.faults.cloud import ENDPOINT
from tests.faults.wire import Killed, Time, Wire

Result = dict[str, Any]


class InOrder:
    """Takes the place of a pool of threads: one call after the other, so that the n-th call is always the same."""

    def __init__(self, **_options: Any) -> None:
        pass

    def __enter__(self) -> InOrder:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def submit(self, call: Callable[[], Any]) -> Future[Any]:
        """Run it now; whatever it raises is its result's to tell."""
        future: Future[Any] = Future()
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)
        return future


class Refilled(RetryQuota):
    """What a client may spend on repeating; refilled for each controller, as clients outlive theirs here."""

    made: ClassVar[list[Refilled]] = []

    def __init__(self) -> None:
        super().__init__()
        self.made.append(self)

    @classmethod
    def refill(cls) -> None:
        """Give every client what a new one has."""
        for quota in cls.made:
            quota.release(quota.INITIAL_CAPACITY)


# Clients of botocore by (service, region, attempts). Making them anew for each controller would be most of its work.
_CLIENTS: dict[tuple[str, str, int], Any] = {}
_MAKE_CLIENT = boto3.session.Session.client


def _client(session: Any, service: str, region: str, **options: Any) -> Any:
    key = (service, region, options["config"].retries["total_max_attempts"])
    if key not in _CLIENTS:
        _CLIENTS[key] = _MAKE_CLIENT(session, service, region, **options)
    return _CLIENTS[key]


@contextlib.contextmanager
def desk(time: Time, home: Path) -> Iterator[None]:
    """A desk with a home of its own, pretended time, and no way to any other cloud."""
    values = {
        **environment.applied(os.environ, ENDPOINT),
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
    }
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, values, clear=True))
        for name in environment.REMOVED:
            os.environ.pop(name, None)
        stack.enter_context(patch("botocore.retries.quota.RetryQuota", Refilled))
        stack.enter_context(patch("boto3.session.Session.client", _client))
        stack.enter_context(patch("botocore.endpoint.time", SimpleNamespace(sleep=time.pause)))
        stack.enter_context(patch("sandbox.strict.lag.time", SimpleNamespace(monotonic=time.now)))
        stack.enter_context(patch.object(ec2_gpu_run, "Clock", lambda: Clock(time.now, time.pause)))
        stack.enter_context(
            patch("ansible_collections.gpgpu.aws.plugins.module_utils._aws.client.ThreadPoolExecutor", InOrder)
        )
        yield


@contextlib.contextmanager
def sending(wire: Wire) -> Iterator[None]:
    """Send what botocore sends over a wire."""
    with patch("botocore.httpsession.URLLib3Session.send", lambda _session, request: wire.send(request)):
        yield


def work(wire: Wire, **options: Any) -> Result | None:
    """What the module prints; None where its controller died."""
    Refilled.refill()
    printed = io.StringIO()
    with (
        sending(wire),
        patch_module_args(options),
        redirect_stdout(printed),
    ):
        try:
            ec2_gpu_run.main()
        except SystemExit:
            pass
        except Killed:
            return None
    result: Result = json.loads(printed.getvalue())
    return result
