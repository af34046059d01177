# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder that exists is complete, whoever made it and whatever failed before."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest


def test_folder_appears_complete(environment: ModuleType, tmp_path: Path) -> None:
    def build(folder: Path) -> None:
        assert not (tmp_path / "env").exists()
        folder.mkdir()
        (folder / "file").touch()

    environment.make(tmp_path / "env", build)
    assert [path.name for path in tmp_path.rglob("*")] == ["env", "file"]


def test_failure_leaves_nothing(environment: ModuleType, tmp_path: Path) -> None:
    def build(folder: Path) -> None:
        folder.mkdir()
        environment.run(sys.executable, "-c", "import sys; sys.exit('no such package')")

    with pytest.raises(SystemExit, match="no such package"):
        environment.make(tmp_path / "env", build)
    assert list(tmp_path.iterdir()) == []


def test_existing_folder_is_kept(environment: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    environment.make(tmp_path / "env", lambda folder: pytest.fail(f"{folder} was built"))


def test_first_of_two_wins(environment: ModuleType, tmp_path: Path) -> None:
    def build(folder: Path) -> None:
        folder.mkdir()
        (tmp_path / "env").mkdir()
        (tmp_path / "env/first").touch()

    environment.make(tmp_path / "env", build)
    assert [path.name for path in tmp_path.rglob("*")] == ["env", "first"]
