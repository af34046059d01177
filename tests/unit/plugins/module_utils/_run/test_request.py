# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of a launch, each checked against botocore's own model of EC2."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._run.request import (
    Purchase,
    endpoint_request,
    key_pair_request,
    placement_group_request,
    purchase_request,
    security_group_request,
    ssh_permissions,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import Volume

from tests.unit.fakes.aws import problems_of
from tests.unit.fakes.rows import HOST_KEY, RUN_ID, choice, image, machine, run_tags, spec

COMMON = {
    "Name": RUN_ID,
    "gpgpu:run": RUN_ID,
    "gpgpu:owner": "ada",
    "gpgpu:lease": "2026-11-23T20:00:00Z",
}
SPOT: dict[str, Any] = {"market": "spot", "max_spot_usd": 0.25}
SUBNET: dict[str, Any] = {"subnet_id": "subnet-1", "zone": "us-west-2a", "public_address": False}


def bought(count: int = 1, generation: int = 1, **changes: Any) -> dict[str, Any]:
    """The RunInstances of a spec, after botocore found nothing against it."""
    purchase = Purchase(spec(**changes), choice(), count, "sg-1", HOST_KEY)
    request = purchase_request(purchase, generation)
    assert problems_of("ec2", "run_instances", request) == ""
    return request


