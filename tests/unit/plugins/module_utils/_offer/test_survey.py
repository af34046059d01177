# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The offers of a region: read side by side, and what could not be read is told without hiding the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.survey import Survey, survey_region

from tests.unit.fakes.aws import FakeClient, aws_error, clients_of
from tests.unit.fakes.rows import NOW

DENIED = aws_error("UnauthorizedOperation", "You are not authorized.")
OFFERED = {"g4dn.xlarge": ["us-west-2b", "us-west-2a"], "g5.xlarge": ["us-west-2a"]}


def types(**params: Any) -> dict[str, Any]:
    """DescribeInstanceTypes: one unknown name fails the whole call."""
    names = params["InstanceTypes"]
    if not set(names) <= set(OFFERED):
        raise aws_error("InvalidInstanceType")
    row = {
        "VCpuInfo": {"DefaultVCpus": 4},
        "MemoryInfo": {"SizeInMiB": 16384},
        "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
        "GpuInfo": {"Gpus": [{"Name": "T4", "Manufacturer": "NVIDIA", "Count": 1}]},
    }
    return {"InstanceTypes": [{"InstanceType": name, **row} for name in names]}


def products(**_params: Any) -> dict[str, Any]:
    """GetProducts: everything costs half a dollar."""
    dimension = {"unit": "Hrs", "pricePerUnit": {"USD": "0.5"}}
    return {"PriceList": [json.dumps({"terms": {"OnDemand": {"T": {"priceDimensions": {"R": dimension}}}}})]}


def instance(kind: str, lifecycle: str = "", cores: int = 2) -> dict[str, Any]:
    """A running machine of the account."""
    spot = {"InstanceLifecycle": lifecycle} if lifecycle else {}
    return {"InstanceType": kind, "CpuOptions": {"CoreCount": cores, "ThreadsPerCore": 2}, **spot}


def survey(names: list[str], markets: list[str], **changes: Any) -> tuple[Survey, FakeClient]:
    """The survey of a region where two types are offered, and the client of EC2 it asked."""
    zones = [{"InstanceType": name, "Location": zone} for name, found in OFFERED.items() for zone in found]
    spot = {"InstanceType": "g4dn.xlarge", "AvailabilityZone": "us-west-2a", "SpotPrice": "0.2", "Timestamp": NOW}
    running = [instance("g5.xlarge"), instance("g5.12xlarge", cores=24), instance("g5.xlarge", "spot")]
    answers = {
        "describe_instance_types": types,
        "describe_instance_type_offerings": {"InstanceTypeOfferings": zones},
        "describe_spot_price_history": {"SpotPriceHistory": [spot]},
        "describe_instances": {"Reservations": [{"Instances": running}]},
        "get_products": products,
        "list_service_quotas": {"Quotas": [{"QuotaCode": "L-DB2E81BA", "Value": 64.0}]},
        **changes,
    }
    pricing = FakeClient("pricing", get_products=answers.pop("get_products"))
    quotas = FakeClient("service-quotas", list_service_quotas=answers.pop("list_service_quotas"))
    ec2 = FakeClient("ec2", **answers)
    clients = clients_of(ec2=ec2, pricing=pricing, service_quotas=quotas)
    return survey_region(clients, names, markets), ec2


def told(found: Survey) -> dict[str, str]:
    """What could not be read, and why not."""
    return {row["what"]: row["reason"] for row in found.unread}


def test_every_type_zone_and_market_is_an_offer() -> None:
    found, _ec2 = survey(["g4dn.xlarge", "g5.xlarge"], ["on-demand", "spot"])
    assert [(one.instance_type, one.zone, one.market, one.usd_per_hour, one.vcpu_room) for one in found.offers] == [
        ("g4dn.xlarge", "us-west-2a", "on-demand", 0.5, 12),
        ("g4dn.xlarge", "us-west-2a", "spot", 0.2, None),
        ("g4dn.xlarge", "us-west-2b", "on-demand", 0.5, 12),
        ("g4dn.xlarge", "us-west-2b", "spot", None, None),
        ("g5.xlarge", "us-west-2a", "on-demand", 0.5, 12),
        ("g5.xlarge", "us-west-2a", "spot", None, None),
    ]
    assert found.unread == []


def test_spot_prices_are_read_only_when_asked_for() -> None:
    found, ec2 = survey(["g5.xlarge"], ["on-demand"])
    assert "describe_spot_price_history" not in ec2.methods
    assert [one.market for one in found.offers] == ["on-demand"]


def test_an_unknown_name_hides_no_other() -> None:
    found, _ec2 = survey(["g4dn.xlarge", "g2.2xlarge", "g5.xlarg"], ["on-demand"])
    assert {one.instance_type for one in found.offers} == {"g4dn.xlarge"}
    assert set(told(found)) == {"g2.2xlarge", "g5.xlarg"}
    assert "Today's equivalent is g4dn.xlarge" in told(found)["g2.2xlarge"]
    assert "Did you mean g5.xlarge?" in told(found)["g5.xlarg"]


@pytest.mark.parametrize(
    ("call", "what", "offers"),
    [
        ("get_products", "price of g5.xlarge", [(None, 12)]),
        ("list_service_quotas", "quotas", [(0.5, None)]),
        ("describe_instances", "usage", [(0.5, 64)]),
        ("describe_instance_type_offerings", "zones", []),
        ("describe_instance_types", "types", []),
    ],
)
def test_what_may_not_be_read_is_told_once(call: str, what: str, offers: list[tuple[Any, Any]]) -> None:
    found, _ec2 = survey(["g5.xlarge"], ["on-demand"], **{call: DENIED})
    assert [(one.usd_per_hour, one.vcpu_room) for one in found.offers] == offers
    assert set(told(found)) == {what}
    assert "UnauthorizedOperation: You are not authorized. Ask your administrator" in told(found)[what]
