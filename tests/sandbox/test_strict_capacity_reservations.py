# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reserved capacity: reservations, blocks, and launches into them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sandbox.cloud import Cloud, Row, error_of, error_row, tag

ZONE = "us-west-2b"
G5 = {"InstanceType": "g5.xlarge", "InstancePlatform": "Linux/UNIX", "AvailabilityZone": ZONE, "InstanceCount": 2}
MISSING = "cr-0123456789abcdef0"
BLOCK = {"InstanceMarketOptions": {"MarketType": "capacity-block"}}


@pytest.fixture
def reserve(cloud: Cloud) -> Iterator[Any]:
    """Make reservations that end with the test."""
    ec2, made = cloud.client("ec2"), []

    def make(**changes: Any) -> str:
        row = ec2.create_capacity_reservation(**{"InstanceMatchCriteria": "targeted", **G5, **changes})
        made.append(row["CapacityReservation"]["CapacityReservationId"])
        return str(made[-1])

    yield make
    for id in made:
        error_of(ec2.cancel_capacity_reservation, CapacityReservationId=id)


def into(id: str, **more: Any) -> Row:
    return {"CapacityReservationSpecification": {"CapacityReservationTarget": {"CapacityReservationId": id}}, **more}


def shown(cloud: Cloud, id: str) -> Row:
    (row,) = cloud.client("ec2").describe_capacity_reservations(CapacityReservationIds=[id])["CapacityReservations"]
    return dict(row)


def launch(cloud: Cloud, **changes: Any) -> tuple[str | None, str]:
    request = {"ImageId": cloud.image(), "InstanceType": "g5.xlarge", "MinCount": 1, "MaxCount": 1, **changes}
    return error_row(cloud.client("ec2").run_instances, **request)


def block(cloud: Cloud, start: int = 0) -> str:
    ec2 = cloud.client("ec2")
    rows = ec2.describe_capacity_block_offerings(InstanceType="p5.48xlarge", InstanceCount=1, CapacityDurationHours=24)
    by_start = sorted(rows["CapacityBlockOfferings"], key=lambda row: row["StartDate"])
    id = by_start[start]["CapacityBlockOfferingId"]
    bought = ec2.purchase_capacity_block(CapacityBlockOfferingId=id, InstancePlatform="Linux/UNIX")
    return str(bought["CapacityReservation"]["CapacityReservationId"])


def test_reservation_counts_who_stands_in_it(cloud: Cloud, reserve: Any) -> None:
    id = reserve(TagSpecifications=tag("capacity-reservation", run="a"))
    (row,) = cloud.launch(**into(id))
    assert row["Placement"]["AvailabilityZone"] == ZONE
    assert row["CapacityReservationId"] == id
    found = shown(cloud, id)
    counts = ("State", "TotalInstanceCount", "AvailableInstanceCount", "EndDateType", "ReservationType")
    assert [found[name] for name in counts] == ["active", 2, 1, "unlimited", "default"]
    assert found["Tags"] == [{"Key": "run", "Value": "a"}]
    cloud.client("ec2").terminate_instances(InstanceIds=[row["InstanceId"]])
    cloud.instance(row["InstanceId"])
    assert shown(cloud, id)["AvailableInstanceCount"] == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"MinCount": 3, "MaxCount": 3}, "ReservationCapacityExceeded"),
        ({"InstanceType": "g5.2xlarge"}, "ReservationCapacityExceeded"),
        ({"Placement": {"AvailabilityZone": "us-west-2a"}}, "ReservationCapacityExceeded"),
        (BLOCK, "InvalidParameterValue"),
        (into(MISSING), "InvalidCapacityReservationId.NotFound"),
        (into("cr-1"), "InvalidCapacityReservationId.Malformed"),
        ({"MinCount": 1, "MaxCount": 3}, None),
    ],
)
def test_launch_must_fit_the_reservation(cloud: Cloud, reserve: Any, changes: Row, code: str | None) -> None:
    assert launch(cloud, **{**into(reserve()), **changes})[0] == code


def test_reserved_machine_is_there_when_the_stock_is_out(cloud: Cloud, reserve: Any) -> None:
    id = reserve()
    cloud.control("PUT", "stock", [{"instance_type": "g5.xlarge", "free": 0}])
    assert launch(cloud)[0] == "InsufficientInstanceCapacity"
    assert launch(cloud, **into(id))[0] is None
    assert error_of(cloud.client("ec2").create_capacity_reservation, **G5) == "InsufficientInstanceCapacity"
    cloud.control("PUT", "stock", [])


