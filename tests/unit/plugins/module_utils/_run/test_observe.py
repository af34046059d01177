# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what there is, and what a new machine would be made of."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import (
    caller_range,
    read_choice,
    read_price,
    read_run,
    read_run_for_launch,
)

from tests.unit.fakes.aws import FakeClient, aws_error, clients_of
from tests.unit.fakes.rows import NOW, RUN_ID, instance, spec

TYPE = {
    "InstanceType": "g4dn.xlarge",
    "VCpuInfo": {"DefaultVCpus": 4},
    "MemoryInfo": {"SizeInMiB": 16384},
    "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
    "GpuInfo": {"Gpus": [{"Name": "T4", "Manufacturer": "NVIDIA", "Count": 1, "MemoryInfo": {"SizeInMiB": 15360}}]},
}
DISK = {"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 128}}
IMAGE = {"ImageId": "ami-1", "RootDeviceName": "/dev/sda1", "BlockDeviceMappings": [DISK], "Architecture": "x86_64"}


def product(usd: str) -> str:
    """A product of the price list."""
    dimension = {"unit": "Hrs", "pricePerUnit": {"USD": usd}}
    return json.dumps({"terms": {"OnDemand": {"T": {"priceDimensions": {"R": dimension}}}}})


def spot(zone: str, usd: str) -> dict[str, Any]:
    """A row of the history of spot prices."""
    return {"InstanceType": "g4dn.xlarge", "AvailabilityZone": zone, "SpotPrice": usd, "Timestamp": NOW}


class World:
    """A region that has one type, its image and its prices."""

    def __init__(self, **changes: Any) -> None:
        answers = {
            "describe_instance_types": {"InstanceTypes": [TYPE]},
            "describe_images": {"Images": [IMAGE]},
            "describe_subnets": {"Subnets": [{"VpcId": "vpc-7"}]},
            "describe_spot_price_history": {"SpotPriceHistory": [spot("us-west-2a", "0.2"), spot("us-west-2b", "0.3")]},
            "describe_tags": {"Tags": [{"ResourceType": "instance", "ResourceId": "i-1"}]},
            "describe_instances": {"Reservations": [{"Instances": [instance(1)]}]},
            **changes,
        }
        prices = answers.pop("get_products", {"PriceList": [product("0.526")]})
        self.ec2 = FakeClient(**answers)
        self.pricing = FakeClient("pricing", get_products=prices)
        ssm = FakeClient("ssm", get_parameter={"Parameter": {"Value": "ami-1"}})
        self.clients = clients_of(ec2=self.ec2, ssm=ssm, pricing=self.pricing)


def home() -> str:
    """The caller's address."""
    return "192.0.2.7\n"


def test_a_choice_is_read() -> None:
    chosen = read_choice(World().clients, spec(), home)
    assert (chosen.machine.gpu_name, chosen.image.image_id) == ("NVIDIA T4", "ami-1")
    assert (chosen.root_gib, chosen.vpc_id, chosen.cidrs) == (128, "", ("192.0.2.7/32",))
    assert chosen.rate.compute == 0.526
    assert chosen.rate.disks == pytest.approx(128 * 0.08 / 730)
    assert chosen.rate.address == 0.005


@pytest.mark.parametrize(
    ("wanted", "name", "value"),
    [
        ({"root_volume_gib": 200}, "root_gib", 200),
        ({"subnet_id": "subnet-1"}, "vpc_id", "vpc-7"),
        ({"allowed_cidrs": ("198.51.100.0/24",)}, "cidrs", ("198.51.100.0/24",)),
    ],
)
def test_what_was_asked_for_is_chosen(wanted: dict[str, Any], name: str, value: object) -> None:
    assert getattr(read_choice(World().clients, spec(**wanted), home), name) == value


def test_a_small_image_gets_room_for_an_environment() -> None:
    small = {**IMAGE, "BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 8}}]}
    assert read_choice(World(describe_images={"Images": [small]}).clients, spec(), home).root_gib == 100


def test_the_caller_is_not_asked_where_ranges_were_given() -> None:
    def nobody() -> str:
        raise AssertionError("asked")

    read_choice(World().clients, spec(allowed_cidrs=("198.51.100.0/24",)), nobody)


def test_no_public_address_is_not_billed() -> None:
    wanted = spec(public_address=False, subnet_id="subnet-1")
    assert read_choice(World().clients, wanted, home).rate.address == 0


def test_an_unknown_type_is_refused() -> None:
    world = World(describe_instance_types=aws_error("InvalidInstanceType"))
    with pytest.raises(GpuError, match=r"Today's equivalent is g4dn\.xlarge"):
        read_choice(world.clients, spec(instance_type="g2.2xlarge"), home)


@pytest.mark.parametrize(
    ("wanted", "usd"),
    [
        ({}, 0.526),
        ({"market": "spot"}, 0.3),
        ({"market": "spot", "zone": "us-west-2a"}, 0.2),
        ({"market": "spot", "zone": "us-west-2d"}, 0.0),
    ],
)
def test_price(wanted: dict[str, Any], usd: float) -> None:
    world = World()
    assert read_price(world.clients, spec(**wanted)) == usd
    assert ("get_products" in world.pricing.methods) == (wanted == {})


def test_no_price_is_zero_which_the_plan_refuses() -> None:
    assert read_price(World(get_products={"PriceList": []}).clients, spec()) == 0.0


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
    world = World()
    found = read_run(world.clients, RUN_ID)
    assert (found.resources, [row["InstanceId"] for row in found.instances]) == ({"instance": ["i-1"]}, ["i-1"])
    assert sorted(world.ec2.methods) == ["describe_instances", "describe_tags"]
    assert world.ec2.sent("describe_instances") == [{"Filters": [{"Name": "tag:gpgpu:run", "Values": [RUN_ID]}]}]


@pytest.mark.parametrize(
    ("tags", "calls"),
    [
        ([], ["describe_tags"]),
        ([{"ResourceType": "key-pair", "ResourceId": "key-1"}], ["describe_tags"]),
        ([{"ResourceType": "instance", "ResourceId": "i-1"}], ["describe_tags", "describe_instances"]),
    ],
)
def test_before_a_launch_machines_are_read_only_when_there_are_any(tags: list[Any], calls: list[str]) -> None:
    world = World(describe_tags={"Tags": tags})
    read_run_for_launch(world.clients, RUN_ID)
    assert world.ec2.methods == calls
