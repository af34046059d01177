# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Session Manager needs a way out of the subnet; one that is shut is told before anything is bought."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._run.way_out import has_way_out, way_out_problems

from tests.unit.fakes.aws import FakeClient, clients_of
from tests.unit.fakes.rows import spec

SUBNET = {"SubnetId": "subnet-1", "VpcId": "vpc-1"}
PRIVATE: dict[str, Any] = {"access": "session-manager", "public_address": False}


def route(**target: str) -> dict[str, Any]:
    return {"DestinationCidrBlock": "0.0.0.0/0", "State": "active", **target}


def table(*routes: dict[str, Any], vpc: str = "vpc-1", **link: Any) -> dict[str, Any]:
    return {"VpcId": vpc, "Associations": [link], "Routes": list(routes)}


def endpoint(service: str, vpc: str = "vpc-1") -> dict[str, Any]:
    return {"ServiceName": f"com.amazonaws.us-west-2.{service}", "VpcId": vpc}


NAT, GATEWAY = route(NatGatewayId="nat-1"), route(GatewayId="igw-1")


@pytest.mark.parametrize(
    ("tables", "endpoints", "open_"),
    [
        pytest.param([], [], False, id="nothing"),
        pytest.param([table(GATEWAY, Main=True)], [], False, id="an internet gateway is for public addresses"),
        pytest.param([table(NAT, Main=True)], [], True, id="NAT by the main table"),
        pytest.param([table(NAT, SubnetId="subnet-1")], [], True, id="NAT by its own table"),
        pytest.param(
            [table(NAT, Main=True), table(GATEWAY, SubnetId="subnet-1")], [], False, id="its own table counts"
        ),
        pytest.param([table(NAT, SubnetId="subnet-2")], [], False, id="another subnet's table"),
        pytest.param([table(NAT, vpc="vpc-2", Main=True)], [], False, id="another network's table"),
        pytest.param([table({**NAT, "State": "blackhole"}, Main=True)], [], False, id="a NAT that is gone"),
        pytest.param(
            [table({**NAT, "DestinationCidrBlock": "10.1.0.0/16"}, Main=True)], [], False, id="not everywhere"
        ),
        pytest.param([table(route(TransitGatewayId="tgw-1"), Main=True)], [], True, id="a transit gateway"),
        pytest.param([table(route(GatewayId="vgw-1"), Main=True)], [], True, id="a VPN"),
        pytest.param([], [endpoint("ssm"), endpoint("ssmmessages")], True, id="endpoints of the services"),
        pytest.param([], [endpoint("ssm")], False, id="one endpoint is not enough"),
        pytest.param([], [endpoint("ssm"), endpoint("ssmmessages", "vpc-2")], False, id="of another network"),
    ],
)
def test_way_out(tables: list[Any], endpoints: list[Any], open_: bool) -> None:
    assert has_way_out(SUBNET, tables, endpoints, "us-west-2") is open_


def problems(subnets: list[dict[str, Any]], *tables: dict[str, Any], **changes: Any) -> tuple[list[str], FakeClient]:
    client = FakeClient(
        describe_subnets={"Subnets": subnets},
        describe_route_tables={"RouteTables": list(tables)},
        describe_vpc_endpoints={"VpcEndpoints": []},
    )
    return way_out_problems(clients_of(ec2=client), spec(**{**PRIVATE, **changes})), client


@pytest.mark.parametrize("changes", [{"access": "ssh"}, {"public_address": True}])
def test_nothing_is_read_where_it_is_not_needed(changes: dict[str, Any]) -> None:
    told, client = problems([SUBNET], **changes)
    assert (told, client.calls) == ([], [])


def test_a_shut_subnet_is_told_with_every_way_to_open_it() -> None:
    (told,), client = problems([SUBNET], table(GATEWAY, Main=True), subnet_id="subnet-1")
    assert told.startswith("A machine in subnet-1 without a public address can't call Session Manager: ")
    assert "gpu_public_address" in told
    assert client.sent("describe_subnets") == [{"SubnetIds": ["subnet-1"]}]


def test_one_open_default_subnet_is_enough() -> None:
    other = {"SubnetId": "subnet-2", "VpcId": "vpc-1"}
    told, client = problems([SUBNET, other], table(NAT, SubnetId="subnet-2"), zone="us-west-2a")
    assert told == []
    (sent,) = client.sent("describe_subnets")
    assert [row["Name"] for row in sent["Filters"]] == ["default-for-az", "availability-zone"]