def test_open_reservation_takes_whoever_fits(cloud: Cloud) -> None:
    other = dataclasses.replace(cloud, region="us-east-2")
    made = other.client("ec2").create_capacity_reservation(**{**G5, "AvailabilityZone": "us-east-2a"})
    id = made["CapacityReservation"]["CapacityReservationId"]
    aside = {"CapacityReservationSpecification": {"CapacityReservationPreference": "none"}}
    only = {"CapacityReservationSpecification": {"CapacityReservationPreference": "capacity-reservations-only"}}
    assert "CapacityReservationId" not in other.launch(**aside)[0]
    assert other.launch()[0]["CapacityReservationId"] == id
    assert launch(other, **only)[0] is None
    assert launch(other, **only)[0] == "ReservationCapacityExceeded"
    assert launch(other)[0] is None
    other.client("ec2").cancel_capacity_reservation(CapacityReservationId=id)


def test_cancelled_reservation_takes_nobody(cloud: Cloud, reserve: Any) -> None:
    id = reserve()
    cancel = cloud.client("ec2").cancel_capacity_reservation
    assert cancel(CapacityReservationId=id)["Return"]
    assert shown(cloud, id)["State"] == "cancelled"
    assert launch(cloud, **into(id))[0] == "InvalidCapacityReservationState"
    assert error_of(cancel, CapacityReservationId=id) == "InvalidCapacityReservationState"
    assert error_of(cancel, CapacityReservationId=MISSING) == "InvalidCapacityReservationId.NotFound"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"AvailabilityZone": "us-west-2z"}, "InvalidParameterValue"),
        ({"InstanceType": "g2.2xlarge"}, "Unsupported"),
        ({"EndDateType": "limited"}, "InvalidParameterCombination"),
        ({"EndDate": datetime.now(UTC) + timedelta(days=1)}, "InvalidParameterCombination"),
        ({"EndDateType": "limited", "EndDate": datetime.now(UTC) - timedelta(days=1)}, "InvalidParameterValue"),
        ({"TagSpecifications": tag("instance", a="b")}, "InvalidParameterValue"),
        ({"DryRun": True}, "DryRunOperation"),
    ],
)
def test_reservation_is_refused(cloud: Cloud, changes: Row, code: str) -> None:
    assert error_of(cloud.client("ec2").create_capacity_reservation, **{**G5, **changes}) == code


def test_block_is_launched_into_by_its_market(cloud: Cloud) -> None:
    id = block(cloud)
    wish = {"InstanceType": "p5.48xlarge", **into(id)}
    assert launch(cloud, **wish) == ("InvalidParameterValue", "The market type (purchasing) option is not valid.")
    assert launch(cloud, InstanceType="p5.48xlarge", **BLOCK)[0] == "InvalidParameterCombination"
    # The account's quota of P instances is 0: a block has none.
    (row,) = cloud.launch(**wish, **BLOCK)
    assert (row["InstanceLifecycle"], row["CapacityReservationId"]) == ("capacity-block", id)
    assert launch(cloud, **wish, **BLOCK)[0] == "ReservationCapacityExceeded"
    assert (
        error_of(cloud.client("ec2").cancel_capacity_reservation, CapacityReservationId=id) == "OperationNotPermitted"
    )
    found = shown(cloud, id)
    assert found["ReservationType"] == "capacity-block"
    assert found["EndDate"] - found["StartDate"] == timedelta(hours=24)
    (bought,) = cloud.client("ec2").describe_capacity_blocks(CapacityBlockIds=[found["CapacityBlockId"]])[
        "CapacityBlocks"
    ]
    assert (bought["CapacityReservationIds"], bought["State"]) == ([id], "active")
    cloud.client("ec2").terminate_instances(InstanceIds=[row["InstanceId"]])


