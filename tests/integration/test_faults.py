# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS loses answers, refuses, and is late: nothing is bought twice, and nothing that is left is kept quiet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.desk import REAL, Desk, refusal

# How often the client sends one call before it gives up: once, and six times again.
ATTEMPTS = 7
DRY_RUN = 1
LOST: dict[str, Any] = {"action": "RunInstances", "lost_response": True, **REAL}


def machines(desk: Desk, run_id: str) -> int:
    """How many machines of a run exist."""
    return len(desk.owned(run_id).get("instances", []))


def test_the_machine_of_a_lost_answer_is_found(desk: Desk) -> None:
    run_id = desk.cloud.name()
    desk.faults({**LOST, "nth": 1})
    rented = desk.rent(run_id)
    assert (rented["changed"], len(rented["hosts"]), machines(desk, run_id)) == (True, 1, 1)
    assert desk.calls.count("RunInstances") == DRY_RUN + 1
    desk.remove(run_id)


@pytest.mark.parametrize("count", [1, 3])
def test_machines_whose_answer_never_came_are_found(desk: Desk, count: int) -> None:
    run_id = desk.cloud.name()
    desk.faults(LOST)
    rented = desk.rent(run_id, count=count)
    assert (len(rented["hosts"]), machines(desk, run_id)) == (count, count)
    assert desk.calls.count("RunInstances") == DRY_RUN + 1
    desk.faults()
    assert desk.rent(run_id, count=count)["changed"] is False
    desk.remove(run_id)


def test_a_lost_machine_that_the_index_does_not_show_yet_is_adopted(desk: Desk) -> None:
    """Its tag is taken away, as if the index of tags were late; the client token still finds it."""
    run_id, ec2 = desk.cloud.name(), desk.cloud.client("ec2")
    desk.faults(LOST)
    desk.rent(run_id)
    desk.faults()
    (lost,) = desk.owned(run_id)["instances"]
    tag = {"Resources": [lost["id"]], "Tags": [{"Key": "gpgpu:run", "Value": run_id}]}
    ec2.delete_tags(**tag)
    before = set(desk.truth())
    again = desk.rent(run_id)
    assert [host["instance_id"] for host in again["hosts"]] == [lost["id"]]
    assert set(desk.truth()) == before, "nothing is bought again"
    ec2.create_tags(**tag)
    assert desk.remove(run_id)["proof"]["left"] == []


@pytest.mark.parametrize(
    "action", ["CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "ImportKeyPair", "RunInstances"]
)
def test_a_launch_cut_off_anywhere_is_taken_up(desk: Desk, action: str) -> None:
    """The call is carried out and its answer lost, as often as the client itself repeats it: the launch repeats it."""
    run_id = desk.cloud.name()
    desk.faults({"action": action, "lost_response": True, "nth": 1, "times": ATTEMPTS, **REAL})
    assert len(desk.rent(run_id)["hosts"]) == 1
    desk.faults()
    assert {kind: len(rows) for kind, rows in desk.owned(run_id).items()} == {
        "instances": 1,
        "volumes": 1,
        "network_interfaces": 1,
        "security_groups": 1,
        "key_pairs": 1,
    }
    assert desk.rent(run_id)["changed"] is False
    assert desk.remove(run_id)["proof"] == {"clean_reads": 2, "left": []}
    assert desk.owned(run_id) == {}


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("InsufficientInstanceCapacity", "Choose another zone, another instance type or another region"),
        ("VcpuLimitExceeded", "Ask for a larger vCPU quota at https://console.aws.amazon.com/servicequotas"),
        ("UnauthorizedOperation", "Ask your administrator to allow ec2:RunInstances"),
        ("OptInRequired", "Accept the terms of the image"),
    ],
)
def test_a_refused_purchase_says_what_to_do_and_what_it_left(desk: Desk, code: str, advice: str) -> None:
    run_id = desk.cloud.name()
    desk.faults(refusal("RunInstances", code))
    failed = desk.rent(run_id)
    assert (failed["error_code"], failed["left_traces"], machines(desk, run_id)) == (code, True, 0)
    assert advice in failed["next_step"]
    assert {attempt["error_code"] for attempt in failed["attempts"]} == {code}
    assert set(desk.owned(run_id)) == {"security_groups", "key_pairs"}
    desk.faults()
    assert desk.remove(run_id)["proof"]["left"] == []
    assert desk.owned(run_id) == {}


def test_a_quota_of_zero_is_told_before_the_type_is_bought(desk: Desk) -> None:
    run_id = desk.cloud.name()
    failed = desk.rent(run_id, instance_types=["p5.48xlarge"])
    assert (failed["error_code"], "left_traces" in failed) == ("impossible_choice", False)
    assert "servicequotas" in failed["msg"]
    assert desk.owned(run_id) == {}


