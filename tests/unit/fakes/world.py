# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A world of regions that all offer the same four types, each with clients that keep their calls."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError

from tests.unit.fakes.aws import FakeClient, aws_error
from tests.unit.fakes.rows import NOW

VRAM = {"g4dn.xlarge": 16384, "g5.xlarge": 22888, "g6.xlarge": 22888, "g6e.xlarge": 45776}
GPUS = {"g4dn": "T4", "g5": "A10G", "g6": "L4", "g6e": "L40S"}
ZONES = ("a", "b")
ROUTES = {
    "VpcId": "vpc-1",
    "Associations": [{"Main": True}],
    "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}],
}
IMAGE = {"ImageId": "ami-1", "Architecture": "x86_64", "VirtualizationType": "hvm", "EnaSupport": True}
SCORE = {"Region": "us-west-2", "AvailabilityZoneId": "az-b", "Score": 9}


def row(name: str) -> dict[str, Any]:
    """A row of DescribeInstanceTypes."""
    gpu = {
        "Name": GPUS[name.split(".")[0]],
        "Manufacturer": "NVIDIA",
        "Count": 1,
        "MemoryInfo": {"SizeInMiB": VRAM[name]},
    }
    return {
        "InstanceType": name,
        "VCpuInfo": {"DefaultVCpus": 4},
        "MemoryInfo": {"SizeInMiB": 16384},
        "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
        "GpuInfo": {"Gpus": [gpu]},
        "SupportedUsageClasses": ["on-demand", "spot", *(["capacity-block"] if name == "g6e.xlarge" else [])],
    }


def types(**params: Any) -> dict[str, Any]:
    """DescribeInstanceTypes: one unknown name fails the whole call; a pattern finds all."""
    names = params.get("InstanceTypes", list(VRAM))
    if not set(names) <= set(VRAM):
        raise aws_error("InvalidInstanceType")
    return {"InstanceTypes": [row(name) for name in names]}


def products(**params: Any) -> dict[str, Any]:
    """GetProducts: every asked type costs half a dollar an hour."""
    fields = {rule["Field"]: rule["Value"] for rule in params["Filters"]}
    dimension = {"unit": "Hrs", "pricePerUnit": {"USD": "0.5"}}
    terms = {"OnDemand": {"T": {"effectiveDate": "2026-11-01T00:00:00Z", "priceDimensions": {"R": dimension}}}}
    names = fields["instanceType"].split(",") if "instanceType" in fields else []
    return {
        "PriceList": [json.dumps({"product": {"attributes": {"instanceType": name}}, "terms": terms}) for name in names]
    }


def instance(kind: str, cores: int = 2, **more: str) -> dict[str, Any]:
    """A running machine of the account."""
    return {"InstanceType": kind, "CpuOptions": {"CoreCount": cores, "ThreadsPerCore": 2}, **more}


def spot(name: str, zone: str) -> dict[str, Any]:
    """A row of DescribeSpotPriceHistory."""
    return {"InstanceType": name, "AvailabilityZone": zone, "SpotPrice": "0.2", "Timestamp": NOW}


def subnet(zone: str) -> dict[str, Any]:
    """The default subnet of a zone."""
    ids = {"SubnetId": f"subnet-{zone[-1]}", "AvailabilityZoneId": f"az-{zone[-1]}"}
    return {"VpcId": "vpc-1", "AvailabilityZone": zone, **ids}


class World:
    """Regions that all offer the same, each with its clients, which keep their calls."""

    def __init__(self, **changes: Any) -> None:
        self.changes = changes
        self.made: dict[tuple[str, str], FakeClient] = {}

    def clients_in(self, region: str) -> Clients:
        """Clients of a region; the account lacks one of them."""
        if region == "eu-south-1":
            raise GpuError("Region eu-south-1 is not a region of this account", code="unknown_region")
        return Clients(self._make, region)

    def _make(self, service: str, region: str) -> FakeClient:
        if (service, region) in self.made:
            return self.made[service, region]
        makers = {"ec2": self._ec2, "pricing": self._pricing, "service-quotas": self._quotas, "ssm": self._ssm}
        client = makers[service](region)
        self.made[service, region] = client
        return client

    def _ec2(self, region: str) -> FakeClient:
        zones = [f"{region}{zone}" for zone in ZONES]
        pairs = [(name, zone) for name in VRAM for zone in reversed(zones)]
        answers: dict[str, Any] = {
            "describe_regions": {"Regions": [{"RegionName": "us-west-2"}, {"RegionName": "eu-west-1"}]},
            "describe_instance_types": types,
            "describe_instance_type_offerings": {
                "InstanceTypeOfferings": [{"InstanceType": name, "Location": zone} for name, zone in pairs]
            },
            "describe_spot_price_history": {"SpotPriceHistory": [spot(name, zone) for name, zone in pairs]},
            "describe_instances": {"Reservations": [{"Instances": [instance("g5.xlarge")]}]},
            "describe_subnets": {"Subnets": [subnet(zone) for zone in zones]},
            "describe_route_tables": {"RouteTables": [ROUTES]},
            "describe_addresses": {"Addresses": [{}]},
            "describe_capacity_block_offerings": {"CapacityBlockOfferings": []},
            "describe_images": {"Images": [IMAGE]},
            "get_spot_placement_scores": {"SpotPlacementScores": [SCORE]},
        }
        return FakeClient("ec2", **{name: self.changes.get(name, answer) for name, answer in answers.items()})

    def _pricing(self, _region: str) -> FakeClient:
        return FakeClient("pricing", get_products=self.changes.get("get_products", products))

    def _quotas(self, _region: str) -> FakeClient:
        rows = {"Quotas": [{"QuotaCode": "L-DB2E81BA", "QuotaName": "Running On-Demand G", "Value": 64.0}]}
        return FakeClient("service-quotas", list_service_quotas=self.changes.get("list_service_quotas", rows))

    def _ssm(self, _region: str) -> FakeClient:
        return FakeClient("ssm", get_parameter=self.changes.get("get_parameter", {"Parameter": {"Value": "ami-1"}}))

    def calls(self) -> Counter[str]:
        """How often each method was called, in all regions together."""
        return Counter(method for client in self.made.values() for method in client.methods)
