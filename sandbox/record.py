# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one named sandbox leaves on disk: where it is, and how to end it.

``.build/sandbox/<name>/`` holds ``record.json`` (this file), ``server.log`` and ``hosts/``.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from sandbox.errors import SandboxError

STATE_ROOT = Path(__file__).resolve().parents[1] / ".build" / "sandbox"

NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@dataclass(frozen=True)
class Record:
    """One running (or once running) sandbox server."""

    name: str
    backend: str
    pid: int
    pid_start: int
    port: int
    boot_seconds: float

    @property
    def endpoint(self) -> str:
        """URL of the API."""
        return f"http://127.0.0.1:{self.port}"

    def alive(self) -> bool:
        """Tell whether the recorded process still runs (and is not another one with its number)."""
        return process_start(self.pid) == self.pid_start


def directory(name: str) -> Path:
    """Return the state folder of a sandbox; raise SandboxError for a bad name."""
    if not NAME_PATTERN.fullmatch(name):
        raise SandboxError(
            f"Bad sandbox name {name!r}: use 1 to 32 lower-case letters, digits and dashes, "
            "beginning with a letter or digit."
        )
    return STATE_ROOT / name


def load(name: str) -> Record | None:
    """Return the record of a sandbox, or None where there is none."""
    try:
        text = (directory(name) / "record.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return Record(**json.loads(text))


def load_alive(name: str) -> Record | None:
    """Return the record of a sandbox that runs, or None."""
    record = load(name)
    return record if record is not None and record.alive() else None


def load_all() -> list[Record]:
    """Return the records of every sandbox of this clone, sorted by name."""
    if not STATE_ROOT.is_dir():
        return []
    names = sorted(path.parent.name for path in STATE_ROOT.glob("*/record.json"))
    return [record for record in map(load, names) if record is not None]


def save(record: Record) -> None:
    """Write a record in one step, so that no reader sees half of it."""
    folder = directory(record.name)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / "record.json.new"
    draft.write_text(json.dumps(dataclasses.asdict(record), indent=2) + "\n", encoding="utf-8")
    os.replace(draft, folder / "record.json")


def process_start(pid: int) -> int | None:
    """Return the kernel's start time of a process in clock ticks, or None where it does not run.

    Field 22 of /proc/PID/stat (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html);
    a zombie counts as not running.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] == "Z" else int(fields[19])
