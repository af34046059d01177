# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which reasons for lowered clocks mean a fault."""

from __future__ import annotations

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.throttle import faults


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        ((), ()),
        (("gpu_idle", "sw_power_cap", "sync_boost"), ()),
        (("applications_clocks_setting", "display_clocks_setting"), ()),
        (("sw_power_cap", "hw_slowdown", "hw_thermal_slowdown"), ("hw_slowdown", "hw_thermal_slowdown")),
        (("sw_thermal_slowdown",), ("sw_thermal_slowdown",)),
        (("hw_power_brake_slowdown",), ("hw_power_brake_slowdown",)),
        (("a_reason_of_tomorrow",), ()),
    ],
)
def test_faults(reasons: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert faults(reasons) == expected
