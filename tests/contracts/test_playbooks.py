# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every playbook is found in each of the three ways that the README shows."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools.shipped import ROOT

NAMES = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))
WAYS = {
    "by path": (ROOT, "playbooks/{}.yml"),
    "from inside playbooks": (ROOT / "playbooks", "{}.yml"),
    "by name": (ROOT, "gpgpu.aws.{}"),
}


def check_syntax(folder: Path, playbooks: list[str]) -> str:
    command = ["ansible-playbook", "--syntax-check", *playbooks]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return done.stderr if done.returncode else ""


@pytest.mark.parametrize(("folder", "form"), WAYS.values(), ids=WAYS.keys())
def test_playbooks_are_found(folder: Path, form: str) -> None:
    assert check_syntax(folder, [form.format(name) for name in NAMES]) == ""


@pytest.mark.parametrize(("folder", "form"), WAYS.values(), ids=WAYS.keys())
def test_missing_playbook_is_not_found(folder: Path, form: str) -> None:
    assert "could not be found" in check_syntax(folder, [form.format("rent")])


@pytest.mark.parametrize("name", NAMES)
def test_name_can_be_addressed(name: str) -> None:
    """A playbook with a dash in its name cannot be run by name."""
    assert name.isidentifier()
