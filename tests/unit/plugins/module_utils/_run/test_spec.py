# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person asked for is refused before the first call, every problem at once."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import check_run_id, check_spec, spec_from_params

from tests.unit.fakes.rows import END, RUN_ID, spec

USE = "use 1 to 48 letters, digits, dots, dashes or underscores, for example"

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no machine": ({"count": 0}, "A run has at least 1 machine, not 0: set gpu_count."),
    "no lease": (
        {"lease_hours": 0},
        "A lease lasts more than 0 and at most 744 hours, not 0: set gpu_lease_hours.",
    ),
    "endless lease": (
        {"lease_hours": 1000.5},
        "A lease lasts more than 0 and at most 744 hours, not 1000.5: set gpu_lease_hours.",
    ),
    "no lease at all": (
        {"lease_hours": float("nan")},
        "A lease lasts more than 0 and at most 744 hours, not nan: set gpu_lease_hours.",
    ),
    "market": ({"market": "reserved"}, "Market 'reserved' is unknown: use one of on-demand, spot."),
    "spot price on demand": ({"max_spot_usd": 0.5}, "A maximum spot price needs gpu_market spot."),
    "zone elsewhere": (
        {"zone": "eu-west-1a"},
        "Zone eu-west-1a is not in region us-west-2: name one of its zones, or none.",
    ),
    "range": ({"allowed_cidrs": ("home",)}, "'home' is not an address range: write it like 192.0.2.7/32."),
    "range with host bits": (
        {"allowed_cidrs": ("192.0.2.7/24",)},
        "'192.0.2.7/24' is not an address range: write it like 192.0.2.7/32.",
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
    "longest lease": {"lease_hours": 744},
    "shortest lease": {"lease_hours": 0.01},
    "zone": {"zone": "us-west-2b"},
    "local zone": {"zone": "us-west-2-lax-1a"},
    "spot price": {"market": "spot", "max_spot_usd": 0.5},
    "ranges": {"allowed_cidrs": ("192.0.2.0/24", "2001:db8::/64")},
    "disk": {"root_volume_gib": 65536, "root_volume_iops": 80000, "root_volume_throughput_mibps": 2000},
    "tags": {"tags": {"project": "thesis", "Name-of": "x"}},
}


@pytest.mark.parametrize(("changes", "sentence"), BAD.values(), ids=BAD.keys())
def test_bad_input(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(GpuError) as refused:
        check_spec(spec(**changes))
    assert str(refused.value) == f"{sentence.rstrip('.')}. Nothing was created."
    assert (refused.value.code, refused.value.details) == ("bad_input", {"problems": [sentence]})


@pytest.mark.parametrize("changes", GOOD.values(), ids=GOOD.keys())
def test_good_input(changes: dict[str, Any]) -> None:
    check_spec(spec(**changes))


def test_every_problem_at_once() -> None:
    changes: dict[str, Any] = {"tags": {}, "allowed_cidrs": ()}
    for part, _sentence in BAD.values():
        for name, value in part.items():
            changes[name] = {**changes[name], **value} if name == "tags" else value
    changes["allowed_cidrs"] = ("home", "192.0.2.7/24", "0.0.0.0/0", "::/0")
    with pytest.raises(GpuError) as refused:
        check_spec(spec(**changes, run_id="my run"))
    # Two rows of the table change the lease again, one the disk.
    assert len(refused.value.details["problems"]) == len(BAD) - 3 + 1


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


PARAMS: dict[str, Any] = {
    "run_id": RUN_ID,
    "owner": "ada",
    "instance_type": "g4dn.xlarge",
    "count": 1,
    "image": "deep-learning",
    "image_os": None,
    "image_user": None,
    "market": "on-demand",
    "zone": None,
    "subnet_id": None,
    "key_name": None,
    "key_file": None,
    "public_address": True,
    "root_volume_gib": None,
    "root_volume_iops": 3000,
    "root_volume_throughput_mibps": 125,
    "max_hourly_usd": None,
    "max_spot_usd": None,
    "lease_hours": 8,
    "allowed_cidrs": None,
    "tags": None,
}


def test_parameters_left_out_are_empty() -> None:
    assert spec_from_params(PARAMS, "us-west-2", END) == spec()


def test_parameters_are_checked() -> None:
    with pytest.raises(GpuError, match=r"A run has at least 1 machine"):
        spec_from_params({**PARAMS, "count": 0}, "us-west-2", END)


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
        {"subnet_id": "subnet-1"},
    ],
)
def test_another_purchase_has_another_token(changes: dict[str, Any]) -> None:
    assert spec(**changes).client_token(1) != spec().client_token(1)


def test_the_token_is_the_same_on_every_controller_and_at_any_time() -> None:
    assert spec(owner="bob", lease_hours=2, count=3, key_file="/k").client_token(1) == spec().client_token(1)
    assert spec().client_token(2) != spec().client_token(1)
    assert len(spec().client_token(1)) == 64
    assert spec().client_token(1).isascii()
