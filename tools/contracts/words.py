# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words that a file must not hold: what hides a failure, leaves work undone, or opens a machine to the world."""

from __future__ import annotations

import re
from fnmatch import fnmatch

# Pattern of the path, what it must not hold, why.
FORBIDDEN = (
    ("roles/*.yml", r"\bset_fact\b", "a computed value belongs to a module, a constant to vars"),
    ("roles/*.yml", r"\bignore_errors\b", "a failure that may happen is named in failed_when"),
    ("roles/*.yml", r"\bwith_\w+:", "loop"),
    ("roles/*.yml", r"\b(builtin\.)?pause:", "wait for a state, not for a time"),
    ("roles/*", r"0\.0\.0\.0/0|::/0", "only the caller's address is let in"),
    ("plugins/*", r"0\.0\.0\.0/0|::/0", "only the caller's address is let in"),
    ("playbooks/*", r"\bset_fact\b|\bignore_errors\b", "a playbook names roles and their order, no more"),
    ("*", r"#.*\b(noqa|nosec|type: ignore|pylint: disable|yamllint disable|TODO|FIXME|XXX)\b", "mend it instead"),
    (
        "tests/*.py",
        r"\bsleep\(|@pytest\.mark\.(skip|xfail)|\bassert True\b",
        "a test waits for nothing and always tests",
    ),
)
TEXT = (".py", ".yml", ".yaml", ".toml", ".cfg", ".sh")
# The two files that must spell the words.
EXEMPT = ("tools/contracts/words.py", "tests/contracts/test_words.py")


def problems(path: str, text: str) -> list[str]:
    """Return the forbidden words in a file, given by its path in the clone and its text."""
    if path in EXEMPT or not path.endswith(TEXT):
        return []
    rules = [(re.compile(words), reason) for pattern, words, reason in FORBIDDEN if fnmatch(path, pattern)]
    lines = list(enumerate(text.splitlines(), start=1))
    found = [(number, rule.search(line), reason) for rule, reason in rules for number, line in lines]
    return [f"{path}:{number}: {match.group()!r}: {reason}" for number, match, reason in found if match]
