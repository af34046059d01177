# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No tracked file holds a forbidden word; a file that does is found."""

from __future__ import annotations

import pytest

from tools.contracts import words
from tools.shipped import ROOT, tracked

FORBIDDEN = {
    "set_fact": ("roles/a/tasks/main.yml", "  ansible.builtin.set_fact:"),
    "ignore_errors": ("roles/a/tasks/main.yml", "  ignore_errors: true"),
    "pause": ("roles/a/tasks/main.yml", "  ansible.builtin.pause:"),
    "short pause": ("roles/a/tasks/main.yml", "  pause:"),
    "with_items": ("roles/a/tasks/main.yml", "  with_items: []"),
    "whole world": ("roles/a/defaults/main.yml", "a_source: 0.0.0.0/0"),
    "whole IPv6 world": ("plugins/modules/a.py", 'CIDR = "::/0"'),
    "logic in a playbook": ("playbooks/a.yml", "    - ansible.builtin.set_fact:"),
    "linter silenced": ("sandbox/a.py", "import os  # noqa: F401"),
    "type checker silenced": ("sandbox/a.py", "a = b  # type: ignore[misc]"),
    "ansible-lint silenced": ("roles/a/tasks/main.yml", "- command: a # noqa: no-changed-when"),
    "left undone": ("tools/a.py", "# TODO: finish"),
    "sleeping test": ("tests/unit/test_a.py", "    time.sleep(1)"),
    "skipped test": ("tests/unit/test_a.py", '@pytest.mark.skip("later")'),
}

ALLOWED = {
    "pause of an instance type": ("roles/a/tasks/main.yml", "- name: Do not pause"),
    "loop": ("roles/a/tasks/main.yml", "  loop: []"),
    "argument of a function": ("roles/a/files/a.py", "    shutil.rmtree(folder, ignore_errors=True)"),
    "sleep of a program": ("sandbox/a.py", "    time.sleep(1)"),
    "prose": ("README.md", "ignore_errors is not used # noqa"),
}


def test_tracked_files_hold_no_forbidden_word() -> None:
    texts = {path: (ROOT / path).read_text(errors="replace") for path in tracked(ROOT)}
    assert [problem for path, text in texts.items() for problem in words.problems(path, text)] == []


@pytest.mark.parametrize(("path", "line"), FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_forbidden_word_is_found(path: str, line: str) -> None:
    assert words.problems(path, f"{line}\n")


@pytest.mark.parametrize(("path", "line"), ALLOWED.values(), ids=ALLOWED.keys())
def test_other_words_pass(path: str, line: str) -> None:
    assert words.problems(path, f"{line}\n") == []
