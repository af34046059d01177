# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which subnets machines can stand in."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.ground import Ground, ground_problems, grounds_of

SUBNET = {
    "SubnetId": "subnet-1",
    "VpcId": "vpc-1",
    "AvailabilityZone": "us-west-2a",
    "AvailabilityZoneId": "usw2-az2",
}
EVERYWHERE = "0.0.0.0/0"


def table(target: str, destination: str = EVERYWHERE, state: str = "active", **link: Any) -> dict[str, Any]:
    """A route table with one route beside the local one."""
    routes = [
        {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
        {"DestinationCidrBlock": destination, "GatewayId": target, "State": state},
    ]
    return {"VpcId": "vpc-1", "Associations": [{"Main": False, **link}], "Routes": routes}


OWN: dict[str, Any] = {"SubnetId": "subnet-1"}
MAIN: dict[str, Any] = {"Main": True}


@pytest.mark.parametrize(
    ("tables", "internet"),
    [
        pytest.param([table("igw-1", **OWN)], True, id="own table"),
        pytest.param([table("igw-1", **MAIN)], True, id="main table"),
        pytest.param([table("igw-1", **MAIN), table("local", **OWN)], False, id="own table before the main one"),
        pytest.param([table("local", **MAIN), table("igw-1", **OWN)], True, id="own table after the main one"),
        pytest.param([table("igw-1", SubnetId="subnet-2")], False, id="table of another subnet"),
        pytest.param([{**table("igw-1", **MAIN), "VpcId": "vpc-2"}], False, id="main table of another network"),
        pytest.param([table("igw-1", state="blackhole", **OWN)], False, id="gateway is gone"),
        pytest.param([table("igw-1", destination="192.0.2.0/24", **OWN)], False, id="gateway for a part only"),
        pytest.param([table("nat-1", **OWN)], False, id="another kind of gateway"),
        pytest.param([], False, id="no table"),
        pytest.param(None, None, id="not read"),
    ],
)
def test_route(tables: list[Any] | None, internet: bool | None) -> None:
    assert grounds_of([SUBNET], tables) == {"us-west-2a": Ground("subnet-1", "us-west-2a", "usw2-az2", internet)}


GROUNDS = {
    "us-west-2a": Ground("subnet-1", "us-west-2a", "", True),
    "us-west-2b": Ground("subnet-2", "us-west-2b", "", False),
    "us-west-2c": Ground("subnet-3", "us-west-2c", "", None),
}


@pytest.mark.parametrize(
    ("zone", "public", "word"),
    [
        ("us-west-2a", True, ""),
        ("us-west-2b", True, "Subnet subnet-2 in us-west-2b has no route to an internet gateway"),
        ("us-west-2b", False, ""),
        ("us-west-2c", True, ""),
        ("us-west-2d", False, "Zone us-west-2d has no default subnet: name a subnet with gpu_subnet_id"),
        ("", True, ""),
    ],
)
def test_problems(zone: str, public: bool, word: str) -> None:
    found = ground_problems(GROUNDS, zone, public)
    assert len(found) == (1 if word else 0)
    assert all(word in sentence for sentence in found)
    assert ground_problems(None, zone, public) == []
