# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person asked for is refused before the first call, every problem at once."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import (
    Volume,
    check_run_id,
    spec_from_params,
    spec_problems,
)

from tests.unit.fakes.rows import END, RUN_ID, spec

USE = "use 1 to 48 letters, digits, dots, dashes or underscores, for example"

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "spot price on demand": ({"max_spot_usd": 0.5}, "A maximum spot price needs spot in gpu_markets."),
    "placement strategy": (
        {"placement_strategy": "together"},
        "Placement strategy 'together' is unknown: use one of cluster, spread, partition.",
    ),
    "access": (
        {"access": "telnet"},
        "Access 'telnet' is unknown: use one of ssh, session-manager, instance-connect-endpoint.",
    ),
    "private without a subnet": (
        {"public_address": False},
        "A machine without a public address needs a named subnet: set gpu_subnet_id.",
    ),
    "range": ({"allowed_cidrs": ("home",)}, "'home' is not an address range: write it like 192.0.2.7/32."),
    "range with host bits": (
        {"allowed_cidrs": ("192.0.2.7/24",)},
        "'192.0.2.7/24' is not an address range: write it like 192.0.2.7/32.",
    ),
    "much of the internet": (
        {"allowed_cidrs": ("128.0.0.0/1",)},
        "'128.0.0.0/1' opens SSH to a large part of the internet: name the addresses you log in from.",
    ),
    "the whole internet": (
        {"allowed_cidrs": ("0.0.0.0/0",)},
        "'0.0.0.0/0' opens SSH to the whole internet: name the addresses you log in from.",
    ),
    "the whole internet, version 6": (
        {"allowed_cidrs": ("::/0",)},
        "'::/0' opens SSH to the whole internet: name the addresses you log in from.",
    ),
    "disk too large": (
        {"root_volume_gib": 70000},
        "A root disk of 70000 GiB is outside 1 to 65536: set gpu_root_volume_gib.",
    ),
    "disk below nothing": (
        {"root_volume_gib": -1},
        "A root disk of -1 GiB is outside 1 to 65536: set gpu_root_volume_gib.",
    ),
    "IOPS": (
        {"root_volume_iops": 100},
        "100 IOPS are outside 3000 to 80000: set gpu_root_volume_iops.",
    ),
    "throughput": (
        {"root_volume_throughput_mibps": 5000},
        "5000 MiB/s are outside 125 to 2000: set gpu_root_volume_throughput_mibps.",
    ),
    "owner": ({"owner": "Zoë"}, "Tag 'owner' must be plain ASCII."),
    "tag": ({"tags": {"project": "Föhn"}}, "Tag 'project' must be plain ASCII."),
    "name of a tag": ({"tags": {"prüfung": "1"}}, "Tag 'pr\\xfcfung' must be plain ASCII."),
    "tag of AWS": (
        {"tags": {"aws:x": "1"}},
        "Tag aws:x has a reserved prefix: choose another name.",
    ),
    "tag of the collection": (
        {"tags": {"gpgpu:run": "other"}},
        "Tag gpgpu:run has a reserved prefix: choose another name.",
    ),
}

GOOD: dict[str, dict[str, Any]] = {
    "everyday": {},
    "spot price": {"max_spot_usd": 0.5},
    "a group for the run": {"placement_strategy": "cluster"},
    "a group that exists": {"placement_group": "mine"},
    "private in a subnet": {"public_address": False, "subnet_id": "subnet-1"},
    "private behind a tunnel": {"public_address": False, "access": "session-manager"},
    "ranges": {"allowed_cidrs": ("192.0.2.0/24", "2001:db8::/64")},
    "disk": {"root_volume_gib": 65536, "root_volume_iops": 80000, "root_volume_throughput_mibps": 2000},
    "tags": {"tags": {"project": "thesis", "Name-of": "x"}},
}


@pytest.mark.parametrize(("changes", "sentence"), BAD.values(), ids=BAD.keys())
def test_bad_input(changes: dict[str, Any], sentence: str) -> None:
    assert spec_problems(spec(**changes), ["on-demand"]) == [sentence]


@pytest.mark.parametrize("changes", GOOD.values(), ids=GOOD.keys())
def test_good_input(changes: dict[str, Any]) -> None:
    assert spec_problems(spec(**changes), ["on-demand", "spot"]) == []


def test_two_placement_groups_are_refused() -> None:
    (problem,) = spec_problems(spec(placement_strategy="spread", placement_group="mine"), [])
    assert problem == "A run has one placement group: set gpu_placement_strategy or gpu_placement_group, not both."


def test_every_problem_at_once() -> None:
    changes: dict[str, Any] = {"tags": {}, "allowed_cidrs": ()}
    for part, _sentence in BAD.values():
        for name, value in part.items():
            changes[name] = {**changes[name], **value} if name == "tags" else value
    changes["allowed_cidrs"] = ("home", "192.0.2.7/24", "128.0.0.0/1", "0.0.0.0/0", "::/0")
    found = spec_problems(spec(**{**changes, "run_id": "my run", "placement_group": "mine", "access": "ssh"}), [])
    # One row of the table changes the disk again, one the access, which alone asks for a subnet.
    assert len(found) == len(BAD) - 2 + 2


