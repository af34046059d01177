# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a launch: what is wanted and what is there decide the actions and their order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._run.plan import (
    BuyMachines,
    CreateSecurityGroup,
    NoteTrace,
    missing_machines,
    next_generation,
    plan_access,
    plan_purchase,
)

from tests.unit.fakes.rows import RUN_ID, choice, instance, run_tags, spec, state

GROUP = f"create security group gpgpu-{RUN_ID}"
ALLOW = "allow SSH (port 2222) from 192.0.2.7/32"
KEY = f"import key pair gpgpu-{RUN_ID}"
TRACE = "2026-11-23T12:00:00Z 1 1 g4dn.xlarge on-demand -"
NOTE = f"note the attempt on the security group: {TRACE}"
BUY = "launch 1 x g4dn.xlarge (on-demand) at $0.5410/h, lease armed"


def sentences(actions: Any) -> list[str]:
    return [str(action) for action in actions]


@pytest.mark.parametrize(
    ("wanted", "machines", "missing"),
    [
        pytest.param(1, [], 1, id="nothing there"),
        pytest.param(100, [], 100, id="many"),
        pytest.param(1, [instance(1)], 0, id="there"),
        pytest.param(2, [instance(1)], 1, id="one of two"),
        pytest.param(2, [instance(1), instance(2, "pending")], 0, id="one still starts"),
        pytest.param(1, [instance(1, "terminated")], 1, id="ended"),
        pytest.param(1, [instance(1, "shutting-down"), instance(2)], 0, id="one ending"),
    ],
)
def test_missing_machines(wanted: int, machines: list[Any], missing: int) -> None:
    assert missing_machines(spec(count=wanted), machines, ("g4dn.xlarge",)) == missing


@pytest.mark.parametrize(
    ("allowed", "fits"),
    [
        pytest.param((), True, id="any hardware that fits"),
        pytest.param(("g4dn.xlarge",), True, id="the type itself"),
        pytest.param(("g5.xlarge", "g4dn.xlarge"), True, id="one of several"),
        pytest.param(("g5.xlarge", "g6.xlarge"), False, id="none of several"),
    ],
)
def test_a_run_keeps_the_type_that_it_has(allowed: tuple[str, ...], fits: bool) -> None:
    if fits:
        assert missing_machines(spec(count=2), [instance()], allowed) == 1
        return
    with pytest.raises(GpuError, match=r"already has g4dn\.xlarge and g5\.xlarge or g6\.xlarge is wanted"):
        missing_machines(spec(count=2), [instance()], allowed)


@pytest.mark.parametrize(
    ("machines", "code", "text"),
    [
        (
            [instance(1, "stopped"), instance(2, "stopping"), instance(3)],
            "run_stopped",
            "Run eight-schools has stopped machines (i-1, i-2)",
        ),
        (
            [instance(1), instance(2), instance(3), instance(4)],
            "run_too_large",
            "Run eight-schools has 4 machines and 3 are wanted",
        ),
        (
            [instance(1), instance(2, InstanceType="g5.xlarge")],
            "run_differs",
            "Run eight-schools already has g5.xlarge and g4dn.xlarge is wanted",
        ),
    ],
)
def test_machines_that_can_not_be_used(machines: list[Any], code: str, text: str) -> None:
    with pytest.raises(GpuError) as refused:
        missing_machines(spec(count=3), machines, ("g4dn.xlarge",))
    assert refused.value.code == code
    assert str(refused.value) == f"{text}. Tear the run down (gpu_run_id={RUN_ID}) or choose another run id."


@pytest.mark.parametrize(
    ("generations", "following"),
    [([], 1), (["1"], 2), (["1", "3", "2"], 4), (["", "1"], 2)],
)
def test_next_generation(generations: list[str], following: int) -> None:
    rows = [instance(number, "terminated", run_tags(generation=text)) for number, text in enumerate(generations, 1)]
    assert next_generation(rows) == following


