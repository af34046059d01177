# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The summary of `make test` says what passed, what failed and why, and its status follows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools import checks
from tools.checks import Outcome
from tools.shipped import ROOT

MAKEFILE = "good:\n\t@echo all well; echo 3 passed\nbad:\n\t@echo something broke; exit 1\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "Makefile").write_text(MAKEFILE)
    return tmp_path


def test_outcomes_follow_the_targets(root: Path) -> None:
    outcomes = {outcome.name: outcome for outcome in checks.run_all(("good", "bad"), root)}
    assert outcomes["good"].passed
    assert not outcomes["bad"].passed
    assert "something broke" in (root / checks.LOGS / "bad.log").read_text()


def test_row_closes_with_the_last_line() -> None:
    row = str(Outcome("unit", True, 1.25, "...\n3 passed in 1 s\n\n"))
    assert re.fullmatch(r"passed +unit +1\.2 s +3 passed in 1 s", row)


def test_summary_of_success_is_its_count() -> None:
    lines = checks.summary([Outcome("unit", True, 1, "noise")], 61.4).splitlines()
    assert [line for line in lines if line] == ["61 s", "1 passed, 0 failed"]


def test_summary_of_failure_shows_what_was_printed() -> None:
    text = checks.summary([Outcome("unit", True, 1, "noise"), Outcome("lint", False, 2, "E501\n")], 3)
    assert "noise" not in text
    assert re.search(r"===== lint =====\nE501\n.*Failed: lint\n3 s\n1 passed, 1 failed$", text, re.DOTALL)


def test_every_check_is_a_target() -> None:
    targets = re.findall(r"^([a-z-]+(?: [a-z-]+)*):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(checks.CHECKS) <= {name for line in targets for name in line.split()}
