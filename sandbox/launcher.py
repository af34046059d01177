# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting and ending the background server of a sandbox."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from sandbox import record
from sandbox.errors import SandboxError
from sandbox.record import Record

START_SECONDS = 60
END_SECONDS = 30

PACKAGE_PARENT = Path(__file__).resolve().parents[1]
PYTHON_CACHE = PACKAGE_PARENT / ".build" / "cache" / "python"


def start(name: str, backend: str, boot_seconds: float) -> Record:
    """Start a sandbox and return when its API answers; raise SandboxError where it doesn't."""
    folder = record.directory(name)
    folder.mkdir(parents=True, exist_ok=True)
    ready, announce = os.pipe()
    command = [
        *(sys.executable, "-m", "sandbox.server", "--name", name, "--backend", backend),
        *("--boot-seconds", str(boot_seconds), "--ready-fd", str(announce)),
    ]
    with open(folder / "server.log", "wb") as log:
        process = subprocess.Popen(
            command,
            cwd=PACKAGE_PARENT,
            env=_environment(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(announce,),
            start_new_session=True,
        )
    os.close(announce)
    with os.fdopen(ready, "rb") as channel:
        answered, _, _ = select.select([channel], [], [], START_SECONDS)
        said = channel.read() if answered else b""
    found = record.load_alive(name)
    if said != b"ready" or found is None:
        process.kill()
        raise SandboxError(f"The sandbox {name!r} did not start:\n{_tail(folder / 'server.log')}")
    return found


def end(found: Record) -> None:
    """End a sandbox with all its hosts; raise SandboxError where it survives."""
    if found.alive():
        descriptor = os.pidfd_open(found.pid)
        try:
            signal.pidfd_send_signal(descriptor, signal.SIGTERM)
            gone, _, _ = select.select([descriptor], [], [], END_SECONDS)
            if not gone:
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        finally:
            os.close(descriptor)
    shutil.rmtree(record.directory(found.name), ignore_errors=True)


def _environment(desk: Mapping[str, str]) -> dict[str, str]:
    """Return the server's environment.

    Without the desk's AWS settings, because a profile that doesn't exist would stop boto3 inside moto;
    with compiled modules kept in the clone, because compiling moto takes longer than all the rest of the start.
    """
    kept = {name: value for name, value in desk.items() if not name.startswith(("AWS_", "PYTHONDONTWRITE"))}
    return {**kept, "PYTHONPYCACHEPREFIX": str(PYTHON_CACHE)}


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
