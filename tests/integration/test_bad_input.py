# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input is a clear error that names the fix, and nothing is made; looked at behind the collection's back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from sandbox import environment
from tests.integration.desk import Desk
from tests.sandbox.cloud import Cloud


@dataclass(frozen=True)
class Bad:
    """One case.

    Parameters:
        code: the error's word to branch on.
        words: what the message must hold; the last one names the fix.
        options: of the module; an image is a name pattern when it holds a star.
        variables: of the environment; None for one that is not set.
    """

    code: str
    words: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, str | None] = field(default_factory=dict)


CREDENTIALS = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with AWS_PROFILE"
CASES = {
    "unknown region": Bad(
        "bad_input", ("Region 'us-wset-2' is unknown", "did you mean us-west-2?"), {"region": "us-wset-2"}
    ),
    "no region": Bad(
        "no_region",
        ("No region was given", "Set gpu_region (for example us-west-2), or AWS_REGION"),
        variables={"AWS_REGION": None, "AWS_DEFAULT_REGION": None},
    ),
    "unknown type": Bad(
        "impossible_choice", ("g5.xlarg is unknown", "Did you mean g5.xlarge?"), {"instance_types": ["g5.xlarg"]}
    ),
    "retired type": Bad(
        "bad_input",
        ("g2.2xlarge (GRID K520) is retired", "Today's equivalent is g4dn.xlarge"),
        {"instance_types": ["g2.2xlarge"]},
    ),
    "type that the region lacks": Bad(
        "impossible_choice", ("g6.xlarge", "eu-west-1"), {"instance_types": ["g6.xlarge"], "region": "eu-west-1"}
    ),
    "type without a GPU": Bad(
        "impossible_choice", ("m5.large has no GPU", "choose a GPU type"), {"instance_types": ["m5.large"]}
    ),
    "unknown model": Bad("bad_input", ("L4O", "did you mean L4?"), {"models": ["L4O"]}),
    "model of the past": Bad("bad_input", ("K80",), {"models": ["K80"]}),
    "compute capability out of this world": Bad(
        "bad_input", ("Compute capability '99.0' is unknown", "did you mean 9.0?"), {"compute_capability": "99.0"}
    ),
    "more memory than any GPU has": Bad("impossible_choice", ("vram_gib",), {"vram_gib": 1000}),
    "unknown architecture": Bad("bad_input", ("x86", "did you mean x86_64?"), {"architecture": "x86"}),
    "unknown market": Bad("bad_input", ("ondemand", "did you mean on-demand?"), {"markets": ["ondemand"]}),
    "zone of another region": Bad("bad_input", ("eu-west-1a", "us-west-2"), {"zones": ["eu-west-1a"]}),
    "zone that the region lacks": Bad("impossible_choice", ("us-west-2z",), {"zones": ["us-west-2z"]}),
    "no room in the quota": Bad(
        "impossible_choice", ("L-417A185B", "servicequotas"), {"instance_types": ["p5.48xlarge"]}
    ),
    "more machines than the budget pays": Bad(
        "impossible_choice", ("gpu_budget_usd",), {"budget_usd": 1, "count": 2, "lease_hours": 10}
    ),
    "spot price on demand": Bad("bad_input", ("needs spot in gpu_markets",), {"max_spot_usd": 0.5}),
    "private without a subnet": Bad("bad_input", ("set gpu_subnet_id",), {"public_address": False}),
    "two placement groups": Bad(
        "bad_input", ("not both",), {"placement_strategy": "cluster", "placement_group": "mine"}
    ),
    "disk below the image": Bad(
        "impossible_choice", ("root disk", "raise gpu_root_volume_gib"), {"root_volume_gib": 8}
    ),
    "unknown operating system": Bad(
        "impossible_choice", ("ubuntu-24.4", "Did you mean ubuntu-24.04?"), {"image_os": "ubuntu-24.4"}
    ),
    "paravirtual image": Bad(
        "impossible_choice", ("is paravirtual", "choose an HVM image"), {"image": "*trusty-14.04-pv-*"}
    ),
    "32-bit image": Bad(
        "impossible_choice", ("is built for i386", "choose an image for x86_64"), {"image": "*trusty-14.04-i386-*"}
    ),
    "arm64 image on x86_64": Bad(
        "impossible_choice", ("is built for arm64", "choose an image for x86_64"), {"image": "ubuntu/*noble*arm64*"}
    ),
    "x86_64 image on arm64": Bad(
        "impossible_choice",
        ("is built for x86_64, and g5g.xlarge is arm64", "choose an image for arm64"),
        {"image": "ubuntu/*noble*amd64*", "instance_types": ["g5g.xlarge"]},
    ),
    "family without the architecture": Bad(
        "impossible_choice",
        ("nvidia-marketplace (ubuntu) has no image for arm64", "Choose another family"),
        {"image": "nvidia-marketplace", "instance_types": ["g5g.xlarge"]},
    ),
    "terms that nobody has accepted": Bad(
        "terms_not_accepted",
        ("https://aws.amazon.com/marketplace", "gpu_accept_marketplace_terms"),
        {"image": "nvidia-marketplace"},
    ),
    "unknown family": Bad(
        "impossible_choice",
        ("no image family deep-learing", "Did you mean deep-learning?"),
        {"image": "deep-learing"},
    ),
    "unknown image": Bad(
        "impossible_choice",
        ("Image ami-0123456789abcdef0 does not exist in us-west-2", "name an image of this region"),
        {"image": "ami-0123456789abcdef0"},
    ),
    "missing key file": Bad(
        "key_file_missing",
        ("Key file /nowhere/id does not exist", "Name an existing private key with gpu_key_file"),
        {"key_file": "/nowhere/id"},
    ),
    "run id with spaces": Bad(
        "bad_input", ("Run id 'my first run' is not usable", "for example 'my-first-run'"), {"run_id": "my first run"}
    ),
    "the whole internet": Bad(
        "bad_input", ("opens SSH to the whole internet", "name the addresses"), {"allowed_cidrs": ["0.0.0.0/0"]}
    ),
    "many at once": Bad(
        "bad_input",
        ("Run id '' is not usable", "set gpu_count", "set gpu_lease_hours"),
        {"run_id": "", "count": 0, "lease_hours": 0},
    ),
    "too dear": Bad(
        "impossible_choice", ("above the ceiling of $0.1000/h", "raise gpu_max_hourly_usd"), {"max_hourly_usd": 0.1}
    ),
    "unknown subnet": Bad(
        "InvalidSubnetID.NotFound",
        ("Failed to find subnet subnet-0123456789abcdef0", "Name a subnet of this region"),
        {"subnet_id": "subnet-0123456789abcdef0"},
    ),
    "no page for the caller's address": Bad(
        "caller_address_unknown",
        ("could not be read from nonsense", "Set gpu_allowed_cidrs"),
        {"caller_address_url": "nonsense"},
    ),
    "no credentials": Bad(
        "NoCredentialsError",
        ("Unable to locate credentials", CREDENTIALS),
        variables={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None},
    ),
    "half of the credentials": Bad(
        "PartialCredentialsError", ("AWS_SECRET_ACCESS_KEY", CREDENTIALS), variables={"AWS_SECRET_ACCESS_KEY": None}
    ),
    "unknown credentials": Bad(
        "AuthFailure",
        ("AWS does not accept these credentials", CREDENTIALS),
        variables={"AWS_ACCESS_KEY_ID": "AKIA7GPU2NOBODY9KEY9"},
    ),
    "expired credentials": Bad(
        "RequestExpired",
        ("The credentials have expired", "renew them (for example `aws sso login`)"),
        variables={"AWS_ACCESS_KEY_ID": environment.EXPIRED_ACCESS_KEY_ID},
    ),
    "unknown profile": Bad("ProfileNotFound", ("nobody", CREDENTIALS), variables={"AWS_PROFILE": "nobody"}),
}


