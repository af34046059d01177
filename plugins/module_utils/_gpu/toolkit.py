# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CUDA toolkits on the host: every nvcc on PATH and under /usr/local.

Source: https://docs.nvidia.com/cuda/cuda-installation-guide-linux/
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from .host import Host

PREFIX = "/usr/local"


@dataclass(frozen=True)
class Toolkit:
    """One toolkit: its compiler and its version (``13.0``), None where nvcc did not say."""

    nvcc: str
    version: str | None


def parse_nvcc_version(text: str) -> str | None:
    """Toolkit version in the answer of ``nvcc --version``, as ``13.0``."""
    found = re.search(r"\brelease ([0-9]+\.[0-9]+)", text)
    return found.group(1) if found else None


def _newest_first(toolkit: Toolkit) -> tuple[int, ...]:
    return tuple(-int(part) for part in (toolkit.version or "0").split("."))


def read_toolkits(host: Host) -> tuple[Toolkit, ...]:
    """All toolkits, the one of PATH first, then the newest first; links to one are counted once."""
    on_path = host.program("nvcc")
    folders = host.names(PREFIX, r"cuda(-[0-9.]+)?") or ()
    candidates = ([on_path] if on_path else []) + [f"{PREFIX}/{name}/bin/nvcc" for name in folders]
    distinct: dict[str, str] = {}
    for path in filter(host.is_program, candidates):
        distinct.setdefault(os.path.realpath(host.path(path)), path)
    found = [Toolkit(path, parse_nvcc_version(host.run([path, "--version"]).stdout)) for path in distinct.values()]
    first = found[:1] if on_path else []
    return (*first, *sorted(found[len(first) :], key=_newest_first))
