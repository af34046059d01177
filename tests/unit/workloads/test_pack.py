# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What travels to a host, and under which name."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

import pytest

CHANGES = {
    "content": (lambda folder: (folder / "run.py").write_text("2"), True),
    "new file": (lambda folder: (folder / "new.py").touch(), True),
    "may be run": (lambda folder: (folder / "run.py").chmod(0o755), True),
    "time": (lambda folder: os.utime(folder / "run.py", (1, 1)), False),
    "results": (lambda folder: (folder / "results/new.json").touch(), False),
    "cache": (lambda folder: (folder / "code/__pycache__/a.pyc").write_text("2"), False),
    "hidden folder": (lambda folder: (folder / ".idea/a").write_text("2"), False),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    for name in ("run.py", "code/a.py", "code/results/kept", "code/__pycache__/a.pyc", ".idea/a", "results/old.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("1")
    return folder


def test_unpacked_is_what_was_packed(pack: ModuleType, unpack: ModuleType, folder: Path, tmp_path: Path) -> None:
    packed = pack.pack(folder, "results", tmp_path / "cache")
    unpack.unpack(Path(packed["path"]), tmp_path / "there")
    there = sorted(str(path.relative_to(tmp_path / "there")) for path in (tmp_path / "there").rglob("*.*"))
    assert there == ["code/a.py", "run.py"]
    assert (tmp_path / "there/code/results/kept").read_text() == "1"
    assert packed["files"] == 3


@pytest.mark.parametrize(("change", "differs"), CHANGES.values(), ids=CHANGES.keys())
def test_name_follows_content(pack: ModuleType, folder: Path, tmp_path: Path, change: object, differs: bool) -> None:
    before = pack.pack(folder, "results", tmp_path)["digest"]
    assert callable(change)
    change(folder)
    assert (pack.pack(folder, "results", tmp_path)["digest"] != before) is differs


def test_packing_again_writes_nothing(pack: ModuleType, folder: Path, tmp_path: Path) -> None:
    path = Path(pack.pack(folder, "results", tmp_path)["path"])
    path.write_text("kept")
    assert pack.pack(folder, "results", tmp_path)["path"] == str(path)
    assert path.read_text() == "kept"
