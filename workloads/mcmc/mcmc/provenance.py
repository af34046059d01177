# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the numbers came from: versions, device, seed and options."""

from __future__ import annotations

import dataclasses
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

PACKAGES = ("jax", "jaxlib", "numpyro", "numpy", "scipy", "arviz-stats", "matplotlib")
GPU_QUERY = ("nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader")


def describe(options: Any, device: Any) -> dict[str, Any]:
    """Return everything needed to run this again, ready for JSON.

    Args:
        options: the dataclass of options.
        device: the dataclass of the device that computed.
    """
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "device": dataclasses.asdict(device),
        "host_gpus": gpu_names(GPU_QUERY),
        "options": {name: _plain(value) for name, value in dataclasses.asdict(options).items()},
        "packages": {name: _version(name) for name in PACKAGES},
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def gpu_names(command: Sequence[str]) -> list[str]:
    """Return one "name, driver version" line per GPU that the host's driver lists; empty where there is none.

    A GPU listed here but not used (device.platform is cpu) is worth seeing in the record.
    """
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return []
    return [line.strip() for line in answer.stdout.splitlines() if line.strip()]


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | str) else str(value)
