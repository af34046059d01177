# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host that is read: its files and its programs.

The only place of the GPU readers that touches the machine. A test gives another root
directory and another way to run programs, and everything above stays the same.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

# The longest healthy nvidia-smi call is the first after boot without a persistence
# daemon: each GPU is initialised, several seconds apiece on an eight GPU machine.
COMMAND_TIMEOUT_SECONDS = 60

# timeout(1)'s exit status, kept for a program that did not end in time.
STATUS_TIMED_OUT = 124

# A login over SSH without a terminal may come with a PATH that lacks the system folders.
SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")


@dataclass(frozen=True)
class Completed:
    """A program that ended: its exit status and what it wrote."""

    status: int
    stdout: str
    stderr: str = ""

    @property
    def text(self) -> str:
        """Everything it wrote, on one line, for a message."""
        return " ".join(f"{self.stdout} {self.stderr}".split())


Runner = Callable[[Sequence[str]], Completed]


def run_program(argv: Sequence[str]) -> Completed:
    """Run one program to its end in the C locale, for COMMAND_TIMEOUT_SECONDS at most."""
    try:
        done = subprocess.run(
            list(argv),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**os.environ, "LC_ALL": "C"},
            timeout=COMMAND_TIMEOUT_SECONDS,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Completed(STATUS_TIMED_OUT, "", f"no answer within {COMMAND_TIMEOUT_SECONDS} s")
    except OSError as error:
        return Completed(126, "", str(error))
    return Completed(done.returncode, done.stdout, done.stderr)


def default_folders() -> tuple[str, ...]:
    """Folders to look for programs in: PATH, then the system's own."""
    named = [folder for folder in os.environ.get("PATH", "").split(":") if folder.startswith("/")]
    return tuple(dict.fromkeys([*named, *SYSTEM_FOLDERS]))


@dataclass(frozen=True)
class Host:
    """A machine seen through a root directory, a list of program folders and a runner."""

    root: Path
    folders: tuple[str, ...]
    run: Runner

    def path(self, name: str) -> Path:
        """An absolute path of the host as a path that can be opened here."""
        return self.root / name.lstrip("/")

    def read(self, name: str) -> str | None:
        """Text of a file without its outer blanks, or None where it cannot be read."""
        try:
            return self.path(name).read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return None

    def names(self, folder: str, pattern: str) -> tuple[str, ...] | None:
        """Sorted names in a folder that match a whole regular expression, or None without the folder."""
        try:
            found = os.listdir(self.path(folder))
        except OSError:
            return None
        return tuple(sorted(name for name in found if re.fullmatch(pattern, name)))

    def is_program(self, name: str) -> bool:
        """Whether an absolute path names a file that may be run."""
        path = self.path(name)
        return path.is_file() and os.access(path, os.X_OK)

    def program(self, name: str) -> str | None:
        """Absolute path of a program in the program folders, or None."""
        candidates = (f"{folder}/{name}" for folder in self.folders)
        return next((path for path in candidates if self.is_program(path)), None)


def local_host() -> Host:
    """This machine."""
    return Host(root=Path("/"), folders=default_folders(), run=run_program)
