# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that a module documents are those that it takes."""

from __future__ import annotations

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
FIELDS = ("type", "elements", "default", "choices", "required")


def documented(module: ModuleType) -> dict[str, Any]:
    """The options of a module's documentation and of our own fragments in it."""
    text = yaml.safe_load(module.DOCUMENTATION)
    parts = [
        text,
        *(yaml.safe_load(FRAGMENTS[name]) for name in text["extends_documentation_fragment"] if name in FRAGMENTS),
    ]
    return {name: option for part in parts for name, option in part.get("options", {}).items()}


def cut(options: dict[str, Any]) -> dict[str, Any]:
    """What documentation and code must both say of each option, and of the options inside it."""
    return {
        name: {
            **{field: row[field] for field in FIELDS if field in row},
            "inside": cut(row.get("suboptions") or row.get("options") or {}),
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


@pytest.mark.parametrize(
    ("option", "variable"), [("ssh_port", "GPU_SSH_PORT"), ("caller_address_url", "GPU_CALLER_ADDRESS_URL")]
)
def test_environment_variables_are_documented(option: str, variable: str) -> None:
    assert ec2_gpu_run.ARGUMENT_SPEC[option]["fallback"][1] == [variable]
    assert f"E({variable})" in " ".join(documented(ec2_gpu_run)[option]["description"])
