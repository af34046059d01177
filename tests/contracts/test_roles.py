# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles' variables agree in defaults, argument specs and README; a role in which they do not is found out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.contracts import roles
from tools.shipped import ROOT

ROLES = sorted((ROOT / "roles").iterdir())

SAMPLE = {
    "defaults/main.yml": """\
rent_region: "{{ region | default('us-west-2') }}"
rent_count: 1
rent_owner: "{{ lookup('env', 'USER') }}"
# rent_zone: us-west-2a
""",
    "meta/argument_specs.yml": """\
argument_specs:
  main:
    options:
      rent_region: {type: str, default: us-west-2}
      rent_count: {type: int, default: 1}
      rent_owner: {type: str}
      rent_zone: {type: str}
      rent_types: {type: list, elements: str, required: true}
""",
    "README.md": """\
| Name | Type | Default | Meaning |
|---|---|---|---|
| `rent_region` | str | `region`, else `us-west-2` | where |
| `rent_count` | int | `1` | how many |
| `rent_owner` | str | your name | who |
| `rent_zone` | str | any | where exactly |
| `rent_types` | list of str | required | what |
""",
}

BREAKS = {
    "default unknown to the specs": ("defaults/main.yml", "rent_count:", "rent_number:", "rent_number: has a default"),
    "other value": ("defaults/main.yml", "rent_count: 1", "rent_count: 2", "rent_count: 2 in defaults/main.yml"),
    "other rendered value": ("defaults/main.yml", "us-west-2'", "us-east-1'", "rent_region: "),
    "no template's value": ("meta/argument_specs.yml", "owner: {type: str", "owner: {default: me", "rent_owner: "),
    "optional and nowhere": ("defaults/main.yml", "# rent_zone", "# zone", "rent_zone: optional"),
    "default missing": ("defaults/main.yml", "rent_count: 1", "", "rent_count: argument_specs has a default"),
    "specs without the default": ("meta/argument_specs.yml", "int, default: 1", "int", "rent_count: 1 in defaults"),
    "no row": ("README.md", "| `rent_zone`", "| rent_zone", "rent_zone: only in argument_specs"),
    "row of no option": ("README.md", "`rent_zone`", "`rent_place`", "rent_place: only in README.md"),
    "other type": ("README.md", "| list of str", "| list", "rent_types: type list in README.md"),
    "other default in README": ("README.md", "`1`", "`2`", "rent_count: README.md says `2`"),
    "required, but not said": ("README.md", "required", "none", "rent_types: required"),
}  # fmt: skip


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    for name, text in SAMPLE.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_role_agrees_with_itself(role: Path) -> None:
    assert roles.problems(role) == []


def test_sample_agrees_with_itself(sample: Path) -> None:
    assert roles.problems(sample) == []


@pytest.mark.parametrize(("name", "old", "new", "sentence"), BREAKS.values(), ids=BREAKS.keys())
def test_disagreement_is_found(sample: Path, name: str, old: str, new: str, sentence: str) -> None:
    path = sample / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    assert [problem for problem in roles.problems(sample) if problem.startswith(sentence)]
