# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A launch refuses collection variables that no role reads, so it must know all that are read."""

from __future__ import annotations

import re

import pytest
import yaml

from tools.shipped import ROOT

KNOWN = yaml.safe_load((ROOT / "roles/gpu_launch/vars/main.yml").read_text())
ROLES = "|".join(path.name.removeprefix("gpu_") for path in (ROOT / "roles").iterdir())


def read_in_defaults() -> set[str]:
    """The collection variables that the defaults of all roles read."""
    texts = [path.read_text() for path in (ROOT / "roles").glob("*/defaults/main.yml")]
    templates = [template for text in texts for template in re.findall(r"{{.*?}}", text, re.DOTALL)]
    names = {name for template in templates for name in re.findall(r"(?<![\w.])gpu_\w+", template)}
    return {name for name in names if not re.match(rf"gpu_({ROLES})_", name)}


def test_what_is_read_is_known_and_what_is_known_is_read() -> None:
    assert sorted(KNOWN["__gpu_launch_known"]) == sorted(read_in_defaults())


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("gpu_launch_count", True),
        ("gpu_workload_device", True),
        ("gpu_instance_type", True),
        ("gpu_budjet_usd", False),
        ("gpu_instance_typ", False),
        ("gpu_instance_type_", False),
    ],
)
def test_variables_of_roles_and_machines_pass(name: str, own: bool) -> None:
    assert bool(re.match(KNOWN["__gpu_launch_own"], name)) is own
