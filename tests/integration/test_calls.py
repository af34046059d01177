# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many calls each act makes, exactly: the same for 1 machine and for 100."""

from __future__ import annotations

import pytest
from ansible_collections.gpgpu.aws.plugins.modules import (
    ec2_gpu_image_info,
    ec2_gpu_offer_info,
    ec2_gpu_run_info,
)

from tests.integration.desk import Desk

LOOK = ["DescribeInstances", "DescribeTags"]
LEAN = ["DescribeImages", "DescribeInstanceTypes", "DescribeTags", "GetParameter", "GetProducts"]
AHEAD = [
    *["DescribeInstanceTypeOfferings", "ListServiceQuotas", "DescribeInstances", "DescribeSubnets"],
    *["DescribeRouteTables", "GetProducts", "GetProducts", "GetProducts"],
]
DRY_RUNS = ["CreateSecurityGroup", "ImportKeyPair", "RunInstances"]
PLAN = [*LEAN, *AHEAD, *DRY_RUNS]
BUY = ["AuthorizeSecurityGroupIngress", "CreateSecurityGroup", "ImportKeyPair", "RunInstances", "DescribeInstances"]
KEEP = [*LOOK, "DescribeSecurityGroups"]
# Look, also for what was bought a moment ago, end, wait, delete what is left, and look twice again for the proof.
REMOVE = [
    *LOOK * 3,
    "DescribeSecurityGroups",
    "TerminateInstances",
    "DescribeInstances",
    "DeleteSecurityGroup",
    "DeleteKeyPair",
]


@pytest.mark.parametrize("count", [1, 100])
def test_a_run(desk: Desk, count: int) -> None:
    run_id = desk.cloud.name()
    desk.rent(run_id, check_mode=True, count=count)
    assert desk.calls == sorted(PLAN)
    assert len(desk.rent(run_id, count=count)["hosts"]) == count
    assert desk.calls == sorted(PLAN + BUY)
    for check_mode in (True, False):
        desk.rent(run_id, check_mode, count=count)
        assert desk.calls == sorted(KEEP)
    assert len(desk.run(ec2_gpu_run_info, run_id=run_id)["runs"][0]["hosts"]) == count
    assert desk.calls == ["DescribeInstances"]
    desk.remove(run_id, check_mode=True)
    assert desk.calls == sorted([*LOOK, "DescribeSecurityGroups"])
    desk.remove(run_id)
    assert desk.calls == sorted(REMOVE)
    desk.remove(run_id)
    assert desk.calls == sorted(LOOK * 2)


def test_a_lean_run(desk: Desk) -> None:
    run_id = desk.cloud.name()
    desk.rent(run_id, preflight=False)
    assert desk.calls == sorted(LEAN + BUY)
    desk.remove(run_id)


def test_the_aims() -> None:
    """The numbers that a change must not raise by chance."""
    assert (len(LEAN + BUY), len(PLAN + BUY), len(KEEP), len(REMOVE)) == (10, 21, 3, 11)


def test_an_image(desk: Desk) -> None:
    desk.run(ec2_gpu_image_info, instance_types=["g5.xlarge", "g6.xlarge"])
    assert desk.calls == ["DescribeImages", "DescribeInstanceTypes", "GetParameter"]


@pytest.mark.parametrize(
    ("regions", "types", "markets", "number"),
    [
        (["us-west-2"], ["g5.xlarge"], ["on-demand"], 12),
        (["us-west-2"], ["g5.xlarge"], ["on-demand", "spot"], 13),
        (["us-west-2"], ["g5.xlarge", "g6.xlarge", "g4dn.xlarge"], ["on-demand", "spot"], 14),
        (["us-west-2", "eu-west-1"], ["g5.xlarge", "g4dn.xlarge"], ["on-demand", "spot"], 26),
    ],
)
def test_a_quote(desk: Desk, regions: list[str], types: list[str], markets: list[str], number: int) -> None:
    desk.run(ec2_gpu_offer_info, regions=regions, instance_types=types, markets=markets)
    assert len(desk.calls) == number
    assert desk.calls.count("GetProducts") == len(regions) * 4
