# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine costs per hour, and the tag that remembers it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import (
    Rate,
    disk_rate,
    rate_from_tag,
)


def test_running_and_stopped() -> None:
    rate = Rate(compute=0.5, disks=0.02, address=0.005)
    assert [rate.running, rate.stopped] == pytest.approx([0.525, 0.02])
    fixed = Rate(compute=0.5, disks=0.02, address=0.005, idle=0.005)
    assert [fixed.running, fixed.stopped] == pytest.approx([0.525, 0.025])


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (Rate(0.526, 0.010958904, 0.005), "compute=0.526 disks=0.0109589 address=0.005"),
        (Rate(113.93, 0.0, 0.0), "compute=113.93 disks=0 address=0"),
        (Rate(0.526, 0.01, 0.005, 0.005), "compute=0.526 disks=0.01 address=0.005 idle=0.005"),
    ],
)
def test_a_tag_keeps_the_rate(rate: Rate, text: str) -> None:
    assert rate.as_tag() == text
    kept = rate_from_tag(text)
    assert kept is not None
    assert kept.running == pytest.approx(rate.running, rel=1e-5)
    assert kept.stopped == pytest.approx(rate.stopped, rel=1e-5)
    assert text.isascii()
    assert len(text) <= 256


@pytest.mark.parametrize("text", ["", "0.526", "compute=0.5 disks=0.1", "compute=a disks=0 address=0", "compute=1=2"])
def test_a_tag_that_is_not_ours_has_no_rate(text: str) -> None:
    assert rate_from_tag(text) is None


@pytest.mark.parametrize(
    ("arguments", "month"),
    [
        pytest.param({"region": "us-west-2", "gib": 100}, 8.0, id="free IOPS and throughput"),
        pytest.param({"region": "eu-west-1", "gib": 100}, 8.8, id="another region"),
        pytest.param({"region": "sa-east-1", "gib": 100}, 9.6, id="a region of no row costs the dearest"),
        pytest.param({"region": "us-west-2", "gib": 100, "iops": 4000}, 13.0, id="1000 IOPS more"),
        pytest.param({"region": "us-west-2", "gib": 100, "throughput_mibps": 225}, 12.0, id="100 MiB/s more"),
        pytest.param({"region": "us-west-2", "gib": 100, "iops": 100, "throughput_mibps": 1}, 8.0, id="never less"),
    ],
)
def test_disk(arguments: dict[str, Any], month: float) -> None:
    assert disk_rate(**arguments) == pytest.approx(month / 730)
