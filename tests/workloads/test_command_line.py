# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the command line refuses, and with which exit status."""

from __future__ import annotations

import pytest

from tests.workloads.conftest import Run

REFUSED = {
    "CPU that was not allowed": ([], 3, "pass --allow-cpu"),
    "unfinished block": (["--draws", "150"], 2, "--draws must be a multiple of 100, not 150"),
    "no chains": (["--chains", "0"], 2, "0 is not a positive number"),
    "impossible acceptance": (["--target-accept", "1.0"], 2, "must lie between 0 and 1"),
}


@pytest.mark.parametrize(("arguments", "status", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(python: Run, arguments: list[str], status: int, words: str) -> None:
    done = python("-m", "mcmc", *arguments)
    assert (done.returncode, words in done.stderr) == (status, True)
