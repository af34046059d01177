# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what there is: the run in one region or in several, its home, and the caller's address."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError, GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import (
    RunState,
    caller_range,
    find_home,
    read_machine,
    read_regions,
    read_run,
    read_run_for_launch,
)

from tests.unit.fakes.aws import FakeClient, aws_error, clients_of
from tests.unit.fakes.rows import RUN_ID, instance, state

TYPE = {
    "InstanceType": "g4dn.xlarge",
    "VCpuInfo": {"DefaultVCpus": 4},
    "MemoryInfo": {"SizeInMiB": 16384},
    "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
    "GpuInfo": {"Gpus": [{"Name": "T4", "Manufacturer": "NVIDIA", "Count": 1, "MemoryInfo": {"SizeInMiB": 15360}}]},
}


def region(*machines: Any, name: str = "us-west-2", **changes: Any) -> tuple[Clients, FakeClient]:
    """Clients of a region that has these machines, and its EC2."""
    answers = {
        "describe_tags": {"Tags": [{"ResourceType": "instance", "ResourceId": row["InstanceId"]} for row in machines]},
        "describe_instances": {"Reservations": [{"Instances": list(machines)}]},
        "describe_security_groups": {"SecurityGroups": [{"GroupId": "sg-1"}]},
        **changes,
    }
    client = FakeClient(**answers)
    return clients_of(region=name, ec2=client), client


def test_the_hardware_of_a_type_is_read() -> None:
    clients, _ec2 = region(describe_instance_types={"InstanceTypes": [TYPE]})
    assert read_machine(clients, "g4dn.xlarge").gpu_name == "NVIDIA T4"


def test_an_unknown_type_is_refused() -> None:
    clients, _ec2 = region(describe_instance_types=aws_error("InvalidInstanceType"))
    with pytest.raises(GpuError, match=r"Today's equivalent is g4dn\.xlarge"):
        read_machine(clients, "g2.2xlarge")


@pytest.mark.parametrize(
    ("answer", "written"),
    [("192.0.2.7\n", "192.0.2.7/32"), ("2001:db8::7", "2001:db8::7/128")],
)
def test_caller_range(answer: str, written: str) -> None:
    assert caller_range(answer) == written


@pytest.mark.parametrize("answer", ["", "<html>Sign in to the hotel's network</html>", "192.0.2.7, 198.51.100.1"])
def test_an_answer_that_is_no_address_names_the_option(answer: str) -> None:
    with pytest.raises(GpuError, match=r"Set gpu_allowed_cidrs to the addresses you log in from") as refused:
        caller_range(answer)
    assert refused.value.code == "caller_address_unknown"


def test_a_run_is_read_by_two_views() -> None:
    clients, ec2 = region(instance(1))
    found = read_run(clients, RUN_ID)
    assert (found.resources, [row["InstanceId"] for row in found.instances]) == ({"instance": ["i-1"]}, ["i-1"])
    assert sorted(ec2.methods) == ["describe_instances", "describe_tags"]
    assert ec2.sent("describe_instances") == [{"Filters": [{"Name": "tag:gpgpu:run", "Values": [RUN_ID]}]}]


TAGS, MACHINES, GROUPS = "describe_tags", "describe_instances", "describe_security_groups"


@pytest.mark.parametrize(
    ("kinds", "calls"),
    [
        ([], [TAGS]),
        (["key-pair"], [TAGS]),
        (["instance"], [TAGS, MACHINES]),
        (["security-group"], [TAGS, GROUPS]),
        (["security-group", "instance"], [TAGS, MACHINES, GROUPS]),
    ],
)
def test_before_a_launch_is_read_only_what_there_is(kinds: list[str], calls: list[str]) -> None:
    rows = [{"ResourceType": kind, "ResourceId": "id-1"} for kind in kinds]
    clients, ec2 = region(instance(1), describe_tags={"Tags": rows})
    found = read_run_for_launch(clients, RUN_ID)
    assert sorted(ec2.methods) == sorted(calls)
    assert [row["InstanceId"] for row in found.instances] == (["i-1"] if MACHINES in calls else [])
    assert [row["GroupId"] for row in found.groups] == (["sg-1"] if GROUPS in calls else [])


