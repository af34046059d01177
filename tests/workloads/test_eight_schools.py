# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sampler's answer is the published reference posterior, within Monte Carlo error."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tools.shipped import ROOT

REFERENCE = json.loads((ROOT / "tests/workloads/fixtures/eight_schools_reference.json").read_text())
PARAMETERS = sorted(REFERENCE["parameters"])

# Ten parameters, two moments: beyond 4 standard errors once in about 800 seeds, and the seed is fixed.
ERRORS = 4.0

Rows = dict[str, dict[str, float]]


@pytest.mark.parametrize("name", PARAMETERS)
def test_mean_is_the_reference(rows: Rows, name: str) -> None:
    ours, reference = rows[name], REFERENCE["parameters"][name]
    error = (ours["mcse_mean"] ** 2 + reference["mcse_mean"] ** 2) ** 0.5
    assert abs(ours["mean"] - reference["mean"]) < ERRORS * error


@pytest.mark.parametrize("name", PARAMETERS)
def test_mean_square_is_the_reference(rows: Rows, name: str) -> None:
    """The second moment pins the spread; our error of it is the reference's, scaled by the effective draws."""
    ours, reference = rows[name], REFERENCE["parameters"][name]
    error = reference["mcse_mean_squared"] * (1 + REFERENCE["draws"] / ours["ess_tail"]) ** 0.5
    assert abs(ours["mean"] ** 2 + ours["sd"] ** 2 - reference["mean_squared"]) < ERRORS * error


def test_chains_agree(summary: dict[str, Any]) -> None:
    assert summary["warnings"] == [] or summary["divergences"] <= 5
    assert max(row["rhat"] for row in summary["rows"]) < 1.01
    assert [row["name"] for row in summary["rows"]] == ["mu", "tau", *(f"theta[{n}]" for n in range(1, 9))]


def test_csv_is_the_json(results: Path, summary: dict[str, Any]) -> None:
    with (results / "summary.csv").open() as lines:
        read = list(csv.DictReader(lines))
    assert read == [{key: str(value) for key, value in row.items()} for row in summary["rows"]]


def test_log_holds_the_table(results: Path) -> None:
    assert (results / "summary.txt").read_text() in (results / "log").read_text()


def test_plot_is_a_picture(results: Path) -> None:
    picture = (results / "plot.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20], "big") > 1200


def test_times_add_up(results: Path) -> None:
    times = json.loads((results / "timings.json").read_text())
    phases = times["compile_seconds"] + times["warmup_seconds"] + times["sampling_seconds"]
    assert 0 < phases <= times["total_seconds"]
    assert times["draws_per_second"] == pytest.approx(times["draws"] / times["sampling_seconds"], rel=0.01)


def test_provenance_names_what_computed(results: Path) -> None:
    provenance = json.loads((results / "provenance.json").read_text())
    assert provenance["device"]["platform"] == "cpu"
    assert provenance["options"]["seed"] == 20261123
    assert None not in provenance["packages"].values()
