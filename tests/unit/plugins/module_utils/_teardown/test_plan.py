# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a teardown: everything with the run's tag, in an order that AWS takes, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.plan import (
    bound_to,
    foreign_disks,
    kept_blocks,
    plan_teardown,
    unfinished,
)

from tests.unit.fakes.rows import disk, instance, state

EVERYTHING = state(
    instance(1),
    key_pair=["key-1"],
    security_group=["sg-1"],
    network_interface=["eni-9"],
    volume=["vol-9"],
    elastic_ip=["eipalloc-1"],
    spot_instances_request=["sir-1"],
    placement_group=["pg-1"],
    instance_connect_endpoint=["eice-1"],
    capacity_reservation=["cr-1"],
    capacity_block=["cr-2"],
)


def two_disks(number: int, other: str, ends_with_machine: bool) -> Any:
    """A machine with a disk of its own and another one."""
    mapping = {"DeviceName": "/dev/sdf", "Ebs": {**disk(0, ends_with_machine), "VolumeId": other}}
    return instance(number, BlockDeviceMappings=[{"Ebs": disk(number)}, mapping])


def test_order() -> None:
    assert [str(action) for action in plan_teardown(EVERYTHING)] == [
        "remove spot request sir-1",
        "remove machine i-1",
        "remove capacity reservation cr-1",
        "remove fixed address eipalloc-1",
        "remove disk vol-9",
        "remove instance connect endpoint eice-1",
        "remove network interface eni-9",
        "remove security group sg-1",
        "remove key pair key-1",
        "remove placement group pg-1",
    ]


def test_a_capacity_block_is_named_and_kept() -> None:
    assert [sentence.split(":")[0] for sentence in kept_blocks(EVERYTHING)] == ["capacity block cr-2"]
    assert kept_blocks(state(instance(1))) == []


@pytest.mark.parametrize(
    ("run", "actions"),
    [
        pytest.param(state(), [], id="nothing"),
        pytest.param(
            state(instance(2), instance(1, "stopped"), instance(3, "pending")),
            ["remove machine i-1, i-2, i-3"],
            id="machines in every state that bills, sorted",
        ),
        pytest.param(state(instance(1, "terminated"), instance(2, "shutting-down")), [], id="machines that ended"),
        pytest.param(
            state(instance(1), volume=["vol-1", "vol-2"], network_interface=["eni-1", "eni-2"]),
            ["remove machine i-1", "remove disk vol-2", "remove network interface eni-2"],
            id="what ends with a machine is left to it",
        ),
        pytest.param(
            state(two_disks(1, "vol-7", False), volume=["vol-1", "vol-7"]),
            ["remove machine i-1", "remove disk vol-7"],
            id="a disk of the run that would outlive its machine",
        ),
        pytest.param(
            state(instance(1, "terminated"), volume=["vol-1"]),
            ["remove disk vol-1"],
            id="a disk that outlived its machine",
        ),
        pytest.param(state(two_disks(1, "vol-7", False)), ["remove machine i-1"], id="a disk without the tag"),
        pytest.param(state(snapshot=["snap-1"], image=["ami-1"]), [], id="kinds that are only reported"),
    ],
)
def test_plan(run: Any, actions: list[str]) -> None:
    assert [str(action) for action in plan_teardown(run)] == actions


@pytest.mark.parametrize(
    ("run", "foreign"),
    [
        pytest.param(state(instance(1)), [], id="its own disk"),
        pytest.param(state(two_disks(1, "vol-7", False)), ["vol-7"], id="somebody's disk"),
        pytest.param(state(two_disks(1, "vol-7", True)), [], id="a disk that ends with the machine"),
        pytest.param(state(two_disks(1, "vol-7", False), volume=["vol-7"]), [], id="a disk of the run"),
        pytest.param(state(instance(1, "terminated", BlockDeviceMappings=[])), [], id="an ended machine"),
    ],
)
def test_foreign_disks(run: Any, foreign: list[str]) -> None:
    assert foreign_disks(run) == foreign


def test_what_ends_with_machines() -> None:
    kept = {"NetworkInterfaceId": "eni-7", "Attachment": {"DeleteOnTermination": False}}
    bare: dict[str, Any] = {"InstanceId": "i-3"}
    assert bound_to([two_disks(1, "vol-7", False), instance(2, NetworkInterfaces=[kept]), bare]) == {
        *("vol-1", "eni-1"),
        "vol-2",
    }


def test_a_machine_on_its_way_is_not_finished() -> None:
    rows = [instance(2, "shutting-down"), instance(3, "terminated"), instance(1)]
    assert unfinished(rows) == ["i-1", "i-2"]
