# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the virtual environment of a workload from its lock, checked hash by hash, once per lock and Python.

Runs on the host: environment.py JSON, an object with `python` (a command), `lock` (path), `environment` (path to make)
and `uv` (path to make). GPGPU_UV_LOCK holds the text of uv's own lock, which is too long for a command line.
Each is made beside and renamed, so that an environment that exists is complete.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


def main(request: dict[str, str]) -> None:
    """Make uv, then the environment; what exists already is kept."""
    python, lock = request["python"], Path(request["lock"]).expanduser()
    uv = Path(request["uv"]).expanduser()
    environment = Path(request["environment"]).expanduser()
    make(uv, lambda folder: install_uv(folder, python, os.environ["GPGPU_UV_LOCK"]))
    make(environment, lambda folder: install(folder, uv / "bin" / "uv", python, lock))


def make(folder: Path, build: Callable[[Path], None]) -> None:
    """Have `build` make a folder beside and rename it, unless it exists; the first of two callers wins."""
    if folder.exists():
        return
    beside = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(beside, ignore_errors=True)
    beside.parent.mkdir(parents=True, exist_ok=True)
    try:
        build(beside)
        beside.rename(folder)
    except OSError:
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def install_uv(folder: Path, python: str, lock: str) -> None:
    """Install uv, pinned and hashed: it installs the rest in a tenth of pip's time, on a machine paid by the second."""
    folder.mkdir()
    requirements = folder / "requirements.txt"
    requirements.write_text(lock, encoding="utf-8")
    if subprocess.run((python, "-m", "pip", "--version"), capture_output=True, check=False).returncode:
        run(python, "-m", "venv", str(folder))  # some systems have no pip, but all environments do
        python = str(folder / "bin" / "python")
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", str(folder))
    run(*pip, "--require-hashes", "--only-binary=:all:", "--requirement", str(requirements))


def install(folder: Path, uv: Path, python: str, lock: Path) -> None:
    """Install exactly what the lock says; the environment may be moved, which the renaming does."""
    run(str(uv), "venv", "--quiet", "--relocatable", "--python", python, str(folder))
    # The system's certificates, as pip uses them: a company's proxy is known there and nowhere else.
    sync = (str(uv), "pip", "sync", "--quiet", "--system-certs", "--python", str(folder / "bin" / "python"))
    run(*sync, "--require-hashes", str(lock))


def run(*command: str) -> None:
    """Run a command; one that fails ends the program with what it said.

    Raises:
        SystemExit: the command failed.
    """
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(f"Failed to run {' '.join(command)}: status {done.returncode}: {done.stdout.strip()[-2000:]}")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
