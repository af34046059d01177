# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input of every kind is refused before the first call, in one error."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import Requirement
from ansible_collections.gpgpu.aws.plugins.module_utils._run.problems import refuse_problems

from tests.unit.fakes.rows import spec

GOOD = Requirement(regions=("us-west-2",))
SOURCES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "requirement": ({"models": ("L5",)}, {}, "GPU 'L5' is unknown"),
    "run": ({}, {"run_id": "my run"}, "Run id 'my run' is not usable"),
    "payment": ({}, {"max_spot_usd": 0.5}, "needs spot in gpu_markets"),
    "place": ({}, {"placement_strategy": "spread", "count": 8}, "takes 7 machines in a zone"),
    "user data": ({}, {"user_data": "#cloud-config\nssh_deletekeys: false\n"}, "ssh_deletekeys"),
    "subnet of many regions": ({"regions": ("all",)}, {"subnet_id": "subnet-1"}, "Subnet subnet-1 is in one region"),
    "access": ({}, {"access": "session-manager"}, "session-manager"),
}


def nothing(_words: list[str]) -> tuple[int, str, str]:
    """A machine without any command."""
    return 127, "", "not found"


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")


@pytest.mark.parametrize(("required", "wanted", "words"), SOURCES.values(), ids=SOURCES.keys())
def test_each_source_of_problems_is_asked(required: dict[str, Any], wanted: dict[str, Any], words: str) -> None:
    with pytest.raises(GpuError) as refused:
        refuse_problems(Requirement(**{"regions": ("us-west-2",), **required}), spec(**wanted), 22, nothing)
    assert refused.value.code == "bad_input"
    assert words in " ".join(refused.value.details["problems"])


def test_all_are_told_at_once_and_each_once() -> None:
    required = {name: value for row in SOURCES.values() for name, value in row[0].items()}
    wanted = {name: value for row in SOURCES.values() for name, value in row[1].items()}
    with pytest.raises(GpuError) as refused:
        refuse_problems(Requirement(**{"regions": ("us-west-2",), **required}), spec(**wanted), 22, nothing)
    problems = refused.value.details["problems"]
    assert [words for _required, _wanted, words in SOURCES.values() if words not in " ".join(problems)] == []
    assert len(problems) == len(set(problems))
    assert str(refused.value).endswith("Nothing was created.")


def test_good_input_passes() -> None:
    refuse_problems(GOOD, spec(), 22, nothing)
