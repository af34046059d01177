# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GPU models are recognised however they are written."""

from __future__ import annotations

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.gpu_model import (
    architecture_named,
    gpu_words,
    model_named,
    nominal_gib,
)

from tests.unit.fakes.offers import A10G_BY_FOUR, EIGHTH
from tests.unit.fakes.rows import machine


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("L4", "L4"),
        ("l4", "L4"),
        ("nvidia l4", "L4"),
        ("NVIDIA L4", "L4"),
        ("l40s", "L40S"),
        ("L40", ""),
        ("Tesla V100", "V100"),
        ("tesla-t4", "T4"),
        ("t4g", "T4g"),
        ("rtx pro 6000", "RTX PRO 6000"),
        ("RTX-PRO-6000", "RTX PRO 6000"),
        ("rtxpro6000", "RTX PRO 6000"),
        ("RTX PRO Server 6000", "RTX PRO 6000"),
        ("NVIDIA RTX PRO 6000 Blackwell Server Edition", "RTX PRO 6000"),
        ("H 100", "H100"),
        ("A10", ""),
        ("", ""),
    ],
)
def test_model(text: str, name: str) -> None:
    found = model_named(text)
    assert (found.name if found else "") == name


@pytest.mark.parametrize(
    ("text", "name"),
    [("ada", "ada"), ("Ada Lovelace", "ada"), ("HOPPER", "hopper"), ("pascal", ""), ("L4", ""), ("", "")],
)
def test_architecture(text: str, name: str) -> None:
    assert architecture_named(text) == name


# MiB as EC2 tells them (DescribeInstanceTypes, 2026-10), GiB as NVIDIA's data sheets do.
@pytest.mark.parametrize(
    ("mib", "gib"),
    [
        (15360, 16),
        (16384, 16),
        (22888, 24),
        (45776, 48),
        (32768, 32),
        (40960, 40),
        (81920, 80),
        (81559, 80),
        (98304, 96),
        (144384, 141),
        (183359, 192),
        (275040, 288),
        (2861, 3),
        (5722, 6),
        (11444, 12),
        (20480, 20),
    ],
)
def test_nominal_memory(mib: int, gib: float) -> None:
    assert nominal_gib(mib) == gib


def test_words() -> None:
    assert gpu_words(machine()) == "1 x T4 16 GiB"
    assert gpu_words(A10G_BY_FOUR) == "4 x A10G 24 GiB"
    assert gpu_words(EIGHTH) == "1 x 1/8 L4 3 GiB"
    assert gpu_words(machine(gpu_count=0)) == "no GPU"
    assert gpu_words(machine(gpu_name="NVIDIA X9", gpu_memory_mib=20480)) == "1 x X9 20 GiB"
