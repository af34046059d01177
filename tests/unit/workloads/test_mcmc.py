# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the MCMC workload that need no package: its table, and where its numbers came from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unit.workloads.conftest import load

TABLE = load("workloads/mcmc/mcmc/table.py")
PROVENANCE = load("workloads/mcmc/mcmc/provenance.py")


@dataclass(frozen=True)
class Row:
    name: str
    mean: float
    sd: float = 1.0
    q05: float = -1.5
    q50: float = 0.0
    q95: float = 1.5
    rhat: float = 1.0005
    ess_bulk: float = 61234.7
    ess_tail: float = 987.2
    mcse_mean: float = 0.0123


def test_columns_are_aligned() -> None:
    lines = TABLE.text([Row("mu", 4.4105), Row("theta[1]", -12.0)]).splitlines()
    assert lines[1] == "mu          4.410  1.000  -1.500  0.000  1.500  1.0005     61235       987  0.0123"
    assert len({len(line) for line in lines}) == 1


def test_csv_keeps_every_digit() -> None:
    heading, row = TABLE.comma_separated([Row("mu", 0.1 + 0.2)]).splitlines()
    assert heading.startswith("name,mean,sd,q05")
    assert row.startswith("mu,0.30000000000000004,1.0")


def test_empty_summary_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one row"):
        TABLE.comma_separated([])


@dataclass(frozen=True)
class Options:
    seed: int = 7
    float64: bool = False
    results: Path = Path("results")


def test_provenance_is_plain() -> None:
    answer = PROVENANCE.describe(Options(), Options())
    assert answer["options"] == {"seed": 7, "float64": False, "results": "results"}
    assert answer["created"].endswith("+00:00")


GPUS = {
    "two": (("printf", "Tesla T4, 580.95\\nTesla T4, 580.95\\n"), ["Tesla T4, 580.95", "Tesla T4, 580.95"]),
    "driver that does not answer": (("sh", "-c", "echo failed; exit 9"), []),
    "no driver": (("no-such-program",), []),
}


@pytest.mark.parametrize(("command", "expected"), GPUS.values(), ids=GPUS.keys())
def test_gpu_names(command: tuple[str, ...], expected: list[str]) -> None:
    assert PROVENANCE.gpu_names(command) == expected
