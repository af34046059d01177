# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The locked requirements pin and hash everything, and name no index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.shipped import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
BOTH = ("requirements/demo.txt", "requirements/test.txt")
PIN = re.compile(r"^([\w.-]+)==\S+( ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_line_is_a_pin_or_a_hash(lock: Path) -> None:
    lines = [line for line in lock.read_text().splitlines() if not line.strip().startswith("#")]
    assert [line for line in lines if not PIN.match(line) and not HASH.match(line)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_wanted_package_is_pinned(lock: Path) -> None:
    wanted = re.findall(r"^([A-Za-z][\w.-]*)", lock.with_suffix(".in").read_text(), re.MULTILINE)
    pinned = re.findall(r"^([\w.-]+)==", lock.read_text(), re.MULTILINE)
    assert {name.lower() for name in wanted} <= set(pinned)


def test_demo_and_tests_agree_on_versions() -> None:
    demo, test = (re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE) for name in BOTH)
    assert set(demo) <= set(test)
