# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A world of several regions that sells machines by client token, and refuses, forgets and dies as it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from botocore.exceptions import ConnectionClosedError

from tests.unit.fakes.aws import FakeClient, aws_error
from tests.unit.fakes.rows import instance


class Killed(BaseException):
    """The controller died."""


Params = Mapping[str, Any]
Fate = Callable[["World", str, Params], None]


def sold(_world: World, _region: str, _request: Params) -> None:
    """AWS sells."""


# What AWS checks before it looks whether a token is known.
BEFORE_TOKENS = ("RequestLimitExceeded", "UnauthorizedOperation")


def refused(code: str, message: str = "words of AWS") -> Fate:
    """AWS refuses, and has done nothing; a token that has bought is told apart first.

    https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
    """

    def fate(world: World, region: str, request: Params) -> None:
        if code not in BEFORE_TOKENS:
            world.check_token(region, request)
        raise aws_error(code, message)

    return fate


def lost_before(_world: World, _region: str, _request: Params) -> None:
    """The request never arrived."""
    raise ConnectionClosedError(endpoint_url="https://ec2")


def lost_after(world: World, region: str, request: Params) -> None:
    """AWS sold, and its answer never arrived."""
    world.sell(region, request)
    raise ConnectionClosedError(endpoint_url="https://ec2")


def killed_before(_world: World, _region: str, _request: Params) -> None:
    """The controller died before the request left it."""
    raise Killed


def killed_after(world: World, region: str, request: Params) -> None:
    """The controller died before the answer arrived."""
    world.sell(region, request)
    raise Killed


def died(world: World, region: str, request: Params) -> None:
    """AWS sells, and ends a machine at once because it has none after all."""
    world.check_token(region, request)
    world.sell(region, request)[0] |= {
        "State": {"Name": "terminated"},
        "StateReason": {"Code": "Server.InsufficientInstanceCapacity", "Message": "No capacity after all."},
    }


@dataclass
class Bought:
    """Machines of one client token."""

    region: str
    token: str
    rows: list[dict[str, Any]]
    unseen: int = 0


