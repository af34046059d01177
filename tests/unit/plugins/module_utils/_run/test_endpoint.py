# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instance connect endpoint: the one that is there, or one made for the run."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._run.endpoint import endpoint_permissions, use_endpoint

from tests.unit.fakes.aws import FakeClient, FakeClock, clients_of
from tests.unit.fakes.rows import spec

GROUP = {"GroupId": "sg-1", "VpcId": "vpc-1"}


def row(state: str, **fields: Any) -> dict[str, Any]:
    return {"InstanceConnectEndpointId": "eice-1", "State": state, "SecurityGroupIds": ["sg-1"], **fields}


def found(*states: str) -> list[dict[str, Any]]:
    """The answers of DescribeInstanceConnectEndpoints, the empty state for none."""
    return [{"InstanceConnectEndpoints": [row(state)] if state else []} for state in states]


def used(*states: str, **changes: Any) -> tuple[str, FakeClient, FakeClock]:
    """The state of the endpoint that is used, the client and the clock."""
    client, clock = FakeClient(**{"describe_instance_connect_endpoints": found(*states), **ANSWERS}), FakeClock()
    return use_endpoint(clients_of(ec2=client), spec(**changes), GROUP, clock)["State"], client, clock


ANSWERS: dict[str, Any] = {
    "create_instance_connect_endpoint": {"InstanceConnectEndpoint": row("create-in-progress")},
    "describe_subnets": {"Subnets": [{"SubnetId": "subnet-b"}, {"SubnetId": "subnet-a"}]},
}


@pytest.mark.parametrize("state", ["create-complete", "update-complete", "update-failed"])
def test_the_endpoint_of_the_network_is_used(state: str) -> None:
    ready, client, _clock = used(state)
    assert (ready, client.methods) == (state, ["describe_instance_connect_endpoints"])
    (sent,) = client.sent("describe_instance_connect_endpoints")
    assert sent["Filters"][0] == {"Name": "vpc-id", "Values": ["vpc-1"]}


def test_one_that_an_earlier_attempt_began_is_waited_for() -> None:
    ready, client, clock = used("create-in-progress", "create-in-progress", "create-complete")
    assert (ready, len(clock.pauses)) == ("create-complete", 1)
    assert "create_instance_connect_endpoint" not in client.methods


@pytest.mark.parametrize(
    ("changes", "subnet"),
    [({}, "subnet-a"), ({"subnet_id": "subnet-z"}, "subnet-z"), ({"zone": "us-west-2a"}, "subnet-a")],
)
def test_one_is_made_where_there_is_none(changes: dict[str, str], subnet: str) -> None:
    ready, client, _clock = used("", "create-in-progress", "create-complete", **changes)
    (sent,) = client.sent("create_instance_connect_endpoint")
    assert ready == "create-complete"
    assert (sent["SubnetId"], sent["SecurityGroupIds"], sent["PreserveClientIp"]) == (subnet, ["sg-1"], False)
    assert sent["TagSpecifications"][0]["ResourceType"] == "instance-connect-endpoint"
    zones = [row["Values"] for sent in client.sent("describe_subnets") for row in sent["Filters"][1:]]
    assert zones == ([["us-west-2a"]] if "zone" in changes else [])


def test_a_new_endpoint_may_be_invisible_at_first() -> None:
    assert used("", "", "create-complete")[0] == "create-complete"


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (["", "create-failed"], "eice-1 is create-failed: no reason given"),
        (["", "delete-in-progress"], "delete-in-progress"),
    ],
)
def test_one_that_fails_is_told_at_once(states: list[str], told: str) -> None:
    with pytest.raises(GpuError, match=told) as refused:
        used(*states)
    assert refused.value.code == "endpoint_failed"


def test_one_that_takes_too_long_is_told() -> None:
    with pytest.raises(GpuError, match=r"was not ready within 600 s \(it is create-in-progress\)"):
        used("", "create-in-progress")


def test_a_network_without_a_subnet_is_told() -> None:
    client = FakeClient(describe_instance_connect_endpoints=found("")[0], describe_subnets={"Subnets": []})
    with pytest.raises(GpuError, match="Name a subnet with gpu_subnet_id"):
        use_endpoint(clients_of(ec2=client), spec(), GROUP, FakeClock())


def test_an_endpoint_that_keeps_addresses_lets_named_ranges_in() -> None:
    kept = row("create-complete", PreserveClientIp=True)
    (rule,) = endpoint_permissions(kept, 22, ("192.0.2.7/32",))
    assert rule["IpRanges"] == [{"CidrIp": "192.0.2.7/32"}]
    with pytest.raises(GpuError, match="Set gpu_allowed_cidrs"):
        endpoint_permissions(kept, 22, ())
