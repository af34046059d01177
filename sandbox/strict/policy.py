# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM policies: what a set of documents allows, by action, resource and condition.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
Only the operators that our documents use; any other is refused, not passed over. Documents only allow here: what is
forbidden, the control plane says by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

# The values of each condition key of one request; a key that is not there has none.
Context = Mapping[str, tuple[str, ...]]

FIELDS = {"Sid", "Effect", "Action", "Resource", "Condition"}


def _equal(value: str, wanted: str) -> bool:
    return value == wanted


# Operator: (how a value is compared, whether every value of the key must fit and none may be there).
OPERATORS: Mapping[str, tuple[Callable[[str, str], bool], bool]] = {
    "StringEquals": (_equal, False),
    "StringLike": (fnmatchcase, False),
    "ForAllValues:StringEquals": (_equal, True),
}


@dataclass(frozen=True)
class Statement:
    """One statement that allows."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]

    def allows(self, action: str, resource: str, context: Context) -> bool:
        """Tell whether it allows an action on a resource; actions are compared without case, as IAM does."""
        return (
            any(fnmatchcase(action.lower(), pattern.lower()) for pattern in self.actions)
            and any(fnmatchcase(resource, pattern) for pattern in self.resources)
            and all(_holds(condition, context) for condition in self.conditions)
        )


def _holds(condition: tuple[str, str, tuple[str, ...]], context: Context) -> bool:
    operator, key, wanted = condition
    compare, every = OPERATORS[operator]
    values = context.get(key, ())
    if every:
        return all(any(compare(value, one) for one in wanted) for value in values)
    return any(compare(value, one) for value in values for one in wanted)


def read_documents(documents: object) -> tuple[Statement, ...]:
    """Return the statements of policy documents.

    Raises:
        ValueError: something that is no list of documents, or says what is not understood here.
    """
    if not isinstance(documents, list) or not all(isinstance(row, dict) for row in documents):
        raise ValueError("Allowed permissions are a JSON list of policy documents.")
    return tuple(_statement(row) for document in documents for row in _many(document.get("Statement")))


def _statement(row: Any) -> Statement:
    if not isinstance(row, dict) or set(row) - FIELDS or row.get("Effect") != "Allow":
        raise ValueError(f"A statement allows, and has no other fields than {sorted(FIELDS)}: {row!r}")
    return Statement(_texts(row.get("Action")), _texts(row.get("Resource")), tuple(_conditions(row)))


def _conditions(row: Mapping[str, Any]) -> Iterable[tuple[str, str, tuple[str, ...]]]:
    for operator, wanted in row.get("Condition", {}).items():
        if operator not in OPERATORS:
            raise ValueError(f"The condition operator {operator} is not understood here.")
        for key, values in wanted.items():
            yield operator, key, _texts(values)


def _texts(value: Any) -> tuple[str, ...]:
    texts = _many(value)
    if not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"Not a text, nor a list of texts: {value!r}")
    return tuple(texts)


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
