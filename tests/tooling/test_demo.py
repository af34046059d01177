# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make demo` always takes its sandbox down, and ends as the job ended."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tools.shipped import ROOT

# Stands for `python -m sandbox`: notes its arguments, leaves results, and ends as the case says.
PYTHON = """#!/bin/sh
shift 2
echo "$*" >>"$LOG"
case $1 in
    up) exit "$UP" ;;
    exec)
        mkdir -p results/demo/demo-0/mcmc
        echo "posterior of this run" >results/demo/demo-0/mcmc/summary.txt
        echo "0 billable resources left" >results/demo/receipt.txt
        [ -n "$SIGNAL" ] && kill -s "$SIGNAL" "$PPID"
        exit "$JOB"
        ;;
    down) exit "$DOWN" ;;
esac
"""
JOB = "exec --name demo -- ansible-playbook playbooks/burst.yml -e gpu_run_id=demo -e gpu_workload_device=cpu"
DOWN = "down --name demo"
UP = "up --name demo"

CASES = {
    "success": ({}, 0, [DOWN, UP, JOB, DOWN]),
    "job fails": ({"JOB": "2"}, 2, [DOWN, UP, JOB, DOWN]),
    "sandbox does not start": ({"UP": "3"}, 3, [DOWN, UP, DOWN]),
    "sandbox does not end": ({"DOWN": "1"}, 1, [DOWN, UP, JOB, DOWN]),
    "Ctrl-C": ({"SIGNAL": "INT", "JOB": "99"}, 130, [DOWN, UP, JOB, DOWN]),
    "terminated": ({"SIGNAL": "TERM"}, 143, [DOWN, UP, JOB, DOWN]),
    "terminal closed": ({"SIGNAL": "HUP"}, 143, [DOWN, UP, JOB, DOWN]),
}


def run(folder: Path, variables: dict[str, str], *arguments: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run the demo in an empty folder; return how it ended, and the calls that it made."""
    (folder / "python").write_text(PYTHON)
    (folder / "python").chmod(0o755)
    log = folder / "log"
    defaults = {"LOG": str(log), "UP": "0", "JOB": "0", "DOWN": "0", "SIGNAL": ""}
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", **defaults, **variables}
    done = subprocess.run(
        [str(shutil.which("sh")), str(ROOT / "tools/demo"), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        # A shell started in the background would ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    return done, log.read_text().splitlines()


@pytest.mark.parametrize(("variables", "status", "calls"), CASES.values(), ids=CASES.keys())
def test_demo_ends_as_its_job(tmp_path: Path, variables: dict[str, str], status: int, calls: list[str]) -> None:
    done, made = run(tmp_path, variables)
    assert (done.returncode, made) == (status, calls)


def test_demo_closes_with_posterior_and_proof(tmp_path: Path) -> None:
    printed = run(tmp_path, {})[0].stdout
    assert printed.index("posterior of this run") < printed.index("0 billable resources left")


def test_failed_demo_shows_no_results(tmp_path: Path) -> None:
    assert "posterior" not in run(tmp_path, {"JOB": "2"})[0].stdout


def test_arguments_reach_the_playbook(tmp_path: Path) -> None:
    assert f"{JOB} -e gpu_count=2" in run(tmp_path, {}, "-e", "gpu_count=2")[1]
