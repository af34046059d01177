# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between a controller and the cloud: the n-th call is lost, or its answer, or the controller dies there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

from sandbox.environment import ACCESS_KEY_ID, EXPIRED_ACCESS_KEY_ID
from tests.faults.cloud import Cloud

# What a call takes, in seconds of the pretended time.
CALL_SECONDS = 0.05
# botocore waits so long for an answer.
# https://botocore.amazonaws.com/v1/documentation/api/latest/reference/config.html
ANSWER_SECONDS = 60.0
DOWN_SECONDS = 60.0

DEATHS = ("die_before", "die_after")
"""The controller dies, before the n-th call left it or before it has the answer."""
TROUBLES = ("lose_request", "lose_answer", "slow", "expire", "down")
"""One call never arrives; one answer never does; one answer comes late; from here on the credentials have expired;
for a minute from here on nothing answers."""


class Killed(BaseException):
    """The controller is dead."""


@dataclass
class Time:
    """Pretended time, in seconds: pauses cost none."""

    seconds: float = 0.0

    def now(self) -> float:
        """The time now."""
        return self.seconds

    def pause(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds


@dataclass
class Wire:
    """The wire of one controller.

    Parameters:
        troubles: number of a call, from 1, to what happens to it: a word of DEATHS or TROUBLES.
        watch: looks at the world after a call that may have changed it.
        called: what was called so far.
        hit: the troubles that came to pass.
    """

    cloud: Cloud
    time: Time
    troubles: Mapping[int, str]
    watch: Callable[[], None]
    called: list[str] = field(default_factory=list)
    hit: list[int] = field(default_factory=list)
    dead: bool = False
    expired: bool = False
    down_until: float = -1.0

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """Take the place of botocore's own sender."""
        if self.dead:
            raise Killed
        self.time.pause(CALL_SECONDS)
        self.called.append(_action(request))
        trouble = self.troubles.get(len(self.called), "")
        if trouble:
            self.hit.append(len(self.called))
        self._begin(trouble, request)
        answer = self.cloud.answer(request)
        if not self.called[-1].startswith(("Describe", "Get", "List", "Search")):
            self.watch()
        self._end(trouble, request)
        return answer

    def _begin(self, trouble: str, request: AWSPreparedRequest) -> None:
        if trouble == "die_before":
            self._die()
        if trouble == "down":
            self.down_until = self.time.now() + DOWN_SECONDS
        if trouble == "lose_request" or self.time.now() < self.down_until:
            raise EndpointConnectionError(endpoint_url=request.url)
        self.expired = self.expired or trouble == "expire"
        if self.expired:
            _sign_with_expired(request)

    def _end(self, trouble: str, request: AWSPreparedRequest) -> None:
        if trouble == "die_after":
            self._die()
        if trouble == "lose_answer":
            raise ConnectionClosedError(endpoint_url=request.url)
        if trouble == "slow":
            self.time.pause(ANSWER_SECONDS)
            raise ReadTimeoutError(endpoint_url=request.url)

    def _die(self) -> None:
        self.dead = True
        raise Killed


def _action(request: AWSPreparedRequest) -> str:
    target = request.headers.get("X-Amz-Target")
    if target:
        return (target.decode() if isinstance(target, bytes) else str(target)).rpartition(".")[2]
    body = request.body or b""
    text = body.decode() if isinstance(body, bytes) else str(body)
    return parse_qs(text).get("Action", [f"{request.method} {request.url}"])[0]


def _sign_with_expired(request: AWSPreparedRequest) -> None:
    signed = request.headers["Authorization"]
    text = signed.decode() if isinstance(signed, bytes) else str(signed)
    del request.headers["Authorization"]
    request.headers["Authorization"] = text.replace(ACCESS_KEY_ID, EXPIRED_ACCESS_KEY_ID)
