# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that a module documents are those that it takes."""

from __future__ import annotations

from itertools import combinations
from types import ModuleType
from typing import Any

import pytest
import yaml
from ansible_collections.gpgpu.aws.plugins.doc_fragments import place, requirement, run
from ansible_collections.gpgpu.aws.plugins.modules import (
    ec2_gpu_image_info,
    ec2_gpu_offer_info,
    ec2_gpu_run,
    ec2_gpu_run_info,
)

MODULES = [ec2_gpu_run, ec2_gpu_run_info, ec2_gpu_offer_info, ec2_gpu_image_info]
FRAGMENTS = {
    "gpgpu.aws.place": place.ModuleDocFragment.DOCUMENTATION,
    "gpgpu.aws.requirement": requirement.ModuleDocFragment.DOCUMENTATION,
    "gpgpu.aws.requirement.wish": requirement.ModuleDocFragment.WISH,
    "gpgpu.aws.run": run.ModuleDocFragment.DOCUMENTATION,
    "gpgpu.aws.run.reach": run.ModuleDocFragment.REACH,
}
FRAGMENT_OPTIONS = [yaml.safe_load(text)["options"] for text in FRAGMENTS.values()]
FIELDS = ("type", "elements", "default", "choices", "required")


def parts(module: ModuleType) -> list[dict[str, Any]]:
    """The options of a module's documentation, then those of our own fragments in it."""
    text = yaml.safe_load(module.DOCUMENTATION)
    ours = [name for name in text["extends_documentation_fragment"] if name.startswith("gpgpu.aws.")]
    return [part.get("options", {}) for part in (text, *(yaml.safe_load(FRAGMENTS[name]) for name in ours))]


def documented(module: ModuleType) -> dict[str, Any]:
    """All documented options; a module's own word counts before a fragment's, as in Ansible."""
    return {name: option for part in reversed(parts(module)) for name, option in part.items()}


def cut(options: dict[str, Any]) -> dict[str, Any]:
    """What documentation and code must both say of each option and of its own options."""
    return {
        name: {
            **{field: row[field] for field in FIELDS if field in row},
            **(
                {"options": cut(row[key])} if (key := "suboptions" if "suboptions" in row else "options") in row else {}
            ),
        }
        for name, row in options.items()
    }


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_documentation_and_arguments_agree(module: Any) -> None:
    assert cut(documented(module)) == cut(module.ARGUMENT_SPEC)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_examples_use_options_that_exist(module: Any) -> None:
    names = {*module.ARGUMENT_SPEC, "region"}
    for task in yaml.safe_load(module.EXAMPLES):
        used = [value for name, value in task.items() if name.startswith("gpgpu.aws.ec2_")]
        for options in used:
            assert set(options) <= names


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_option_is_described(module: Any) -> None:
    told = documented(module)
    rows = [*told.items(), *(pair for row in told.values() for pair in row.get("suboptions", {}).items())]
    assert [name for name, row in rows if not row["description"]] == []


@pytest.mark.parametrize("names", [set(one) & set(other) for one, other in combinations(FRAGMENT_OPTIONS, 2)])
def test_no_option_is_told_by_two_fragments(names: set[str]) -> None:
    assert names == set()


@pytest.mark.parametrize(
    ("option", "variable"), [("ssh_port", "GPU_SSH_PORT"), ("caller_address_url", "GPU_CALLER_ADDRESS_URL")]
)
def test_environment_variables_are_documented(option: str, variable: str) -> None:
    assert ec2_gpu_run.ARGUMENT_SPEC[option]["fallback"][1] == [variable]
    assert f"E({variable})" in " ".join(documented(ec2_gpu_run)[option]["description"])