def options_of(case: Bad, cloud: Cloud) -> dict[str, Any]:
    """The options of a case, with a run id and the image's id where its name was given."""
    options = {"run_id": cloud.name(), **case.options}
    if "*" in options.get("image", ""):
        options["image"] = cloud.image_like(options["image"])
    return options


def set_variables(monkeypatch: pytest.MonkeyPatch, case: Bad) -> None:
    """Set the environment of a case."""
    for name, value in case.variables.items():
        if value is None:
            monkeypatch.delenv(name)
        else:
            monkeypatch.setenv(name, value)


def assert_told(result: dict[str, Any], case: Bad) -> None:
    """The result is the error of the case."""
    assert (result.get("failed"), result.get("error_code")) == (True, case.code), result["msg"]
    assert [word for word in case.words if word not in result["msg"]] == [], result["msg"]
    assert "left_traces" not in result


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_nothing_is_made(desk: Desk, monkeypatch: pytest.MonkeyPatch, case: Bad) -> None:
    options = options_of(case, desk.cloud)
    before = desk.truth()
    set_variables(monkeypatch, case)
    assert_told(desk.rent(**options), case)
    assert desk.truth() == before


@pytest.mark.parametrize("name", ["retired type", "paravirtual image", "missing key file", "expired credentials"])
def test_check_mode_says_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    options = options_of(CASES[name], desk.cloud)
    set_variables(monkeypatch, CASES[name])
    assert_told(desk.rent(check_mode=True, **options), CASES[name])


@pytest.mark.parametrize(
    "name", ["unknown region", "run id with spaces", "no credentials", "expired credentials", "unknown profile"]
)
def test_a_removal_says_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    options = options_of(CASES[name], desk.cloud)
    set_variables(monkeypatch, CASES[name])
    case = CASES[name]
    told = replace(case, code="unknown_region", words=("Did you mean us-west-2?",)) if "region" in name else case
    assert_told(desk.remove(**options), told)
