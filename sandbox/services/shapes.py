# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests held to botocore's service models: types, required members, lengths, words and patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.loaders import create_loader
from botocore.model import ServiceModel, Shape
from botocore.validate import ParamValidator


def problems(service: str, operation: str, params: Any) -> list[str]:
    """Return what is wrong with a request of an operation, nothing where it is good."""
    shape = _model(service).operation_model(operation).input_shape
    report = ParamValidator().validate(params, shape)
    if report.has_errors():
        return [str(report.generate_report())]
    return list(_wrong_words(params, shape, ""))


@cache
def _model(service: str) -> ServiceModel:
    return ServiceModel(create_loader().load_service_model(service, "service-2"), service)


def _wrong_words(value: Any, shape: Shape, path: str) -> Iterator[str]:
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if name in value:
                yield from _wrong_words(value[name], member, f"{path}.{name}")
    elif shape.type_name == "list":
        for index, row in enumerate(value):
            yield from _wrong_words(row, shape.member, f"{path}[{index}]")
    elif shape.type_name == "string":
        words, pattern = shape.metadata.get("enum"), shape.metadata.get("pattern")
        if words and value not in words:
            yield f"{path[1:]} must be one of {', '.join(words)}, not {value!r}"
        if pattern and not re.fullmatch(pattern, value):
            yield f"{path[1:]} must match {pattern}, unlike {value!r}"
