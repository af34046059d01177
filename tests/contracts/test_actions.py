# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action group and the modules that talk to AWS are the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tools.contracts import actions
from tools.shipped import ROOT

CASES = {
    "same": (["ec2_a", "ec2_b"], ["ec2_a", "ec2_b", "nvidia_c"], []),
    "module outside the group": (["ec2_a"], ["ec2_a", "ec2_b"], ["ec2_b: not in the action group aws"]),
    "name of no module": (["ec2_a", "ec2_b"], ["ec2_a"], ["ec2_b: in the action group aws, but no module"]),
}


def test_group_holds_every_module() -> None:
    assert actions.problems(ROOT) == []


@pytest.mark.parametrize(("group", "modules", "expected"), CASES.values(), ids=CASES.keys())
def test_difference_is_found(tmp_path: Path, group: list[str], modules: list[str], expected: list[str]) -> None:
    (tmp_path / "meta").mkdir()
    (tmp_path / "meta/runtime.yml").write_text(yaml.safe_dump({"action_groups": {"aws": group}}))
    (tmp_path / "plugins/modules").mkdir(parents=True)
    for name in modules:
        (tmp_path / f"plugins/modules/{name}.py").touch()
    assert actions.problems(tmp_path) == expected
