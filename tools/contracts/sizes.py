# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How large a file, a list of tasks and a function may be. A line counts unless it is blank or a comment."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from typing import Any

import yaml

# Pattern of the path, most lines of code.
LINES = (
    ("playbooks/*.yml", 40),
    ("roles/*/tasks/*.yml", 60),
    ("roles/*/handlers/*.yml", 60),
    ("plugins/modules/*.py", 150),
    ("*.py", 250),
)
TASKS = 12
FUNCTION_LINES = 40
DOCUMENTATION = {"DOCUMENTATION", "EXAMPLES", "RETURN"}


def problems(path: str, text: str) -> list[str]:
    """Return what in a file, given by its path in the clone and its text, is too large."""
    found = [*too_long(path, text)]
    if path.endswith(".py"):
        found += long_functions(ast.parse(text))
    if fnmatch(path, "roles/*/tasks/*.yml"):
        found += many_tasks(yaml.safe_load(text) or [])
    return [f"{path}: {sentence}" for sentence in found]


def too_long(path: str, text: str) -> Iterator[str]:
    """Yield a sentence when a file has more lines than the first pattern that fits its path allows."""
    limit = next((most for pattern, most in LINES if fnmatch(path, pattern)), None)
    lines = count_lines(text.splitlines(), documentation_lines(text) if path.startswith("plugins/modules/") else set())
    if limit is not None and lines > limit:
        yield f"{lines} lines, {limit} allowed"


def count_lines(lines: Iterable[str], left_out: set[int]) -> int:
    """Count the lines that are neither blank, nor a comment, nor left out by their number."""
    numbered = ((number, line.strip()) for number, line in enumerate(lines, start=1))
    return sum(1 for number, line in numbered if line and not line.startswith("#") and number not in left_out)


def documentation_lines(text: str) -> set[int]:
    """Return the numbers of the lines that document a module."""
    nodes = [node for node in ast.parse(text).body if isinstance(node, ast.Assign)]
    documents = [node for node in nodes if {getattr(each, "id", "") for each in node.targets} & DOCUMENTATION]
    return {number for node in documents for number in range(node.lineno, (node.end_lineno or 0) + 1)}


def long_functions(tree: ast.AST) -> Iterator[str]:
    """Yield the functions that have too many lines, from `def` to the last."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{node.name} has {lines} lines, {FUNCTION_LINES} allowed"


def many_tasks(tasks: list[Any]) -> Iterator[str]:
    """Yield a sentence when a file has too many tasks, those inside blocks included."""
    number = sum(1 for _ in every_task(tasks))
    if number > TASKS:
        yield f"{number} tasks, {TASKS} allowed"


def every_task(tasks: list[Any]) -> Iterator[Any]:
    """Yield the tasks of a list, and those of its blocks in their place."""
    for task in tasks:
        parts = [task[part] for part in ("block", "rescue", "always") if part in task]
        yield from (inner for part in parts for inner in every_task(part)) if parts else [task]