def test_block_of_tomorrow_takes_nobody_today(cloud: Cloud) -> None:
    id = block(cloud, start=-1)
    assert shown(cloud, id)["State"] == "scheduled"
    code, text = launch(cloud, InstanceType="p5.48xlarge", **into(id), **BLOCK)
    assert (code, text) == (
        "InvalidCapacityReservationState.PendingActivation",
        "Your Capacity Block is not active yet.",
    )


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"InstanceType": "p5.48xlarge", "CapacityDurationHours": 24}, None),
        ({"InstanceType": "p5.48xlarge", "CapacityDurationHours": 504}, None),
        ({"InstanceType": "p5.48xlarge", "CapacityDurationHours": 25}, "InvalidParameterValue"),
        ({"InstanceType": "p5.48xlarge", "CapacityDurationHours": 360}, "InvalidParameterValue"),
        ({"InstanceType": "g5.xlarge", "CapacityDurationHours": 24}, "InvalidParameterValue"),
        ({"InstanceType": "p5.48xlarge", "CapacityDurationHours": 24, "InstanceCount": 65}, "InvalidParameterValue"),
    ],
)
def test_offerings_have_documented_lengths(cloud: Cloud, request_: Row, code: str | None) -> None:
    call = cloud.client("ec2").describe_capacity_block_offerings
    assert error_of(call, **request_) == code
    if code is None:
        rows = call(**request_)["CapacityBlockOfferings"]
        assert rows
        assert all(float(row["UpfrontFee"]) > 0 and row["CurrencyCode"] == "USD" for row in rows)


def test_offering_is_sold_once(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    wish = {"InstanceType": "p5.48xlarge", "CapacityDurationHours": 48}
    id = ec2.describe_capacity_block_offerings(**wish)["CapacityBlockOfferings"][0]["CapacityBlockOfferingId"]
    buy = ec2.purchase_capacity_block
    assert error_of(buy, CapacityBlockOfferingId=id, InstancePlatform="Linux/UNIX", DryRun=True) == "DryRunOperation"
    assert error_of(buy, CapacityBlockOfferingId=id, InstancePlatform="Linux/UNIX") is None
    for wrong, code in ((id, "Expired"), ("cbr-0", "NotFound"), ("x", "Malformed")):
        found = error_of(buy, CapacityBlockOfferingId=wrong, InstancePlatform="Linux/UNIX")
        assert found == f"InvalidCapacityBlockOfferingId{code}"


def test_repeated_token_makes_one_reservation(cloud: Cloud, reserve: Any) -> None:
    token, create = cloud.name(), cloud.client("ec2").create_capacity_reservation
    id = reserve(ClientToken=token)
    assert reserve(ClientToken=token) == id
    assert reserve(ClientToken=f"{token}-other") != id
    request = {**G5, "InstanceMatchCriteria": "targeted", "ClientToken": token}
    assert error_of(create, **{**request, "InstanceCount": 3}) == "IdempotentParameterMismatch"
    cloud.client("ec2").cancel_capacity_reservation(CapacityReservationId=id)
    assert create(**request)["CapacityReservation"]["State"] == "cancelled"


@pytest.mark.parametrize(("ahead", "ended"), [(timedelta(hours=23, minutes=28), False), (timedelta(hours=23.5), True)])
def test_machines_end_half_an_hour_before_their_block(cloud: Cloud, ahead: timedelta, ended: bool) -> None:
    id = block(cloud)
    (row,) = cloud.launch(InstanceType="p5.48xlarge", **into(id), **BLOCK)
    (other,) = cloud.launch()
    cloud.control("PUT", "clock", {"ahead_seconds": ahead.total_seconds()})
    assert shown(cloud, id)["State"] == "active"
    found = cloud.instance(row["InstanceId"])
    assert (found["State"]["Name"] == "terminated") == ended
    assert found["StateReason"]["Code"] == ("Server.ScheduledStop" if ended else "")
    assert cloud.instance(other["InstanceId"])["State"]["Name"] == "running"
    cloud.control("PUT", "clock", {"ahead_seconds": timedelta(hours=24).total_seconds()})
    assert shown(cloud, id)["State"] == "expired"
    assert cloud.instance(row["InstanceId"])["StateReason"]["Code"] == "Server.ScheduledStop"
    cloud.client("ec2").terminate_instances(InstanceIds=[other["InstanceId"]])


@pytest.mark.parametrize("body", [{"hours": 1}, {"ahead_seconds": -1}, {"ahead_seconds": "1"}, []])
def test_malformed_clock_is_refused(cloud: Cloud, body: Any) -> None:
    assert "error" in cloud.control("PUT", "clock", body)
