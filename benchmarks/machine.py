# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a figure depends on: the machine, how busy it was, and the versions."""

from __future__ import annotations

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path

from tools.shipped import COLLECTIONS, ROOT

PACKAGES = ("ansible-core", "boto3", "moto")


def processor() -> str:
    """Return the name and number of the processors that this process may use."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    return f"{len(os.sched_getaffinity(0))} x {name}"


def versions() -> dict[str, str]:
    """Return the versions of what is measured."""
    manifest = json.loads((ROOT / COLLECTIONS / "amazon/aws/MANIFEST.json").read_text())
    return {
        "Python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        "amazon.aws": manifest["collection_info"]["version"],
    }


def load() -> float:
    """Return how many processes wanted a processor in the last minute, on average."""
    return round(os.getloadavg()[0], 2)
