# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary's numbers and warnings for chains whose answer is known."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.workloads.conftest import Ask

CHAINS, DRAWS = 4, 400
RANDOM = random.Random(1)


def noise(shift: float = 0.0) -> list[list[float]]:
    return [[RANDOM.gauss(shift * chain, 1.0) for _ in range(DRAWS)] for chain in range(CHAINS)]


def drift() -> list[list[float]]:
    """Energy that hardly changes from one draw to the next."""
    return [[float(draw) for draw in range(DRAWS)] for _ in range(CHAINS)]


QUIET = [[0] * DRAWS for _ in range(CHAINS)]
ENERGY = noise()
GOOD = noise()
PAIRS = [[[value, -value] for value in chain] for chain in GOOD]

# Call, words that the warnings hold, in order; none where there are none.
CASES = {
    "good chains": (["summary", {"x": GOOD}, QUIET, ENERGY], []),
    "chains that disagree": (["summary", {"x": noise(1.0)}, QUIET, ENERGY], ["x: R-hat", "x: effective sample size"]),
    "stuck chains": (["summary", {"x": QUIET}, QUIET, ENERGY], ["x: R-hat nan"]),
    "divergences": (["summary", {"x": GOOD}, [[1, 1, *row[2:]] for row in QUIET], ENERGY], ["8 divergent"]),
    "energy that drifts": (["summary", {"x": GOOD}, QUIET, drift()], ["energy: E-BFMI 0.00"]),
}
ORDER = ["summary", {"b": GOOD, "a": PAIRS}, QUIET, ENERGY]
SHORT = ["--chains", "2", "--warmup", "100", "--draws", "100"]


@pytest.fixture(scope="module")
def answers(ask: Ask) -> list[Any]:
    calls = [call for call, _ in CASES.values()]
    return ask([*calls, ORDER, ["draws", SHORT], ["draws", SHORT], ["draws", [*SHORT, "--seed", "2"]]])


@pytest.mark.parametrize("case", CASES)
def test_warnings(answers: list[Any], case: str) -> None:
    found = answers[list(CASES).index(case)]["warnings"]
    expected = CASES[case][1]
    assert len(found) >= len(expected)
    assert bool(found) is bool(expected)
    assert all(any(words in warning for warning in found) for words in expected)


def test_numbers(answers: list[Any]) -> None:
    row = answers[0]["rows"][0]
    values = sorted(value for chain in GOOD for value in chain)
    assert row["mean"] == pytest.approx(sum(values) / len(values))
    assert row["q05"] == pytest.approx(values[80], abs=0.05)
    assert row["mcse_mean"] == pytest.approx(row["sd"] / row["ess_bulk"] ** 0.5, rel=0.1)


def test_names_and_order(answers: list[Any]) -> None:
    rows = answers[len(CASES)]["rows"]
    assert [row["name"] for row in rows] == ["b", "a[1]", "a[2]"]
    assert rows[2]["mean"] == pytest.approx(-rows[1]["mean"])


def test_same_seed_same_draws(answers: list[Any]) -> None:
    first, again, other = answers[-3:]
    assert first == again
    assert first["theta"][0] == [2, 100, 8]
    assert first["mu"][1] != other["mu"][1]
