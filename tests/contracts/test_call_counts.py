# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS calls are counted, not timed: a launch and a teardown make these and no others, for 1 machine and for 100."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from benchmarks.desk import Desk, desk
from benchmarks.report import MORE_CALLS
from benchmarks.systems import FLOOR, LEAN, OURS, TASKS

# A step that is a task once more.
TASK = {"again": "launch"}
MAKE = ("CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "ImportKeyPair", "RunInstances")
END = ("TerminateInstances", "DeleteSecurityGroup", "DeleteKeyPair")
IMAGE = ("GetParameter", "DescribeImages")
READING = ("DescribeTags", "DescribeInstances")

PRICE = ("DescribeInstanceTypes", "GetProducts")
# What a launch reads ahead, side by side: zones, quota and its use, subnets and their routes, the prices of disks,
# addresses and traffic, and dry runs of the calls that make something.
AHEAD = (
    *("DescribeInstanceTypeOfferings", "ListServiceQuotas", "DescribeInstances"),
    *("DescribeSubnets", "DescribeRouteTables", *["GetProducts"] * 3),
    *("CreateSecurityGroup", "ImportKeyPair", "RunInstances"),
)
LEAN_CALLS = (*MAKE, *IMAGE, *READING, *PRICE)
CALLS = {
    "launch": (*LEAN_CALLS, *AHEAD),
    "again": (*READING, "DescribeSecurityGroups"),
    # The group tells what was bought a moment ago and is not listed yet.
    "teardown": (*END, *READING * 3, "DescribeInstances", "DescribeSecurityGroups"),
}
FLOOR_CALLS = {
    "launch": (*MAKE, *IMAGE, "DescribeInstances"),
    "teardown": (*END, *READING * 2, *["DescribeInstances"] * 2),
}


@pytest.fixture(scope="module")
def place() -> Iterator[Desk]:
    with desk() as found:
        yield found


@pytest.mark.parametrize(
    ("machines", "steps"), [(1, ("launch", "teardown")), (100, ("launch", "again", "teardown"))], ids=["1", "100"]
)
def test_ours_makes_these_calls(place: Desk, machines: int, steps: tuple[str, ...]) -> None:
    made = {
        step: Counter(place.measure(OURS, TASK.get(step, step), f"ours-{machines}", machines).calls) for step in steps
    }
    assert made == {step: Counter(CALLS[step]) for step in steps}


@pytest.mark.parametrize("machines", [1, 100])
def test_a_lean_launch_reads_nothing_ahead(place: Desk, machines: int) -> None:
    made = {task: Counter(place.measure(LEAN, task, f"lean-{machines}", machines).calls) for task in TASKS}
    assert made == {"launch": Counter(LEAN_CALLS), "teardown": Counter(CALLS["teardown"])}


@pytest.mark.parametrize("machines", [1, 100])
def test_boto3_alone_makes_these_calls(place: Desk, machines: int) -> None:
    made = {task: Counter(place.measure(FLOOR, task, f"floor-{machines}", machines).calls) for task in TASKS}
    assert made == {task: Counter(calls) for task, calls in FLOOR_CALLS.items()}


@pytest.mark.parametrize(("task", "calls"), [("launch", LEAN_CALLS), ("teardown", CALLS["teardown"])])
def test_ours_stays_near_boto3(task: str, calls: tuple[str, ...]) -> None:
    assert len(calls) - len(FLOOR_CALLS[task]) <= MORE_CALLS
