# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An offer as plain data."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.gpgpu.aws.plugins.modules import ec2_gpu_offer_info

from tests.unit.fakes.offers import A10G_BY_FOUR, offer


def test_an_offer_is_billed_for_all_machines_and_the_whole_lease() -> None:
    row = offer(0.5).as_result(lease_hours=10, count=3)
    assert (row["usd_per_hour"], row["bill_usd_per_hour"]) == (0.5, 0.515)
    assert row["usd_for_lease"] == pytest.approx(15.45)


def test_an_offer_without_a_price_has_no_bill() -> None:
    row = offer(None).as_result(lease_hours=10, count=3)
    assert [row[name] for name in ("usd_per_hour", "bill_usd_per_hour", "usd_for_lease")] == [None] * 3


def test_the_gpu_is_told_as_ec2_and_as_people_do() -> None:
    row = offer(machine=A10G_BY_FOUR, image=None).as_result(1, 1)
    assert (row["gpu"], row["gpu_memory_mib"], row["vram_gib"]) == ("4 x A10G 24 GiB", 22888, 24)
    assert (row["vcpus"], row["ram_gib"], row["image_id"], row["vcpu_room"]) == (48, 192, "", 64.0)


def test_every_field_is_documented() -> None:
    documented = yaml.safe_load(ec2_gpu_offer_info.RETURN)["offers"]["contains"]
    assert set(offer().as_result(1, 1)) == set(documented)
