# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A boto3 client that answers from a table, records its calls, and refuses a call that botocore would refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import botocore.loaders
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

REGION = "us-west-2"
Params = Mapping[str, Any]
# One answer for every call, a list of answers (the last one stays), an exception, or a function of the request.
Answer = dict[str, Any] | list[Any] | Exception | Callable[..., Any]


@cache
def operations(service: str) -> dict[str, Any]:
    """The operations of a service by the names of boto3's methods, from botocore's own model."""
    model = ServiceModel(botocore.loaders.create_loader().load_service_model(service, "service-2"), service)
    return {xform_name(name): model.operation_model(name) for name in model.operation_names}


def problems_of(service: str, method: str, params: Params) -> str:
    """What botocore has against a request; empty when it would send it."""
    shape = operations(service)[method].input_shape
    return str(ParamValidator().validate(dict(params), shape).generate_report()) if shape else ""


def problems_of_answer(service: str, method: str, answer: Params) -> str:
    """What botocore's model has against an answer; empty when AWS could give it."""
    shape = operations(service)[method].output_shape
    return str(ParamValidator().validate(dict(answer), shape).generate_report()) if shape else ""


def aws_error(code: str, message: str = "words of AWS") -> ClientError:
    """The exception of a call that AWS refused."""
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


def call_error(code: str, message: str = "words of AWS") -> AwsCallError:
    """The same, as the functions of _aws raise it."""
    return AwsCallError(message="Failed to do it", exception=aws_error(code, message))


class FakeClient:
    """One client: `FakeClient("ec2", describe_images={"Images": []})`.

    Parameters:
        calls: the calls so far, each a method and its parameters.
    """

    def __init__(self, service: str = "ec2", **answers: Answer) -> None:
        self._service = service
        self._answers = answers
        self.calls: list[tuple[str, Params]] = []

    def __getattr__(self, method: str) -> Callable[..., Any]:
        return lambda **params: self._answer(method, params)

    def get_paginator(self, method: str) -> FakePaginator:
        """A paginator whose answer is one page."""
        return FakePaginator(lambda params: self._answer(method, params))

    @property
    def methods(self) -> list[str]:
        """The methods called so far, in order."""
        return [method for method, _params in self.calls]

    def sent(self, method: str) -> list[Params]:
        """The parameters of each call of a method."""
        return [params for name, params in self.calls if name == method]

    def _answer(self, method: str, params: Params) -> Any:
        self.calls.append((method, params))
        assert problems_of(self._service, method, params) == ""
        answer = self._answers[method]
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(**params) if callable(answer) else answer


@dataclass
class FakePaginator:
    """Answers like boto3's paginator, in one page."""

    read: Callable[[Params], Any]
    params: Params = field(default_factory=dict)

    def paginate(self, **params: Any) -> FakePaginator:
        """The same paginator with its parameters."""
        return FakePaginator(self.read, params)

    def build_full_result(self) -> Any:
        """The one page."""
        return self.read(self.params)


def clients_of(*, region: str = REGION, **made: FakeClient) -> Clients:
    """Clients that are fakes, named by service with underscores: `clients_of(ec2=..., service_quotas=...)`."""
    return Clients(lambda service, _region, **_options: made[service.replace("-", "_")], region)


class FakeClock(Clock):
    """Time that passes only in pauses."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.pauses: list[float] = []
        super().__init__(now=lambda: self.seconds, pause=self._pause)

    def _pause(self, seconds: float) -> None:
        self.pauses.append(round(seconds, 3))
        self.seconds += seconds
