# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several cloud-configs made one, as cloud-init merges them.

A later part says how it is merged into the earlier ones: by `merge_how` in itself or by a Merge-Type header.
https://docs.cloud-init.io/en/latest/reference/merging.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Options = Mapping[str, Sequence[str]]
"""Type of value (dict, list, str) -> how such values are merged."""

DEFAULT = "dict(replace)+list()+str()"
_STEP = re.compile(r"([a-z_][a-z0-9_]*)\((.*)\)")
_LISTS = ("append", "prepend", "replace", "no_replace")


def merge(old: Any, new: Any, options: Options) -> Any:
    """Return the old value with the new one merged into it; what no option speaks of stays as it is."""
    if isinstance(old, dict) and "dict" in options:
        return _merge_dicts(old, new, options) if isinstance(new, dict) else old
    if isinstance(old, list) and "list" in options:
        return _merge_lists(old, new, options)
    if isinstance(old, str) and "str" in options:
        return old + new if "append" in options["str"] else new
    return old


def _merge_dicts(old: dict[Any, Any], new: dict[Any, Any], options: Options) -> dict[Any, Any]:
    words, merged = options["dict"], dict(old)
    for key, value in new.items():
        if key in merged and value is None and "allow_delete" in words:
            del merged[key]
        elif key not in merged or "replace" in words:
            merged[key] = value
        elif isinstance(value, dict) or _recurses(value, words):
            merged[key] = merge(merged[key], value, options)
    return merged


def _merge_lists(old: list[Any], new: Any, options: Options) -> Any:
    words = options["list"]
    how = next((word for word in _LISTS if word in words), "replace")
    if how == "replace" and not isinstance(new, list):
        return new
    if how in ("append", "prepend"):
        return [*old, *new] if how == "append" else [*new, *old]
    pairs = [(old[index], new[index]) for index in range(min(len(old), len(new)))]
    kept = how == "no_replace"
    head = [before if kept else _merge_items(before, after, options) for before, after in pairs]
    return [*head, *old[len(head) :]]


def _merge_items(old: Any, new: Any, options: Options) -> Any:
    words = options["list"]
    deeper = _recurses(new, words) or (isinstance(new, dict) and "recurse_dict" in words)
    return merge(old, new, options) if deeper else new


def _recurses(value: Any, words: Sequence[str]) -> bool:
    if isinstance(value, list):
        return "recurse_list" in words or "recurse_array" in words
    return isinstance(value, str) and "recurse_str" in words


def options_of(config: dict[str, Any], header: str) -> Options:
    """Return how a config wants to be merged, and take the keys that say so out of it.

    Raises:
        ValueError: it says so in a form that cloud-init does not know.
    """
    given = config.pop("merge_how", None)
    if given is None:
        given = config.pop("merge_type", None)
    steps = [*_steps_of(given), *_steps_in(header)] or _steps_in(DEFAULT)
    # The first step of a type is the one that counts.
    return dict(reversed(steps))


def _steps_of(given: Any) -> list[tuple[str, Sequence[str]]]:
    if given is None or isinstance(given, str):
        return _steps_in(given or "")
    steps = [(row["name"], row["settings"]) if isinstance(row, dict) else (row[0], row[1:]) for row in given]
    return [(name.replace("-", "_").strip().removeprefix("m_"), words) for name, words in steps]


def _steps_in(text: str) -> list[tuple[str, Sequence[str]]]:
    steps: list[tuple[str, Sequence[str]]] = []
    for step in text.lower().replace("-", "_").split("+"):
        if step.strip():
            match = _STEP.fullmatch(step.strip())
            if not match:
                raise ValueError(f"{step.strip()!r} is no way to merge")
            words = [word.strip() for word in match[2].split(",") if word.strip()]
            steps.append((match[1].removeprefix("m_"), words))
    return steps
