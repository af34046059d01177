# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schedules: what the controllers of one run are asked to do, and what befalls each. Pure."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.faults.wire import DEATHS, TROUBLES

Options = dict[str, Any]
Rows = list[dict[str, Any]]

HOME, AWAY = "us-west-2", "us-east-1"
BOTH: Options = {"regions": [HOME, AWAY], "instance_types": ["g5.xlarge"]}


@dataclass(frozen=True)
class Scenario:
    """A launch whose every call is a call point, and the teardown after it.

    Parameters:
        options: of the module.
        stock: what AWS lacks, so that the launch has to look further.
    """

    name: str
    options: Options
    stock: Rows = field(default_factory=list)

    @property
    def count(self) -> int:
        """Machines of the run."""
        return int(self.options.get("count", 1))


def _scenarios() -> dict[str, Scenario]:
    empty = [{"instance_type": "*", "zone": f"{region}*", "market": "*", "free": 0} for region in (HOME, AWAY)]
    found = [
        Scenario(
            f"{'default' if preflight else 'lean'}-{count}-{'failover' if away else 'one'}",
            {"preflight": preflight, "count": count, **(BOTH if away else {})},
            empty[:1] if away else [],
        )
        for preflight in (False, True)
        for count in (1, 3)
        for away in (False, True)
    ]
    return {one.name: one for one in found}


SCENARIOS = _scenarios()
# Random schedules also ask for spot.
SPOT: Options = {"markets": ["spot", "on-demand"]}


@dataclass(frozen=True, order=True)
class Point:
    """A call point: the n-th call of a phase of a scenario, and how the controller dies there."""

    scenario: str
    phase: str
    n: int
    death: str


@dataclass(frozen=True)
class Step:
    """What one controller does.

    Parameters:
        do: launch or remove.
        troubles: number of a call to what befalls it on the wire.
        faults: a script of the sandbox.
        denied: actions that are not permitted.
        stock: what AWS lacks; None: as the scenario says.
        lag: how late what is made is shown.
    """

    do: str
    troubles: Mapping[int, str] = field(default_factory=dict)
    faults: Rows = field(default_factory=list)
    denied: Sequence[str] = ()
    stock: Rows | None = None
    lag: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Schedule:
    """A whole story; one undisturbed teardown by a fresh controller ends each.

    Parameters:
        point: the call point it covers; None for a random one.
        options: of the launch, beside the scenario's.
    """

    scenario: str
    steps: tuple[Step, ...]
    point: Point | None = None
    options: Options = field(default_factory=dict)

    def as_text(self) -> str:
        """The story, so that a person can follow it."""
        told = [
            " ".join([step.do, *(f"{key}={value}" for key, value in asdict(step).items() if value and key != "do")])
            for step in self.steps
        ]
        return f"{self.scenario} {self.options or ''}: {' -> '.join([*told, 'remove'])}"


def all_points(calls: Mapping[tuple[str, str], int]) -> list[Point]:
    """Every call point.

    Parameters:
        calls: (scenario, phase) to how many calls it makes undisturbed.
    """
    return [
        Point(scenario, phase, n, death)
        for (scenario, phase), most in sorted(calls.items())
        for n in range(1, most + 1)
        for death in DEATHS
    ]


def schedule(points: Sequence[Point], seed: int, index: int) -> Schedule:
    """The schedule of an index from 0: first each point once, in an order of the seed, then random ones."""
    if index < len(points):
        order = sorted(points)
        random.Random(seed).shuffle(order)
        return _at_point(order[index], random.Random(f"{seed}-{index}"))
    return _at_random(random.Random(f"{seed}-{index}"))


def _at_point(point: Point, dice: random.Random) -> Schedule:
    dies = Step(point.phase, {point.n: point.death})
    again = [Step("launch")] if dice.random() < 0.5 else []
    first = [] if point.phase == "launch" else [Step("launch")]
    return Schedule(point.scenario, (*first, dies, *again), point)


def _at_random(dice: random.Random) -> Schedule:
    name = dice.choice(sorted(SCENARIOS))
    verbs = ["launch", *dice.choices(["launch", "remove"], k=dice.randint(0, 3))]
    options = SPOT if dice.random() < 0.3 else {}
    most = 14 if name.startswith("lean") else 36
    return Schedule(name, tuple(_step(verb, most, dice) for verb in verbs), None, options)


def _step(do: str, most: int, dice: random.Random) -> Step:
    calls = most if do == "launch" else 20
    troubles = {dice.randint(1, calls): dice.choice([*TROUBLES, *DEATHS]) for _ in range(dice.choice([0, 1, 1, 2, 3]))}
    faults = [_fault(do, dice) for _ in range(dice.choice([0, 0, 1, 2, 3]))]
    denied = [dice.choice(PERMISSIONS[do])] if dice.random() < 0.15 else []
    lag = {"calls": dice.randint(1, 4)} if do == "launch" and dice.random() < 0.2 else {}
    return Step(do, dict(sorted(troubles.items())), faults, denied, _stock(dice), lag)


def _stock(dice: random.Random) -> Rows | None:
    if dice.random() < 0.6:
        return None
    zone = dice.choice([f"{HOME}*", f"{AWAY}*", "*", f"{HOME}a"])
    return [{"instance_type": "*", "zone": zone, "market": dice.choice(["*", "spot"]), "free": dice.randint(0, 2)}]


_READS = ("DescribeTags", "DescribeInstances", "DescribeSecurityGroups", "DescribeInstanceTypes", "DescribeRegions")
CALLS: dict[str, tuple[str, ...]] = {
    "launch": (
        *_READS,
        *("RunInstances", "RunInstances", "CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "ImportKeyPair"),
        *("CreateTags", "GetParameter", "GetProducts"),
    ),
    "remove": (*_READS, "TerminateInstances", "DeleteSecurityGroup", "DeleteKeyPair", "DescribeVolumes"),
}
PERMISSIONS = {
    "launch": ("ec2:RunInstances", "ec2:CreateTags", "ec2:CreateSecurityGroup", "ec2:ImportKeyPair", "pricing:*"),
    "remove": ("ec2:TerminateInstances", "ec2:DeleteSecurityGroup", "ec2:DeleteKeyPair", "ec2:DescribeTags"),
}
# Codes of https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html that any call may be given.
ANY = {"RequestLimitExceeded": 503, "InternalError": 500, "Unavailable": 503, "RequestExpired": 400}
# Those of some calls.
OWN = {
    "RunInstances": {
        "InsufficientInstanceCapacity": 500,
        "VcpuLimitExceeded": 400,
        "Unsupported": 400,
        "InvalidParameterValue": 400,
    },
    "DeleteSecurityGroup": {"DependencyViolation": 400},
}


def _fault(do: str, dice: random.Random) -> dict[str, Any]:
    action = dice.choice(CALLS[do])
    codes = {**ANY, **OWN.get(action, {})} if dice.random() < 0.5 else OWN.get(action, ANY)
    code = dice.choice(sorted(codes))
    return {
        "action": action,
        "nth": dice.randint(1, 3),
        "times": dice.choice([1, 1, 2, 8, 100]),
        "match": {"DryRun": None},
        "error": {"code": code, "message": "words of AWS", "status": codes[code]},
    }