def test_a_run_that_can_not_grow_keeps_what_it_has(desk: Desk) -> None:
    run_id = desk.cloud.name()
    desk.rent(run_id)
    desk.faults(refusal("RunInstances", "InsufficientInstanceCapacity"))
    failed = desk.rent(run_id, count=2)
    assert (failed["left_traces"], machines(desk, run_id)) == (False, 1)
    desk.faults()
    desk.remove(run_id)


def test_a_machine_that_dies_at_once_is_told(desk: Desk) -> None:
    run_id = desk.cloud.name()
    (host,) = desk.rent(run_id)["hosts"]
    desk.cloud.client("ec2").terminate_instances(InstanceIds=[host["instance_id"]])
    again = desk.rent(run_id)
    assert len(again["hosts"]) == 1
    assert again["hosts"][0]["instance_id"] != host["instance_id"], "a new machine takes its place"
    desk.remove(run_id)


def test_throttling_is_waited_out_by_the_client(desk: Desk) -> None:
    run_id = desk.cloud.name()
    busy = [refusal(action, "RequestLimitExceeded", times=2) for action in ("DescribeTags", "RunInstances")]
    desk.faults(*busy)
    assert len(desk.rent(run_id)["hosts"]) == 1
    desk.faults()
    desk.remove(run_id)


def test_a_group_still_in_use_is_deleted_later(desk: Desk) -> None:
    run_id = desk.cloud.name()
    desk.rent(run_id)
    desk.faults(refusal("DeleteSecurityGroup", "DependencyViolation", nth=1))
    removed = desk.remove(run_id)
    assert removed["proof"] == {"clean_reads": 2, "left": []}
    assert desk.calls.count("DeleteSecurityGroup") == 2
    assert desk.owned(run_id) == {}


def test_a_removal_that_is_denied_names_what_is_left_and_its_price(desk: Desk) -> None:
    run_id = desk.cloud.name()
    (host,) = desk.rent(run_id)["hosts"]
    desk.faults(refusal("TerminateInstances", "UnauthorizedOperation", "You are not authorized."))
    failed = desk.remove(run_id)
    assert (failed["failed"], failed["error_code"]) == (True, "teardown_incomplete")
    told = f"machine {host['instance_id']} (running, $0.5420/h) - UnauthorizedOperation: You are not authorized."
    assert told in failed["msg"]
    left = {row["id"]: row["usd_per_hour"] for row in failed["proof"]["left"]}
    assert left[host["instance_id"]] == pytest.approx(0.526 + 0.005 + 100 * 0.08 / 730, abs=1e-6)
    there = [row["id"] for rows in desk.owned(run_id).values() for row in rows]
    assert set(there) == set(left), "what is told is the truth"
    desk.faults()
    assert desk.remove(run_id)["proof"]["left"] == []


def test_a_removal_out_of_time_says_so(desk: Desk) -> None:
    run_id = desk.cloud.name()
    desk.rent(run_id)
    desk.faults(refusal("DeleteSecurityGroup", "DependencyViolation"))
    failed = desk.remove(run_id, wait_timeout_seconds=1)
    assert failed["error_code"] == "teardown_incomplete"
    assert [row["kind"] for row in failed["proof"]["left"]] == ["security group"]
    desk.faults()
    assert desk.remove(run_id)["proof"] == {"clean_reads": 2, "left": []}


def test_nothing_of_somebody_else_is_removed(desk: Desk) -> None:
    """Tags that are nearly the run's own, and names that are."""
    run_id, ec2 = desk.cloud.name(), desk.cloud.client("ec2")
    kept = []
    for number, value in enumerate((f"{run_id}-2", run_id.upper(), "")):
        tags = [{"Key": "gpgpu:run", "Value": value}, {"Key": "Name", "Value": run_id}]
        specification = [{"ResourceType": "volume", "Tags": tags}]
        volume = ec2.create_volume(AvailabilityZone="us-west-2a", Size=1 + number, TagSpecifications=specification)
        kept.append(volume["VolumeId"])
    desk.rent(run_id)
    assert desk.remove(run_id)["proof"]["left"] == []
    assert set(kept) <= {one for _region, _kind, one in desk.truth()}


def test_the_key_of_a_refused_name_is_left_alone(desk: Desk) -> None:
    run_id = desk.cloud.name()
    desk.cloud.client("ec2").create_key_pair(KeyName=f"gpgpu-{run_id}")
    failed = desk.rent(run_id)
    assert failed["error_code"] == "name_taken"
    assert f"Key pair gpgpu-{run_id} exists in us-west-2 without this run's tag" in failed["msg"]
    desk.remove(run_id)
    assert f"gpgpu-{run_id}" in [row.get("name") for row in desk.truth().values()]
