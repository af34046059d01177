# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a command: its status, log and results."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PYTHON = sys.executable
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"
OUTCOMES = {
    "success": ([PYTHON, "-c", "print('hello')"], 0, False, ["hello"]),
    "failure": ([PYTHON, "-c", "import sys; sys.exit('no data')"], 1, False, ["no data"]),
    "timeout": ([PYTHON, "-c", STUBBORN], 124, True, ["up"]),
    "own status 124": ([PYTHON, "-c", "import sys; sys.exit(124)"], 124, False, []),
    "killed": ([PYTHON, "-c", "import os; os.kill(os.getpid(), 9)"], -9, False, []),
    "environment": ([PYTHON, "-c", "import os; print(os.environ['WORD'])"], 0, False, ["secret"]),
    "environment's own programs come first": (["greet"], 0, False, ["greeted"]),
}


@pytest.fixture
def job(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "env/bin").mkdir(parents=True)
    (tmp_path / "env/bin/greet").write_text("#!/bin/sh\necho greeted\n")
    (tmp_path / "env/bin/greet").chmod(0o755)
    (tmp_path / "folder/results").mkdir(parents=True)
    return {
        "name": "sample",
        "command": [PYTHON, "-c", "pass"],
        "environment": {"WORD": "secret"},
        "device": "cpu",
        "folder": str(tmp_path / "folder"),
        "results": "results",
        "virtual_environment": str(tmp_path / "env"),
        "timeout_seconds": 3,
        "done": "this.done",
    }


def run(supervise: ModuleType, folder: Path, job: dict[str, Any]) -> dict[str, Any]:
    (folder / "job.json").write_text(json.dumps(job))
    supervise.supervise(folder / "job.json")
    status: dict[str, Any] = json.loads((folder / "workload.json").read_text())
    return status


@pytest.mark.parametrize(("command", "exit_status", "timed_out", "log"), OUTCOMES.values(), ids=OUTCOMES.keys())
def test_outcome(
    supervise: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    job: dict[str, Any],
    command: list[str],
    exit_status: int,
    timed_out: bool,
    log: list[str],
) -> None:
    monkeypatch.setattr(supervise, "GRACE_SECONDS", 0.2)
    status = run(supervise, tmp_path, {**job, "command": command})
    assert (status["state"], status["exit_status"], status["timed_out"]) == ("ended", exit_status, timed_out)
    assert status["log_tail"] == log
    assert (tmp_path / "this.done").exists() is (exit_status == 0)


def test_missing_program_is_named(supervise: ModuleType, tmp_path: Path, job: dict[str, Any]) -> None:
    status = run(supervise, tmp_path, {**job, "command": ["no-such-program"]})
    assert status["exit_status"] == 127
    assert "no-such-program" in status["log_tail"][0]


def test_status_holds_no_environment(supervise: ModuleType, tmp_path: Path, job: dict[str, Any]) -> None:
    run(supervise, tmp_path, job)
    assert "secret" not in (tmp_path / "workload.json").read_text()


def test_earlier_results_and_marks_are_gone(supervise: ModuleType, tmp_path: Path, job: dict[str, Any]) -> None:
    (tmp_path / "folder/results/old.json").touch()
    (tmp_path / "other.done").touch()
    run(supervise, tmp_path, {**job, "command": [PYTHON, "-c", "import sys; sys.exit(1)"]})
    assert not (tmp_path / "folder/results").exists()
    assert list(tmp_path.glob("*.done")) == []
