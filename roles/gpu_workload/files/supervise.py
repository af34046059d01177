# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a workload's command to its end, or to its timeout, and leave the log and the status on the host.

Runs on the host: supervise.py JOB, the path of job.json (folder, results, command, environment, timeout_seconds, ...).
Beside it appear workload.log and workload.json; `done` in the job names the file that marks a success. The exit status
of this program is 0 whenever the command was run, whatever became of it: workload.json says that.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

GRACE_SECONDS = 10.0
TIMED_OUT = 124
NOT_FOUND = 127
TAIL_LINES = 20


def supervise(path: Path) -> dict[str, Any]:
    """Run the job in `path` and write its status before and after; returns the last one."""
    job = json.loads(path.read_text(encoding="utf-8"))
    folder, log = Path(job["folder"]).expanduser(), path.with_name("workload.log")
    for done in path.parent.glob("*.done"):
        done.unlink()
    shutil.rmtree(folder / job["results"], ignore_errors=True)  # what is harvested belongs to this run
    status = {key: value for key, value in job.items() if key != "environment"}
    status.update(started=_now(), state="running", exit_status=None, timed_out=False, log=str(log))
    _write(path.with_name("workload.json"), status)
    began = time.monotonic()
    exit_status, timed_out = execute(job, folder, log)
    status.update(
        state="ended",
        ended=_now(),
        seconds=round(time.monotonic() - began, 2),
        exit_status=exit_status,
        timed_out=timed_out,
        log_tail=tail(log),
    )
    _write(path.with_name("workload.json"), status)
    if exit_status == 0:
        path.with_name(job["done"]).touch()
    return status


def execute(job: dict[str, Any], folder: Path, log: Path) -> tuple[int, bool]:
    """Run the command in its folder with its environment, all output to the log.

    Returns:
        The exit status (negative: the signal that ended it), and whether the time ran out.
    """
    virtual = Path(job["virtual_environment"]).expanduser()
    environment = {
        **os.environ,
        "PATH": f"{virtual / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "VIRTUAL_ENV": str(virtual),
        **job["environment"],
    }
    with log.open("w", encoding="utf-8") as output:
        try:
            process = subprocess.Popen(
                [shutil.which(job["command"][0], path=environment["PATH"]) or job["command"][0], *job["command"][1:]],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            output.write(f"Failed to start {job['command'][0]}: {error}\n")
            return NOT_FOUND, False
    return wait(process, float(job["timeout_seconds"]))


def wait(process: subprocess.Popen[bytes], timeout_seconds: float) -> tuple[int, bool]:
    """Wait for a process; past its time the whole group is asked to end, then made to."""
    try:
        return process.wait(timeout_seconds), False
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return TIMED_OUT, True


def tail(log: Path) -> list[str]:
    """Return the last lines of the log."""
    with log.open(encoding="utf-8", errors="replace") as lines:
        return [line.rstrip("\n") for line in deque(lines, TAIL_LINES)]


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _write(path: Path, content: dict[str, Any]) -> None:
    """Write JSON beside and rename: whoever reads sees the old status or the new."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    beside.rename(path)


if __name__ == "__main__":
    supervise(Path(sys.argv[1]).expanduser())
