# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is remembered for some minutes."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer import hints

KEY = ("g5.xlarge", "us-west-2", "us-west-2a", "spot")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[float]:
    """An empty cache, and the time, which a test may set."""
    now = [1000.0]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("time.time", lambda: now[0])
    return now


def test_a_hint_is_believed_for_a_quarter_of_an_hour(clock: list[float]) -> None:
    hints.remember("latency", {"one": 12.5})
    clock[0] += hints.LIFE_SECONDS
    hints.remember("latency", {"two": 7.0})
    assert hints.recall("latency") == {"one": 12.5, "two": 7.0}
    clock[0] += 1
    assert hints.recall("latency") == {"two": 7.0}


def test_hints_are_forgotten_on_disk_too(clock: list[float], tmp_path: Path) -> None:
    hints.remember("latency", {"one": 12.5})
    clock[0] += hints.LIFE_SECONDS + 1
    hints.remember("latency", {"two": 7.0})
    assert "one" not in (tmp_path / "gpgpu/latency.json").read_text()
    assert [path.name for path in (tmp_path / "gpgpu").iterdir()] == ["latency.json"]


def test_kinds_are_kept_apart() -> None:
    hints.remember("latency", {"one": 1.0})
    assert hints.recall("refusals") == {}


@pytest.mark.parametrize("text", ["", "no JSON", "[]", '{"one": 1}', '{"one": ["a", "b"]}', "null"])
def test_a_broken_file_is_an_empty_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "gpgpu").mkdir()
    (tmp_path / "gpgpu/latency.json").write_text(text)
    assert hints.recall("latency") == {}
    hints.remember("latency", {"one": 1.0})
    assert hints.recall("latency") == {"one": 1.0}


def test_a_folder_that_cant_be_made_harms_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    hints.remember("latency", {"one": 1.0})
    assert hints.recall("latency") == {}


@pytest.mark.parametrize(
    ("refused", "asked", "expected"),
    [
        (KEY, KEY, True),
        (KEY, ("g5.xlarge", "us-west-2", "us-west-2b", "spot"), False),
        (KEY, ("g5.xlarge", "us-west-2", "us-west-2a", "on-demand"), False),
        (KEY, ("g6.xlarge", "us-west-2", "us-west-2a", "spot"), False),
        (("g5.xlarge", "us-west-2", "", "spot"), KEY, True),
        (KEY, ("g5.xlarge", "us-west-2", "", "spot"), False),
    ],
)
def test_refusals(refused: tuple[str, str, str, str], asked: tuple[str, str, str, str], expected: bool) -> None:
    hints.remember_refusal(*refused)
    assert hints.refused_recently(hints.recall("refusals"), *asked) is expected


def test_a_user_without_a_home_has_no_hints_and_no_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A refusal is noted in the middle of a launch, which must go on to the next offer."""

    def unknown(_user: int) -> None:
        raise KeyError

    for name in ("XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    monkeypatch.chdir(tmp_path)
    hints.remember_refusal(*KEY)
    assert not hints.refused_recently(hints.recall("refusals"), *KEY)
