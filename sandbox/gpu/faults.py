# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures of a pretend GPU, set from outside by the file control/gpu.json of a host.

    {"missing_gpu": [0], "driver_absent": true, "version_skew": "580.105.08",
     "xid": [[0, 79]], "throttle": ["hw_thermal_slowdown"]}

The file is read at each call, so a failure appears and goes while the host runs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Faults:
    """What is broken; nothing by default."""

    missing_gpu: tuple[int, ...] = ()
    """Minor numbers of GPUs that the driver doesn't see."""
    driver_absent: bool = False
    """The kernel module isn't loaded."""
    version_skew: str | None = None
    """Version of the userspace library where it isn't that of the kernel module."""
    xid: tuple[tuple[int, int], ...] = ()
    """Minor number and Xid, https://docs.nvidia.com/deploy/xid-errors/."""
    throttle: tuple[str, ...] = ()
    """Active clocks event reasons, such as 'hw_thermal_slowdown'."""


def read_faults(path: Path) -> Faults:
    """Return the failures set at the moment.

    Raises:
        TypeError: the file names a failure that doesn't exist.
    """
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Faults()
    return Faults(**{name: _frozen(value) for name, value in values.items()})


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
