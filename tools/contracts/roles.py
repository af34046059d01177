# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A role says each of its variables three times: defaults/main.yml, meta/argument_specs.yml, and README.md."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jinja2 import StrictUndefined
from jinja2.exceptions import TemplateError
from jinja2.nativetypes import NativeEnvironment

ROW = re.compile(r"^\| `(?P<name>\w+)` \| (?P<type>[^|]+) \| (?P<default>[^|]+) \| [^|]+ \|$", re.MULTILINE)
JINJA = NativeEnvironment(undefined=StrictUndefined)


def problems(role: Path) -> list[str]:
    """Return where a role's defaults, argument specs and README disagree about its variables."""
    options = load(role / "meta/argument_specs.yml")["argument_specs"]["main"].get("options", {})
    source = role / "defaults/main.yml"
    text = source.read_text() if source.is_file() else ""
    rows = {match["name"]: match for match in ROW.finditer((role / "README.md").read_text())}
    return [*defaults_problems(yaml.safe_load(text) or {}, text, options), *readme_problems(rows, options)]


def load(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file; an empty file is an empty mapping."""
    return yaml.safe_load(path.read_text()) or {}


def defaults_problems(defaults: Mapping[str, Any], text: str, options: Mapping[str, Any]) -> Iterator[str]:
    """Yield where the defaults and the argument specs disagree.

    A variable with no default of its own is named in a comment, unless it is required. A computed default, whose
    value no document can know, is a template in the defaults and absent from the specs.
    """
    for name in sorted(defaults.keys() - options.keys()):
        yield f"{name}: has a default, but is no option of argument_specs"
    for name, option in options.items():
        if name not in defaults:
            if "default" in option:
                yield f"{name}: argument_specs has a default, defaults/main.yml has none"
            elif not option.get("required") and not re.search(rf"^# {name}:", text, re.MULTILINE):
                yield f"{name}: optional, but not even commented in defaults/main.yml"
        elif "default" in option and render(defaults[name], defaults) != option["default"]:
            yield f"{name}: {defaults[name]!r} in defaults/main.yml, {option['default']!r} in argument_specs"
        elif "default" not in option and not is_template(defaults[name]):
            yield f"{name}: {defaults[name]!r} in defaults/main.yml, no default in argument_specs"


def readme_problems(rows: Mapping[str, re.Match[str]], options: Mapping[str, Any]) -> Iterator[str]:
    """Yield where the README's table of variables and the argument specs disagree."""
    for name in sorted(rows.keys() ^ options.keys()):
        yield f"{name}: only in {'README.md' if name in rows else 'argument_specs'}"
    for name in sorted(rows.keys() & options.keys()):
        row, option = rows[name], options[name]
        if row["type"] != type_of(option):
            yield f"{name}: type {row['type']} in README.md, {type_of(option)} in argument_specs"
        if option.get("required") and row["default"] != "required":
            yield f"{name}: required, but README.md says {row['default']}"
        if "default" in option and f"`{written(option['default'])}`" not in row["default"]:
            yield f"{name}: README.md says {row['default']}, argument_specs {written(option['default'])}"


def type_of(option: Mapping[str, Any]) -> str:
    """Return an option's type as the README writes it: `list of str` where the elements have a type."""
    kind = option.get("type", "str")
    return f"{kind} of {option['elements']}" if "elements" in option else str(kind)


def written(value: object) -> str:
    """Return a value as YAML and the README write it: text bare unless empty, the rest as JSON."""
    return value if isinstance(value, str) and value else json.dumps(value)


def is_template(value: object) -> bool:
    """Tell whether a default is computed."""
    return isinstance(value, str) and "{{" in value


def render(value: object, variables: Mapping[str, Any]) -> object:
    """Return a default as it is when the user sets nothing; a template that cannot be rendered stays as it is."""
    if not is_template(value):
        return value
    try:
        return JINJA.from_string(str(value)).render(variables)
    except TemplateError:
        return value
