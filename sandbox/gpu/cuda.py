# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CUDA version that a driver branch reports.

https://docs.nvidia.com/datacenter/tesla/drivers/supported-drivers-and-cuda-toolkit-versions.html
(read 2026-11-23)
"""

from __future__ import annotations

from collections.abc import Mapping

CUDA_VERSIONS: Mapping[str, str] = {"535": "12.2", "550": "12.4", "570": "12.8", "580": "13.0", "595": "13.2"}


def cuda_version(driver_version: str) -> str:
    """Return the CUDA version of a driver, or N/A for a branch that isn't in the table."""
    return CUDA_VERSIONS.get(driver_version.partition(".")[0], "N/A")
