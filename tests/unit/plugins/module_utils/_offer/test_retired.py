# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A type that is not offered is refused with what to use instead."""

from __future__ import annotations

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.retired import CURRENT, RETIRED, refuse_type

NAMES = {f"{family}.{size}" for family, sizes in CURRENT.items() for size in sizes}


@pytest.mark.parametrize(
    ("name", "gpu", "today"),
    [
        ("g2.2xlarge", "GRID K520", "g4dn.xlarge"),
        ("cg1.4xlarge", "Tesla M2050", "g4dn.xlarge"),
        ("g3s.xlarge", "Tesla M60", "g4dn.xlarge"),
        ("p2.xlarge", "Tesla K80", "g4dn.xlarge"),
        ("p3.2xlarge", "Tesla V100", "g6.xlarge"),
    ],
)
def test_a_retired_type_names_todays_equivalent(name: str, gpu: str, today: str) -> None:
    error = refuse_type(name, "us-west-2")
    assert str(error).startswith(f"Instance type {name} ({gpu}) is retired: EC2 no longer offers the ")
    assert str(error).endswith(f"Today's equivalent is {today}: set gpu_instance_types to it.")
    assert (error.code, error.details) == ("retired_instance_type", {"suggestion": today})


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("g4dn.xlarg", "g4dn.xlarge"),
        ("g4.xlarge", "g4dn.xlarge"),
        ("g5.xxlarge", "g5.xlarge"),
        ("p5.48large", "p5.48xlarge"),
        ("G5.xlarge", "g5.xlarge"),
        ("g5xlarge", "g5.xlarge"),
        ("p4.24xlarge", "p4d.24xlarge"),
    ],
)
def test_a_typing_error_names_the_nearest(name: str, near: str) -> None:
    error = refuse_type(name, "eu-west-1")
    assert (error.code, error.details) == ("unknown_instance_type", {"suggestion": near})
    assert f"Instance type {name} is unknown in eu-west-1. Did you mean {near}? The quote playbook" in str(error)


def test_a_name_like_none_suggests_none() -> None:
    error = refuse_type("banana", "eu-west-1")
    assert error.details == {"suggestion": ""}
    assert str(error) == (
        "Instance type banana is unknown in eu-west-1. The quote playbook lists what each region offers."
    )


def test_no_family_is_both_retired_and_current() -> None:
    assert set(RETIRED) & set(CURRENT) == set()


def test_every_equivalent_is_on_offer_and_every_row_has_a_source() -> None:
    for gpu, today, source in RETIRED.values():
        assert gpu
        assert today in NAMES
        assert source.startswith("https://")
