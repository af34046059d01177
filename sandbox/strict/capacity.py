# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Capacity: AWS chooses a zone that has machines and addresses left, or launches nothing.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html#troubleshooting-launch-capacity
The sentences are the service's own, as users report them: with a zone
https://github.com/danvk/mapsnap/pull/432, without https://github.com/fedora-copr/copr/issues/3279, on the spot market
and for StartInstances in public logs of those calls. Capacity errors have status 500.
"""

from __future__ import annotations

from typing import Any

from sandbox.answers import AwsError
from sandbox.strict import zones
from sandbox.strict.rule import Ec2Call, Proceed, Rule
from sandbox.strict.stock import STOCK, Pool

CODE = "InsufficientInstanceCapacity"
STATUS = 500

_MORE = "Our system will be working on provisioning additional capacity."


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Launch as many as there are, at most MaxCount; nothing where MinCount can't be had."""
    instance_type = call.param("InstanceType")
    most = int(call.param("MaxCount", 1))
    if call.reserved:
        return proceed()
    if instance_type is None:
        call.params["MinCount"] = most
        return proceed()
    market = call.param("InstanceMarketOptions.MarketType", "on-demand")
    zone = _choose(call, market)
    pool = (instance_type, zone, market)
    zones.place(call, zone)
    # moto launches MinCount; AWS as many as it has, up to MaxCount.
    call.params["MinCount"] = _fill(call, int(min(most, STOCK.left(pool))))
    reservation = proceed()
    for instance in reservation.instances:
        STOCK.take(pool, instance)
    return reservation


def _choose(call: Ec2Call, market: str) -> str:
    """Return the requested zone, or the first of those with stock; raise where there is too little."""
    least, instance_type = int(call.param("MinCount", 1)), call.param("InstanceType")
    requested = zones.requested(call)
    with_stock = [
        zone
        for zone in zones.zones_with(call.region, instance_type)
        if STOCK.left((instance_type, zone, market)) >= least
    ]
    open_zones = [requested] if requested else zones.open_to(call)
    chosen = next((zone for zone in open_zones if zone in with_stock), None)
    if chosen is None:
        raise AwsError(CODE, _words(call, market, requested, with_stock), STATUS)
    return chosen


def _words(call: Ec2Call, market: str, requested: str | None, with_stock: list[str]) -> str:
    instance_type = call.param("InstanceType")
    if market == "spot":
        return "There is no Spot capacity available that matches your request."
    if requested is None:
        return (
            f"We currently do not have sufficient {instance_type} capacity in zones with support for "
            f"'{_volume_type(call)}' volumes. {_MORE}"
        )
    words = (
        f"We currently do not have sufficient {instance_type} capacity in the Availability Zone you requested "
        f"({requested}). {_MORE}"
    )
    if with_stock:
        words += (
            f" You can currently get {instance_type} capacity by not specifying an Availability Zone in your request "
            f"or choosing {', '.join(with_stock)}."
        )
    return words


def _volume_type(call: Ec2Call) -> str:
    types = (row.get("Ebs", {}).get("VolumeType") for row in call.param("BlockDeviceMappings", []))
    return next((str(kind) for kind in types if kind), "gp2")


def _fill(call: Ec2Call, count: int) -> int:
    """Return how many of the machines the subnet has addresses for; raise where that is less than MinCount."""
    if any("NetworkInterfaceId" in row for row in call.param("NetworkInterfaces", [])):
        return count
    subnet = call.backend.get_subnet(zones.named_subnet(call))
    free = int(subnet.available_ip_address_count)
    if free < int(call.param("MinCount", 1)):
        raise AwsError(
            "InsufficientFreeAddressesInSubnet",
            f"There are not enough free addresses in subnet '{subnet.id}' to satisfy the requested number of "
            "instances.",
        )
    return min(count, free)


def start_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Start all of the stopped machines, or none where one finds no place."""
    ids = set(call.param("InstanceIds", []))
    stopped = [row for row in call.backend.all_instances() if row.id in ids and row.state == "stopped"]
    wanted: dict[Pool, list[Any]] = {}
    for instance in stopped:
        pool = (instance.instance_type, instance.placement.zone, instance.lifecycle or "on-demand")
        wanted.setdefault(pool, []).append(instance)
    if any(STOCK.left(pool) < len(rows) for pool, rows in wanted.items()):
        raise AwsError(CODE, "Insufficient capacity.", STATUS)
    answer = proceed()
    for pool, rows in wanted.items():
        for instance in rows:
            STOCK.take(pool, instance)
    return answer


RULES: dict[str, Rule] = {"RunInstances": run_instances, "StartInstances": start_instances}
