# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page about images tells the families, users and driver branches that the code has."""

from __future__ import annotations

import re

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._driver.facts import BRANCHES, GPUS_OF_EC2
from ansible_collections.gpgpu.aws.plugins.module_utils._image.family import FAMILIES

from tools.shipped import ROOT

PAGE = (ROOT / "docs/images.md").read_text()
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]
WORD = re.compile(r"`([^`]+)`")


def families() -> dict[str, dict[str, str]]:
    """Family to its systems and their login users, as the page has them; a row without a family goes on with it."""
    found: dict[str, dict[str, str]] = {}
    for row in (row for row in ROWS if len(row) == 6 and (row[0] == "" or WORD.fullmatch(row[0]))):
        family = row[0].strip("`") or list(found)[-1]
        systems = [word for word in WORD.findall(row[1]) if not word.startswith("-")]
        user = next(iter(WORD.findall(row[2])), "")
        found.setdefault(family, {}).update(dict.fromkeys(systems, user))
    return {family: systems for family, systems in found.items() if family != "gpu_image"}


def test_every_family_is_on_the_page() -> None:
    assert set(families()) == set(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_systems_and_users(family: str) -> None:
    told = families()[family]
    if told == {"deep-learning": ""}:
        told = families()["deep-learning"]
    suffixes = ("", "-japanese") if family == "windows" else ("",)
    known = {system: source.user for system, source in FAMILIES[family].items()}
    assert {f"{system}{suffix}": user for suffix in suffixes for system, user in told.items()} == known


def test_every_instance_family_is_on_the_page() -> None:
    told = {word for row in ROWS for word in re.findall(r"[a-z0-9-]+", row[1])}
    assert {family for gpu in GPUS_OF_EC2 for family in gpu.families} - told == {"cg1", "g3s"}


def test_branches() -> None:
    told = {row[0]: (row[2], row[3].split()[0]) for row in ROWS if len(row) == 4 and row[0].isdigit()}
    known = {str(row.number): (row.support_end, row.cuda) for row in BRANCHES}
    assert told == {number: known[number] for number in told}
    assert {number for number in known if int(number) >= 570} <= set(told)
