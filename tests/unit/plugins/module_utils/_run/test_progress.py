# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens is told line by line, and telling it never stops the work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._run.progress import Progress


def test_each_thing_is_a_line_with_its_time(tmp_path: Path) -> None:
    path = tmp_path / "told"
    path.write_text("before\n")
    times = iter(["12:00:03", "12:00:09"])
    progress = Progress(str(path), lambda: next(times))
    progress.say("attempt 2 of 20: g5.xlarge spot us-west-2b $0.48/h")
    progress.say("two\nlines  and\tspaces \u20ac")
    assert path.read_text(encoding="utf-8").splitlines() == [
        "before",
        "12:00:03  attempt 2 of 20: g5.xlarge spot us-west-2b $0.48/h",
        "12:00:09  two lines and spaces \u20ac",
    ]


def test_a_line_is_there_as_soon_as_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "told"
    path.touch()
    Progress(str(path)).say("now")
    assert re.fullmatch(r"\d\d:\d\d:\d\d  now\n", path.read_text())


@pytest.mark.parametrize("name", ["", "gone", "folder", "gone/deeper"])
def test_a_file_that_cannot_be_written_is_no_failure(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    Progress(str(tmp_path / name) if name else "").say("unheard")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