def test_a_group_that_is_gone_does_not_hide_the_one_that_is_there() -> None:
    """Else the trace of a launch that died would be unread, and another machine bought."""

    def groups(**params: Any) -> dict[str, Any]:
        if "sg-1" in params.get("GroupIds", []):
            raise aws_error("InvalidGroup.NotFound")
        return {"SecurityGroups": [{"GroupId": "sg-2"}]}

    rows = [{"ResourceType": "security-group", "ResourceId": one} for one in ("sg-1", "sg-2")]
    clients, _ec2 = region(describe_tags={"Tags": rows}, describe_security_groups=groups)
    found = read_run_for_launch(clients, RUN_ID)
    assert (found.ids("security-group"), [row["GroupId"] for row in found.groups]) == (["sg-2"], ["sg-2"])


@pytest.mark.parametrize(
    ("states", "home"),
    [
        pytest.param({}, "", id="no region"),
        pytest.param({"us-west-2": state(), "eu-west-1": state(security_group=["sg-1"])}, "", id="no machine"),
        pytest.param({"us-west-2": state(), "eu-west-1": state(instance())}, "eu-west-1", id="in one"),
        pytest.param(
            {"us-west-2": state(instance(1, "terminated")), "eu-west-1": state(instance(2, "stopped"))},
            "eu-west-1",
            id="ended elsewhere",
        ),
    ],
)
def test_the_home_of_a_run_is_where_it_has_machines(states: dict[str, RunState], home: str) -> None:
    assert find_home(states, RUN_ID, tuple(states)) == home


def test_a_run_that_is_elsewhere_is_not_bought_again() -> None:
    with pytest.raises(GpuError) as refused:
        find_home({"us-west-2": state(), "eu-west-1": state(instance())}, RUN_ID, ("us-west-2",))
    assert refused.value.code == "run_elsewhere"
    assert "has machines in eu-west-1, and they are wanted in us-west-2. Name eu-west-1 with gpu_region" in str(
        refused.value
    )


def test_a_run_in_two_regions_is_refused() -> None:
    with pytest.raises(GpuError) as refused:
        find_home({name: state(instance()) for name in ("us-west-2", "eu-west-1", "us-east-1")}, RUN_ID, ("us-west-2",))
    assert refused.value.code == "run_in_two_regions"
    assert str(refused.value).startswith(
        "Run eight-schools has machines in eu-west-1 and us-east-1 and us-west-2. Name the one you want"
    )


DENIED = aws_error("UnauthorizedOperation", "No.")


def test_regions_are_read_and_the_unreadable_one_hides_no_other() -> None:
    west, _ec2 = region(instance(1))
    north, _ec2 = region(name="eu-north-1", describe_instances=DENIED)
    south, _ec2 = region(instance(2), name="sa-east-1")
    found, unread = read_regions([west, north, south], "")
    assert {name: [row["InstanceId"] for row in rows] for name, rows in found.items()} == {
        "us-west-2": ["i-1"],
        "sa-east-1": ["i-2"],
    }
    assert [row["region"] for row in unread] == ["eu-north-1"]
    assert "UnauthorizedOperation: No. Ask your administrator" in unread[0]["reason"]


def test_the_only_region_is_read_or_fails() -> None:
    clients, _ec2 = region(describe_instances=DENIED)
    with pytest.raises(AwsCallError):
        read_regions([clients], "")


@pytest.mark.parametrize(
    ("run_id", "wanted"),
    [
        ("", {"Name": "tag-key", "Values": ["gpgpu:run"]}),
        (RUN_ID, {"Name": "tag:gpgpu:run", "Values": [RUN_ID]}),
    ],
    ids=["all runs", "one run"],
)
def test_regions_are_asked_for_one_run_or_all(run_id: str, wanted: dict[str, Any]) -> None:
    clients, ec2 = region()
    read_regions([clients], run_id)
    assert ec2.sent("describe_instances") == [{"Filters": [wanted]}]
