# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the command line refuses, and with which exit status."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workloads.conftest import Ask, Run

REFUSED = {
    "unfinished block": (["--draws", "150"], "--draws must be a multiple of 100, not 150"),
    "no chains": (["--chains", "0"], "0 is not a positive number"),
    "impossible acceptance": (["--target-accept", "1.0"], "must lie between 0 and 1"),
    "unknown model": (["--model", "nine_schools"], "invalid choice: 'nine_schools'"),
}


@pytest.fixture(scope="module")
def answers(ask: Ask) -> dict[str, Any]:
    return dict(zip(REFUSED, ask([["refused", arguments] for arguments, _ in REFUSED.values()]), strict=True))


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_command_line_is_refused(answers: dict[str, Any], case: str) -> None:
    status, said = answers[case]
    assert (status, REFUSED[case][1] in said) == (2, True)


def test_cpu_is_refused_unless_allowed(python: Run) -> None:
    done = python("-m", "mcmc")
    assert (done.returncode, "pass --allow-cpu" in done.stderr) == (3, True)