@pytest.mark.parametrize(
    ("wanted", "there", "actions"),
    [
        pytest.param({}, {}, [GROUP, ALLOW, KEY, BUY], id="from nothing"),
        pytest.param({}, {"security_group": ["sg-1"]}, [NOTE, KEY, BUY], id="group there"),
        pytest.param({}, {"key_pair": ["key-1"]}, [GROUP, ALLOW, BUY], id="key there"),
        pytest.param(
            {}, {"security_group": ["sg-1"], "key_pair": ["key-1"]}, [NOTE, BUY], id="all there but the machine"
        ),
        pytest.param({"key_name": "mine"}, {}, [GROUP, ALLOW, BUY], id="a key pair of one's own"),
    ],
)
def test_purchase(wanted: dict[str, Any], there: dict[str, list[str]], actions: list[str]) -> None:
    assert sentences(plan_purchase(spec(**wanted), state(**there), choice(), 2222, 1)) == actions


def test_a_purchase_behind_a_tunnel_opens_no_port() -> None:
    assert sentences(plan_purchase(spec(), state(), choice(cidrs=()), 22, 1)) == [GROUP, KEY, BUY]


@pytest.mark.parametrize(
    ("there", "kind"), [({}, CreateSecurityGroup), ({"security_group": ["sg-1"]}, NoteTrace)], ids=["new", "there"]
)
def test_what_is_about_to_be_bought_is_written_down_before(there: dict[str, list[str]], kind: type) -> None:
    observed = replace(state(**there), instances=[instance(1, "terminated", run_tags(generation="4"))])
    wanted = spec(market="spot", zone="us-west-2b")
    actions = plan_purchase(wanted, observed, choice(number=7), 22, 1)
    (noted,) = [action for action in actions if isinstance(action, (CreateSecurityGroup, NoteTrace))]
    assert (type(noted), noted.trace) == (kind, "2026-11-23T12:00:00Z 7 5 g4dn.xlarge spot us-west-2b")
    assert isinstance(actions[-1], BuyMachines)
    assert actions[-1].generation == 5


def test_a_purchase_states_the_price_of_all_its_machines() -> None:
    actions = plan_purchase(spec(count=100, market="spot"), state(), choice(), 22, 100)
    assert str(actions[-1]) == "launch 100 x g4dn.xlarge (spot) at $54.1000/h, lease armed"


def rule(port: int, *cidrs: str) -> dict[str, Any]:
    """An ingress rule as AWS lists it."""
    six = [{"CidrIpv6": cidr} for cidr in cidrs if ":" in cidr]
    return {
        "FromPort": port,
        "ToPort": port,
        "IpRanges": [{"CidrIp": cidr} for cidr in cidrs if ":" not in cidr],
        "Ipv6Ranges": six,
    }


@pytest.mark.parametrize(
    ("rules", "cidrs", "actions"),
    [
        pytest.param([rule(22, "192.0.2.7/32")], ("192.0.2.7/32",), [], id="open already"),
        pytest.param([], ("192.0.2.7/32",), ["allow SSH (port 22) from 192.0.2.7/32"], id="a group cut short"),
        pytest.param(
            [rule(22, "192.0.2.1/32")],
            ("192.0.2.7/32",),
            ["allow SSH (port 22) from 192.0.2.7/32", "stop allowing SSH (port 22) from 192.0.2.1/32"],
            id="the caller has moved",
        ),
        pytest.param(
            [rule(22, "192.0.2.7/32"), rule(22, "198.51.100.0/24", "2001:db8::/64")],
            ("192.0.2.7/32",),
            ["stop allowing SSH (port 22) from 198.51.100.0/24, 2001:db8::/64"],
            id="too wide",
        ),
        pytest.param(
            [rule(443, "198.51.100.0/24"), rule(22, "192.0.2.7/32")], ("192.0.2.7/32",), [], id="another port"
        ),
        pytest.param([{"IpProtocol": "-1"}, rule(22, "192.0.2.7/32")], ("192.0.2.7/32",), [], id="a rule of no port"),
    ],
)
def test_access(rules: list[dict[str, Any]], cidrs: tuple[str, ...], actions: list[str]) -> None:
    assert sentences(plan_access([{"IpPermissions": rules}], cidrs, 22)) == actions
