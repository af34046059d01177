# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a GPU's clocks are lower than asked: NVML's clock event reasons.

``nvidia-smi -q -x`` gives one element per bit of NVML's mask, under the names of this table; before
driver 535 they were called throttle reasons.
Source: https://docs.nvidia.com/deploy/nvml-api/group__nvmlClocksEventReasons.html (read 2026-11-23)
"""

from __future__ import annotations

from collections.abc import Mapping

# Reason -> does it mean a fault of cooling or of the power supply? A software power cap is how
# every GPU behaves at full load; the rest are settings or idleness.
REASONS: Mapping[str, bool] = {
    "gpu_idle": False,
    "applications_clocks_setting": False,
    "sw_power_cap": False,
    "hw_slowdown": True,
    "sync_boost": False,
    "sw_thermal_slowdown": True,
    "hw_thermal_slowdown": True,
    "hw_power_brake_slowdown": True,
    "display_clocks_setting": False,
}


def faults(reasons: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the active reasons that mean a fault, in the order given; one unknown here is none."""
    return tuple(reason for reason in reasons if REASONS.get(reason, False))