@dataclass
class World:
    """AWS as a launch sees it.

    Parameters:
        fates: what becomes of each RunInstances, in order; then all are sold.
        unseen: for how many readings what was just bought is not shown.
        asked: region, type, zone, market and token of every RunInstances.
    """

    fates: list[Fate] = field(default_factory=list)
    unseen: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    bought: list[Bought] = field(default_factory=list)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _made: dict[str, Clients] = field(default_factory=dict)

    def clients_in(self, region: str) -> Clients:
        """The clients of a region."""
        if region not in self._made:
            client = FakeClient("ec2", **self._answers(region))
            self._made[region] = Clients(lambda _service, _region, **_options: client, region)
        return self._made[region]

    def machines(self) -> list[dict[str, Any]]:
        """Every machine that lives."""
        return [row for one in self.bought for row in one.rows if row["State"]["Name"] == "running"]

    def per_token(self) -> Counter[str]:
        """How many machines each token bought."""
        return Counter({one.token: len(one.rows) for one in self.bought})

    def sell(self, region: str, request: Params) -> list[dict[str, Any]]:
        """The machines of a request, made once."""
        token = request["ClientToken"]
        for one in self.bought:
            if (one.region, one.token) == (region, token):
                return one.rows
        labels = {tag["Key"]: tag["Value"] for tag in request["TagSpecifications"][0]["Tags"]}
        zone = request.get("Placement", {}).get("AvailabilityZone", f"{region}a")
        rows = [
            instance(
                next(self._numbers),
                tags=labels,
                InstanceType=request["InstanceType"],
                Placement={"AvailabilityZone": zone},
            )
            for _ in range(request["MaxCount"])
        ]
        self.bought.append(Bought(region, token, rows, self.unseen))
        return rows

    def check_token(self, region: str, request: Params) -> None:
        """Refuse a token that has bought, because each request carries a host key of its own."""
        known = [one for one in self.bought if (one.region, one.token) == (region, request["ClientToken"])]
        if known and not any(row["State"]["Name"] == "running" for row in known[0].rows):
            raise aws_error("IdempotentInstanceTerminated")
        if known:
            raise aws_error("IdempotentParameterMismatch")

    def _answers(self, region: str) -> dict[str, Any]:
        return {
            "describe_tags": lambda **_params: {"Tags": self._tags(region)},
            "describe_instances": lambda **params: {"Reservations": [{"Instances": self._instances(region, params)}]},
            "describe_security_groups": lambda **_params: {"SecurityGroups": self._groups(region)},
            "create_security_group": lambda **params: self._create_group(region, params),
            "authorize_security_group_ingress": {"SecurityGroupRules": []},
            "import_key_pair": lambda **_params: self._import_key(region),
            "create_tags": lambda **params: self._retag(region, params),
            "terminate_instances": lambda **params: self._end(params["InstanceIds"]),
            "run_instances": lambda **params: self._run(region, params),
        }

    def _seen(self, region: str) -> list[Bought]:
        return [one for one in self.bought if one.region == region and not one.unseen]

    def _tags(self, region: str) -> list[dict[str, str]]:
        found = [("security-group", row["GroupId"]) for row in self._groups(region)]
        found += [("key-pair", "key-1")] if region in self.keys else []
        found += [("instance", row["InstanceId"]) for one in self._seen(region) for row in one.rows]
        return [{"ResourceType": kind, "ResourceId": name} for kind, name in found]

    def _instances(self, region: str, params: Params) -> list[dict[str, Any]]:
        tokens = next((one["Values"] for one in params.get("Filters", []) if one["Name"] == "client-token"), None)
        ids = params.get("InstanceIds")
        rows = [row for one in self._seen(region) if tokens is None or one.token in tokens for row in one.rows]
        rows = [row for row in rows if ids is None or row["InstanceId"] in ids]
        for one in self.bought:
            one.unseen = max(0, one.unseen - 1)
        return rows

    def _groups(self, region: str) -> list[dict[str, Any]]:
        return [self.groups[region]] if region in self.groups else []

    def _create_group(self, region: str, params: Params) -> dict[str, str]:
        if region in self.groups:
            raise aws_error("InvalidGroup.Duplicate")
        permissions = [{"FromPort": 22, "IpRanges": [{"CidrIp": "192.0.2.7/32"}]}]
        tags = params["TagSpecifications"][0]["Tags"]
        self.groups[region] = {"GroupId": f"sg-{region}", "IpPermissions": permissions, "Tags": tags}
        return {"GroupId": f"sg-{region}"}

    def _import_key(self, region: str) -> dict[str, str]:
        self.keys.add(region)
        return {"KeyPairId": "key-1"}

    def _end(self, ids: list[str]) -> dict[str, Any]:
        for row in [row for one in self.bought for row in one.rows if row["InstanceId"] in ids]:
            row["State"] = {"Name": "terminated"}
        return {"TerminatingInstances": []}

    def _retag(self, region: str, params: Params) -> dict[str, Any]:
        new = {tag["Key"] for tag in params["Tags"]}
        kept = [tag for tag in self.groups[region]["Tags"] if tag["Key"] not in new]
        self.groups[region]["Tags"] = [*kept, *params["Tags"]]
        return {}

    def _run(self, region: str, request: Params) -> dict[str, Any]:
        self.asked.append(
            {
                "region": region,
                "instance_type": request["InstanceType"],
                "zone": request.get("Placement", {}).get("AvailabilityZone", ""),
                "market": request.get("InstanceMarketOptions", {}).get("MarketType", "on-demand"),
                "token": request["ClientToken"],
            }
        )
        fate = self.fates.pop(0) if self.fates else sold
        fate(self, region, request)
        if fate is not died:
            self.check_token(region, request)
        return {"Instances": [{**row, "State": {"Name": "pending"}} for row in self.sell(region, request)]}
