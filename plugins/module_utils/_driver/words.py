# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words and versions of people: which known word is nearest, and how versions compare. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache


def nearest(word: str, words: Iterable[str]) -> str:
    """A sentence with the nearest known word; empty when none is near. Upper and lower case are the same."""
    known = {one.lower(): one for one in words}
    near = get_close_matches(word.lower(), known, n=1) or [
        one for one in known if len(word) > 2 and word.lower() in one
    ]
    return f"Did you mean {known[near[0]]}? " if near else ""


@cache
def as_numbers(version: str) -> tuple[int, ...]:
    """A version as numbers that compare: `580.95.05` is (580, 95, 5)."""
    return tuple(int(part) for part in re.findall(r"\d+", version))