def tags_by_kind(request: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The tags of each kind of resource that a request makes."""
    return {
        one["ResourceType"]: {tag["Key"]: tag["Value"] for tag in one["Tags"]} for one in request["TagSpecifications"]
    }


def test_the_validator_can_refuse() -> None:
    assert problems_of("ec2", "run_instances", {**bought(), "MaxCount": "many"})


@pytest.mark.parametrize("vpc_id", ["", "vpc-1"])
def test_security_group(vpc_id: str) -> None:
    request = security_group_request(spec(), vpc_id)
    assert problems_of("ec2", "create_security_group", request) == ""
    assert (request["GroupName"], request.get("VpcId", "")) == (f"gpgpu-{RUN_ID}", vpc_id)
    assert tags_by_kind(request) == {"security-group": COMMON}


def test_key_pair() -> None:
    request = key_pair_request(spec(), "ssh-ed25519 AAAA ada")
    assert problems_of("ec2", "import_key_pair", request) == ""
    assert (request["KeyName"], request["PublicKeyMaterial"]) == (f"gpgpu-{RUN_ID}", b"ssh-ed25519 AAAA ada")
    assert tags_by_kind(request) == {"key-pair": COMMON}


@pytest.mark.parametrize(
    ("cidrs", "ranges"),
    [
        (["192.0.2.7/32"], {"IpRanges": [{"CidrIp": "192.0.2.7/32"}]}),
        (["2001:db8::/64"], {"Ipv6Ranges": [{"CidrIpv6": "2001:db8::/64"}]}),
        (
            ["192.0.2.7/32", "2001:db8::/64"],
            {"IpRanges": [{"CidrIp": "192.0.2.7/32"}], "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/64"}]},
        ),
    ],
)
def test_ssh_permissions(cidrs: list[str], ranges: dict[str, Any]) -> None:
    (rule,) = ssh_permissions(cidrs, 2222)
    assert rule == {"IpProtocol": "tcp", "FromPort": 2222, "ToPort": 2222, **ranges}
    request = {"GroupId": "sg-1", "IpPermissions": [rule]}
    assert problems_of("ec2", "authorize_security_group_ingress", request) == ""


@pytest.mark.parametrize("changes", [{}, SPOT, SUBNET], ids=["on demand", "spot", "subnet"])
@pytest.mark.parametrize("count", [1, 100])
def test_what_every_purchase_keeps(changes: dict[str, Any], count: int) -> None:
    request = bought(count, **changes)
    assert (request["MinCount"], request["MaxCount"]) == (count, count), "all or none"
    assert request["MetadataOptions"]["HttpTokens"] == "required", "IMDSv2 only"
    assert request["InstanceInitiatedShutdownBehavior"] == "terminate", "a power-off ends the machine"
    assert request["ClientToken"] == spec(**changes).client_token(1), "never bought twice"
    (disk,) = request["BlockDeviceMappings"]
    assert (disk["Ebs"]["Encrypted"], disk["Ebs"]["DeleteOnTermination"]) == (True, True)


def test_the_root_disk_is_the_images_own() -> None:
    (disk,) = bought(root_volume_iops=4000, root_volume_throughput_mibps=250)["BlockDeviceMappings"]
    assert disk["DeviceName"] == "/dev/sda1"
    figures: dict[str, Any] = {"VolumeSize": 100, "VolumeType": "gp3", "Iops": 4000, "Throughput": 250}
    assert disk["Ebs"].items() >= figures.items()


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, {"instance", "volume", "network-interface"}),
        (SPOT, {"instance", "volume", "network-interface", "spot-instances-request"}),
    ],
    ids=["on demand", "spot"],
)
def test_everything_is_tagged_by_the_call_that_makes_it(changes: dict[str, Any], kinds: set[str]) -> None:
    tags = tags_by_kind(bought(generation=3, **changes))
    assert set(tags) == kinds
    assert tags.pop("instance") == run_tags(generation="3")
    assert all(found == COMMON for found in tags.values())


def test_own_tags_go_everywhere_and_replace_none_of_the_runs() -> None:
    own: dict[str, Any] = {"project": "thesis", "Name": "mine"}
    for request in (bought(tags=own), security_group_request(spec(tags=own), ""), key_pair_request(spec(tags=own), "")):
        for found in tags_by_kind(request).values():
            assert found.items() >= {**COMMON, "project": "thesis"}.items()


@pytest.mark.parametrize(
    ("changes", "options"),
    [
        ({}, None),
        ({"market": "spot"}, {"SpotInstanceType": "one-time", "InstanceInterruptionBehavior": "terminate"}),
        (
            SPOT,
            {"SpotInstanceType": "one-time", "InstanceInterruptionBehavior": "terminate", "MaxPrice": "0.25"},
        ),
    ],
)
def test_a_spot_request_buys_once(changes: dict[str, Any], options: dict[str, Any] | None) -> None:
    market = bought(**changes).get("InstanceMarketOptions")
    assert market == ({"MarketType": "spot", "SpotOptions": options} if options else None)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({}, {"SecurityGroupIds": ["sg-1"]}),
        (
            {"zone": "us-west-2b"},
            {"SecurityGroupIds": ["sg-1"], "Placement": {"AvailabilityZone": "us-west-2b"}},
        ),
        (
            {"subnet_id": "subnet-1"},
            {
                "NetworkInterfaces": [
                    {
                        "DeviceIndex": 0,
                        "SubnetId": "subnet-1",
                        "Groups": ["sg-1"],
                        "AssociatePublicIpAddress": True,
                        "DeleteOnTermination": True,
                    }
                ]
            },
        ),
    ],
)
def test_place(changes: dict[str, Any], place: dict[str, Any]) -> None:
    """AWS refuses groups or a subnet beside an interface."""
    names = ("SecurityGroupIds", "Placement", "NetworkInterfaces", "SubnetId")
    request = bought(**changes)
    assert {name: request[name] for name in names if name in request} == place


def test_no_public_address_when_none_is_wanted() -> None:
    (interface,) = bought(**SUBNET)["NetworkInterfaces"]
    assert interface["AssociatePublicIpAddress"] is False


@pytest.mark.parametrize(("key_name", "sent"), [("", f"gpgpu-{RUN_ID}"), ("my-key", "my-key")])
def test_key(key_name: str, sent: str) -> None:
    assert bought(key_name=key_name)["KeyName"] == sent


def test_the_private_host_key_is_in_the_user_data_only() -> None:
    request = bought()
    assert "BEGIN OPENSSH PRIVATE KEY" in request.pop("UserData")
    assert HOST_KEY.private not in repr(request)
    assert "PRIVATE" not in repr(request)


def test_the_login_user_is_the_images() -> None:
    purchase = Purchase(spec(), choice(image=image(user="ec2-user")), 1, "sg-1", HOST_KEY)
    assert tags_by_kind(purchase_request(purchase, 1))["instance"]["gpgpu:login"] == "ec2-user"


def test_placement_group() -> None:
    request = placement_group_request(spec(placement_strategy="spread"))
    assert problems_of("ec2", "create_placement_group", request) == ""
    assert (request["GroupName"], request["Strategy"]) == (f"gpgpu-{RUN_ID}", "spread")
    assert tags_by_kind(request) == {"placement-group": COMMON}


def test_endpoint() -> None:
    request = endpoint_request(spec(), "subnet-1", "sg-1")
    assert problems_of("ec2", "create_instance_connect_endpoint", request) == ""
    assert tags_by_kind(request) == {"instance-connect-endpoint": COMMON}


def test_further_disks_end_with_the_machine_too() -> None:
    disks = bought(volumes=(Volume(500), Volume(1000, 6000, 500)))["BlockDeviceMappings"]
    assert [disk["DeviceName"] for disk in disks] == ["/dev/sda1", "/dev/sdf", "/dev/sdg"]
    assert all(disk["Ebs"]["Encrypted"] and disk["Ebs"]["DeleteOnTermination"] for disk in disks)
    figures: dict[str, Any] = {"VolumeSize": 1000, "VolumeType": "gp3", "Iops": 6000, "Throughput": 500}
    assert disks[-1]["Ebs"].items() >= figures.items()


@pytest.mark.parametrize(
    ("changes", "added"),
    [
        ({"instance_profile": "lab"}, {"IamInstanceProfile": {"Name": "lab"}}),
        (
            {"instance_profile": "arn:aws:iam::123456789012:instance-profile/lab"},
            {"IamInstanceProfile": {"Arn": "arn:aws:iam::123456789012:instance-profile/lab"}},
        ),
        ({"placement_strategy": "cluster"}, {"Placement": {"GroupName": f"gpgpu-{RUN_ID}"}}),
        (
            {"placement_group": "mine", "zone": "us-west-2b"},
            {"Placement": {"AvailabilityZone": "us-west-2b", "GroupName": "mine"}},
        ),
        (
            {"capacity_reservation_id": "cr-1"},
            {"CapacityReservationSpecification": {"CapacityReservationTarget": {"CapacityReservationId": "cr-1"}}},
        ),
        (
            {"capacity_reservation_id": "cr-1", "market": "capacity-block"},
            {
                "CapacityReservationSpecification": {"CapacityReservationTarget": {"CapacityReservationId": "cr-1"}},
                "InstanceMarketOptions": {"MarketType": "capacity-block"},
            },
        ),
    ],
)
def test_what_is_asked_for_is_added_to_a_plain_launch(changes: dict[str, Any], added: dict[str, Any]) -> None:
    plain, request = bought(), bought(**changes)
    assert {name: value for name, value in request.items() if name not in plain} == added


def test_a_subnet_decides_the_zone() -> None:
    request = bought(subnet_id="subnet-1", zone="us-west-2a", placement_group="mine")
    assert request["Placement"] == {"GroupName": "mine"}
    assert "SecurityGroupIds" not in request


def test_adapters_take_the_place_of_the_interface() -> None:
    fabric = choice(machine=machine(fabric=("efa", "efa-only")))
    request = purchase_request(Purchase(spec(efa=True, zone="us-west-2a"), fabric, 2, "sg-1", HOST_KEY), 1)
    assert problems_of("ec2", "run_instances", request) == ""
    assert [row["InterfaceType"] for row in request["NetworkInterfaces"]] == ["efa", "efa-only"]
    assert request["Placement"] == {"AvailabilityZone": "us-west-2a"}
    assert "SecurityGroupIds" not in request


@pytest.mark.parametrize(
    ("access", "tag"), [("ssh", None), ("session-manager", "session-manager"), ("instance-connect-endpoint",) * 2]
)
def test_a_machine_carries_how_it_is_reached(access: str, tag: str | None) -> None:
    assert tags_by_kind(bought(access=access))["instance"].get("gpgpu:access") == tag


def test_own_user_data_travels_with_ours() -> None:
    data = bought(user_data="#!/bin/sh\necho mine\n")["UserData"]
    assert "echo mine" in data
    assert HOST_KEY.public in data
