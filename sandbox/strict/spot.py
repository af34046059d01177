# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spot: requests behind RunInstances, and their states.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.answers import AwsError
from sandbox.services import spot_prices
from sandbox.strict.rule import Ec2Call, Proceed, Rule
from sandbox.strict.tags import specified
from sandbox.strict.zones import requested


@dataclass
class SpotRequest:
    """The request that a spot launch makes for each of its instances."""

    ec2_backend: Any
    id: str
    instance: Any
    type: str
    spot_price: str | None
    instance_interruption_behavior: str
    cancelled: bool = False
    create_time: datetime = field(default_factory=lambda: datetime.now(UTC))
    product_description: str = "Linux/UNIX"

    @property
    def spot_instance_request_id(self) -> str:
        """The id under its name in the API."""
        return self.id

    @property
    def instance_id(self) -> str:
        """The instance that fulfils the request."""
        return str(self.instance.id)

    @property
    def launched_availability_zone(self) -> str:
        """Zone of the instance."""
        return str(self.instance.placement.zone)

    @property
    def state(self) -> str:
        """State of the request, which follows its instance."""
        if self.cancelled:
            return "cancelled"
        if self.instance.state not in ("shutting-down", "terminated"):
            return "active"
        return "closed" if self.type == "one-time" else "open"

    @property
    def status(self) -> dict[str, Any]:
        """Status of the request."""
        running = self.instance.state not in ("shutting-down", "terminated")
        code = "fulfilled" if running else "instance-terminated-by-user"
        if self.cancelled:
            code = "request-canceled-and-instance-running" if running else "canceled-before-fulfillment"
        return {"Code": code, "Message": code.replace("-", " "), "UpdateTime": self.create_time}

    @property
    def launch_specification(self) -> dict[str, Any]:
        """What was asked for."""
        return {
            "ImageId": self.instance.image_id,
            "InstanceType": self.instance.instance_type,
            "KeyName": self.instance.key_name,
            "SubnetId": self.instance.subnet_id,
        }

    @property
    def tags(self) -> list[dict[str, str]]:
        """Tags in the API's shape."""
        return [{"Key": key, "Value": value} for key, value in self.ec2_backend.tags.get(self.id, {}).items()]

    def get_filter_value(self, name: str, _method: str | None = None) -> Any:
        """Return what a DescribeSpotInstanceRequests filter compares with."""
        tags = {row["Key"]: row["Value"] for row in self.tags}
        values = {
            "spot-instance-request-id": self.id,
            "state": self.state,
            "instance-id": self.instance_id,
            "type": self.type,
            "tag-key": list(tags),
            **{f"tag:{key}": value for key, value in tags.items()},
        }
        return values.get(name, "")


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Launch; on the spot market each instance has a request of its own."""
    if call.param("InstanceMarketOptions.MarketType") != "spot":
        return proceed()
    options = call.param("InstanceMarketOptions.SpotOptions", {})
    _check_price(call, options.get("MaxPrice"))
    reservation = proceed()
    tags = specified(call.param("TagSpecifications", []), "spot-instances-request")
    for instance in reservation.instances:
        request = SpotRequest(
            ec2_backend=call.backend,
            id=f"sir-{instance.id[-8:]}",
            instance=instance,
            type=options.get("SpotInstanceType", "one-time"),
            spot_price=options.get("MaxPrice"),
            instance_interruption_behavior=options.get("InstanceInterruptionBehavior", "terminate"),
        )
        call.backend.spot_instance_requests[request.id] = request
        call.backend.create_tags([request.id], tags)
        instance.spot_instance_request_id = request.id
    return reservation


def _check_price(call: Ec2Call, maximum: str | None) -> None:
    zone = requested(call) or f"{call.region}a"
    price = spot_prices.current(call.param("InstanceType", ""), zone)
    if maximum is not None and price is not None and float(maximum) < price:
        raise AwsError(
            "SpotMaxPriceTooLow",
            f"Your Spot request price of {maximum} is lower than the minimum required Spot request "
            f"fulfillment price of {price}.",
        )


def describe_requests(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse unknown ids, then list."""
    _check_ids(call)
    return proceed()


def cancel_requests(call: Ec2Call, _proceed: Proceed) -> Any:
    """Cancel without ending the instances; cancelled requests stay visible."""
    _check_ids(call)
    call.stop_if_dry_run()
    requests = [call.backend.spot_instance_requests[id] for id in call.param("SpotInstanceRequestIds", [])]
    for request in requests:
        if request.state in ("open", "active"):
            request.cancelled = True
    return {
        "CancelledSpotInstanceRequests": [
            {"SpotInstanceRequestId": request.id, "State": request.state} for request in requests
        ]
    }


def _check_ids(call: Ec2Call) -> None:
    for id in call.param("SpotInstanceRequestIds", []):
        if id not in call.backend.spot_instance_requests:
            raise AwsError(
                "InvalidSpotInstanceRequestID.NotFound", f"The spot instance request ID '{id}' does not exist"
            )


RULES: dict[str, Rule] = {
    "RunInstances": run_instances,
    "DescribeSpotInstanceRequests": describe_requests,
    "CancelSpotInstanceRequests": cancel_requests,
}
