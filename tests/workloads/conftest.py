# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The MCMC workload as it really runs: its own environment, made from its own lock as on a host."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from tools.shipped import ROOT

WORKLOAD = ROOT / "workloads/mcmc"
LOCK = WORKLOAD / "requirements-cpu.txt"
MADE = ROOT / ".build/workloads"

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Ask = Callable[[list[Any]], list[Any]]


@pytest.fixture(scope="session")
def environment() -> Path:
    """The virtual environment of the CPU lock, made once per lock by the script that makes it on a host."""
    spec = spec_from_file_location("environment", ROOT / "roles/gpu_workload/files/environment.py")
    assert spec is not None
    assert spec.loader is not None
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    uv = Path(shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}") or "uv")
    folder = MADE / "env" / hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:16]
    script.make(folder, lambda beside: script.install(beside, uv, sys.executable, LOCK))
    return folder


@pytest.fixture(scope="session")
def python(environment: Path) -> Run:
    """Run the workload's Python in its folder; compiled programs are kept, as compiling is most of a short run."""
    kept = {"JAX_COMPILATION_CACHE_DIR": str(MADE / "compiled"), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [str(environment / "bin/python"), *arguments]
        return subprocess.run(
            command, cwd=WORKLOAD, env={**os.environ, **kept}, input=given, capture_output=True, text=True
        )

    return run


@pytest.fixture(scope="session")
def ask(python: Run) -> Ask:
    """Put a table of calls to the probe, all at once: starting JAX takes longer than any of them."""

    def put(calls: list[Any]) -> list[Any]:
        done = python("-c", (ROOT / "tests/workloads/probe.py").read_text(), given=json.dumps(calls))
        assert done.returncode == 0, done.stderr
        answers: list[Any] = json.loads(done.stdout)
        return answers

    return put


@pytest.fixture(scope="session")
def results(python: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results folder of one run with the defaults."""
    folder = tmp_path_factory.mktemp("mcmc") / "results"
    done = python("-m", "mcmc", "--allow-cpu", "--results", str(folder))
    assert done.returncode == 0, done.stderr
    (folder / "log").write_text(done.stdout)
    return folder


@pytest.fixture(scope="session")
def summary(results: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((results / "summary.json").read_text())
    return content


@pytest.fixture(scope="session")
def rows(summary: dict[str, Any]) -> dict[str, dict[str, float]]:
    return {row["name"]: row for row in summary["rows"]}
