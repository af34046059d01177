# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nearest word, and versions that compare."""

from __future__ import annotations

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._driver.words import as_numbers, nearest


@pytest.mark.parametrize(
    ("word", "known", "sentence"),
    [
        ("a10g", ["A10G"], "Did you mean A10G? "),
        ("debain", ["ubuntu", "debian"], "Did you mean debian? "),
        ("pytorch", ["deep-learning", "deep-learning-pytorch"], "Did you mean deep-learning-pytorch? "),
        ("xyz", ["ubuntu"], ""),
        ("u", ["ubuntu"], ""),
    ],
)
def test_nearest(word: str, known: list[str], sentence: str) -> None:
    assert nearest(word, known) == sentence


def test_versions_compare_as_numbers() -> None:
    assert as_numbers("12.10") > as_numbers("12.9")
    assert as_numbers("R580.95.05") == (580, 95, 5)