@pytest.mark.parametrize(
    ("run_id", "example"),
    [
        ("my run", "my-run"),
        ("", "my-run"),
        ("-x", "x"),
        ("über 1", "ber-1"),
        ("a/b;c", "a-b-c"),
        ("x" * 49, "x" * 48),
        ("run\n", "run"),
    ],
)
def test_a_run_id_that_is_not_usable_names_one_that_is(run_id: str, example: str) -> None:
    assert check_run_id(run_id) == [f"Run id '{run_id}' is not usable: {USE} '{example}'."]
    assert check_run_id(example) == []


@pytest.mark.parametrize("run_id", ["a", "7", "eight-schools", "A.b_c-9", "x" * 48])
def test_a_usable_run_id(run_id: str) -> None:
    assert check_run_id(run_id) == []


# What Ansible makes of the options that a person did not give.
PARAMS: dict[str, Any] = {
    "run_id": RUN_ID,
    "owner": "ada",
    "count": 1,
    "zones": None,
    "subnet_id": None,
    "key_name": None,
    "key_file": None,
    "public_address": True,
    "fixed_address": False,
    "root_volume_gib": None,
    "root_volume_iops": 3000,
    "root_volume_throughput_mibps": 125,
    "volumes": None,
    "max_spot_usd": None,
    "max_hourly_usd": None,
    "budget_usd": None,
    "lease_hours": 8,
    "allowed_cidrs": None,
    "tags": None,
    "placement_strategy": None,
    "placement_group": None,
    "efa": False,
    "instance_profile": None,
    "user_data": None,
    "access": "ssh",
    "capacity_reservation_id": None,
    "buy_capacity_block": False,
}
# What each attempt fills in.
OPEN = {"instance_type": "", "market": "", "zone": ""}


def test_parameters_left_out_are_empty() -> None:
    assert spec_from_params(PARAMS, "us-west-2", END) == spec(**OPEN)


GIVEN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    name: ({name: value}, {name: value})
    for name, value in {
        "fixed_address": True,
        "placement_strategy": "cluster",
        "placement_group": "mine",
        "efa": True,
        "instance_profile": "reader",
        "user_data": "#cloud-config",
        "access": "session-manager",
        "capacity_reservation_id": "cr-1",
        "buy_capacity_block": True,
        "tags": {"project": "thesis"},
        "max_spot_usd": 0.5,
    }.items()
}
GIVEN["volumes"] = (
    {"volumes": [{"size_gib": 500, "iops": 6000, "throughput_mibps": 250}]},
    {"volumes": (Volume(500, 6000, 250),)},
)


@pytest.mark.parametrize(("params", "fields"), GIVEN.values(), ids=GIVEN.keys())
def test_parameters_become_fields_of_the_same_name(params: dict[str, Any], fields: dict[str, Any]) -> None:
    assert spec_from_params({**PARAMS, **params}, "us-west-2", END) == spec(**OPEN, **fields)


def test_bad_parameters_become_a_spec_whose_problems_are_told_later() -> None:
    wanted = spec_from_params({**PARAMS, "run_id": "my run", "allowed_cidrs": ["home"]}, "", END)
    assert (wanted.region, len(spec_problems(wanted, []))) == ("", 2)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("192.0.2.7", "192.0.2.7/32"), ("192.0.2.0/24", "192.0.2.0/24"), ("2001:DB8:0:0::/64", "2001:db8::/64")],
)
def test_ranges_are_written_as_aws_writes_them(written: str, meant: str) -> None:
    """Else AWS refuses a bare address, and a second launch takes its own rule for another one."""
    assert spec_from_params({**PARAMS, "allowed_cidrs": [written]}, "us-west-2", END).allowed_cidrs == (meant,)


@pytest.mark.parametrize(
    "changes",
    [
        {"run_id": "other"},
        {"region": "eu-west-1"},
        {"instance_type": "g5.xlarge"},
        {"market": "spot"},
        {"zone": "us-west-2b"},
    ],
)
def test_another_purchase_has_another_token(changes: dict[str, Any]) -> None:
    assert spec(**changes).client_token(1) != spec().client_token(1)


def test_the_token_is_the_same_on_every_controller_and_at_any_time() -> None:
    assert spec(owner="bob", lease_hours=2, count=3, key_file="/k").client_token(1) == spec().client_token(1)
    assert spec(subnet_id="subnet-1").client_token(1) == spec(subnet_id="subnet-2").client_token(1)
    assert spec().client_token(2) != spec().client_token(1)
    assert len(spec().client_token(1)) == 64
    assert spec().client_token(1).isascii()


@pytest.mark.parametrize(
    ("hourly", "budget", "ceiling"),
    [(None, None, 0), (2.0, None, 2.0), (None, 32.0, 2.0), (1.0, 32.0, 1.0), (3.0, 32.0, 2.0)],
)
def test_the_ceiling_of_a_machine_is_the_lower_of_price_and_budget(
    hourly: float | None, budget: float | None, ceiling: float
) -> None:
    wanted = spec_from_params({**PARAMS, "count": 2, "max_hourly_usd": hourly, "budget_usd": budget}, "us-west-2", END)
    assert wanted.ceiling_usd == ceiling
