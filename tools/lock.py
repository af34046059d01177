# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resolve requirements/*.in into requirements/*.txt: every package pinned, every file hashed, for every Python.

Whatever pip is told of indexes and mirrors stays outside the files. Pass --upgrade to take newer versions.
"""

from __future__ import annotations

import subprocess
import sys

from tools.shipped import ROOT

# In this order: test.in is bound by demo.txt. The `ansible` package is fetched for one collection in it, alone.
LOCKS = (
    ("demo", "--python-version=3.11"),
    ("test", "--python-version=3.11"),
    ("collections", "--python-version=3.12", "--no-deps"),
)
OPTIONS = ("--universal", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--quiet")


def lock(name: str, *options: str) -> None:
    """Write requirements/NAME.txt for the lowest Python version that the options name, and all newer ones."""
    files = (f"{name}.in", "--output-file", f"{name}.txt")
    command = ("uv", "pip", "compile", *OPTIONS, "--custom-compile-command", "make lock", *options, *files)
    subprocess.run(command, cwd=ROOT / "requirements", check=True)


if __name__ == "__main__":
    for name, *options in LOCKS:
        lock(name, *options, *sys.argv[1:])
