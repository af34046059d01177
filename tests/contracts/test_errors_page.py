# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page about errors is the table that decides; its tables are what `rows` makes of it."""

from __future__ import annotations

import re
from itertools import groupby

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.refusal import source_url
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.refusals import RULES, Rule

from tools.shipped import ROOT

PAGE = ROOT / "docs/errors.md"
HEAD = ["| AWS says | You | Seen |", "|---|---|---|"]


def section(rule: Rule) -> str:
    return f"## `{rule.kind}`: `{rule.action}`"


def row(rules: list[Rule]) -> str:
    """One row: the codes that share expression, next step and source."""
    first = rules[0]
    codes = ", ".join(f"`{rule.code}`" for rule in rules)
    words = f" with `{first.says}`" if first.says else ""
    return f"| {codes}{words} | {first.next_step} | [here]({source_url(first.source)}) |"


def rows(rules: tuple[Rule, ...]) -> dict[str, list[str]]:
    """The tables of the page by their headings."""
    kinds = list(dict.fromkeys(rule.kind for rule in rules))
    ordered = sorted(rules, key=lambda rule: (kinds.index(rule.kind), rule.action))
    return {
        title: HEAD + [row(list(same)) for _key, same in groupby(list(group), key=lambda rule: (rule.says, *rule[4:]))]
        for title, group in groupby(ordered, key=section)
    }


def written() -> dict[str, list[str]]:
    """The tables that stand on the page by their headings."""
    parts = re.split(r"^(## `.*)$", PAGE.read_text(), flags=re.MULTILINE)
    tables = ([line for line in text.splitlines() if line.startswith("|")] for text in parts[2::2])
    return dict(zip(parts[1::2], tables, strict=True))


def test_the_page_is_the_table() -> None:
    expected = "\n\n".join("\n".join([title, "", *lines]) for title, lines in rows(RULES).items())
    assert written() == rows(RULES), f"write this into {PAGE.name}:\n\n{expected}\n"


@pytest.mark.parametrize("action", sorted({rule.action for rule in RULES}))
def test_the_page_explains_every_action(action: str) -> None:
    assert f"| `{action}` |" in PAGE.read_text()


def test_codes_of_one_meaning_share_a_row() -> None:
    rules = (Rule("A", "", "k", "stop", "Do.", "o/n#1"), Rule("B", "", "k", "stop", "Do.", "o/n#1"))
    link = "[here](https://github.com/o/n/issues/1)"
    assert rows(rules) == {"## `k`: `stop`": [*HEAD, f"| `A`, `B` | Do. | {link} |"]}
