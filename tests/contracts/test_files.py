# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every tracked file keeps the limits of size, the forbidden words and the header; a file that does not is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tools.contracts import headers, sizes
from tools.shipped import ROOT, tracked

LONG_FUNCTION = "def long():\n" + "    pass\n" * 40
TASK = "- name: Do\n  ansible.builtin.debug:\n"
BLOCK = "- name: Try\n  block:\n" + "".join("  " + line + "\n" for line in (TASK * 12).splitlines())

TOO_LARGE = {
    "playbook": ("playbooks/a.yml", "a: 1\n" * 41, "41 lines, 40 allowed"),
    "tasks file": ("roles/a/tasks/main.yml", "- a: 1\n" * 61, "61 lines, 60 allowed"),
    "module": ("plugins/modules/a.py", "A = 1\n" * 151, "151 lines, 150 allowed"),
    "utility": ("plugins/module_utils/_a/b.py", "A = 1\n" * 251, "251 lines, 250 allowed"),
    "function": ("sandbox/a.py", LONG_FUNCTION, "long has 41 lines, 40 allowed"),
    "method": (
        "tools/a.py",
        "class A:\n    async " + LONG_FUNCTION.replace("\n", "\n    ").strip(),
        "long has 41 lines",
    ),
    "list of tasks": ("roles/a/tasks/b.yml", TASK * 13, "13 tasks, 12 allowed"),
    "tasks in blocks": ("roles/a/tasks/c.yml", BLOCK + TASK, "13 tasks, 12 allowed"),
}

LARGE_ENOUGH = {
    "comments and blank lines": ("playbooks/a.yml", "a: 1\n\n# why\n" * 40),
    "module with documentation": ("plugins/modules/a.py", "A = 1\n" * 150 + 'RETURN = r"""\n' + "a\n" * 99 + '"""\n'),
    "longest function": ("sandbox/a.py", LONG_FUNCTION.removesuffix("    pass\n")),
    "block of twelve": ("roles/a/tasks/c.yml", BLOCK),
    "another kind of file": ("docs/a.rst", "a\n" * 999),
}

HEADLESS = {
    "Python": ("tools/a.py", "import os\n"),
    "Python behind a shebang": ("plugins/modules/a.py", "#!/usr/bin/python\nimport os\n"),
    "YAML without its start": ("galaxy.yml", "\n".join(headers.YAML[:2]) + "\na: 1\n"),
    "TOML": ("pyproject.toml", "[tool]\n"),
}

HEADED = {
    "Python": ("tools/a.py", "\n".join(headers.PYTHON) + "\nimport os\n"),
    "Python behind a shebang": ("plugins/modules/a.py", "#!/usr/bin/python\n" + "\n".join(headers.PYTHON)),
    "empty": ("tests/__init__.py", ""),
    "another kind of file": ("README.md", "# Title\n"),
}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {path: (ROOT / path).read_text(errors="replace") for path in tracked(ROOT)}


@pytest.mark.parametrize("rule", [sizes.problems, headers.problems], ids=["sizes", "headers"])
def test_tracked_files_keep(texts: dict[str, str], rule: Callable[[str, str], list[str]]) -> None:
    assert [problem for path, text in texts.items() for problem in rule(path, text)] == []


@pytest.mark.parametrize(("path", "text", "sentence"), TOO_LARGE.values(), ids=TOO_LARGE.keys())
def test_too_large_is_found(path: str, text: str, sentence: str) -> None:
    assert any(problem.startswith(f"{path}: {sentence}") for problem in sizes.problems(path, text))


@pytest.mark.parametrize(("path", "text"), LARGE_ENOUGH.values(), ids=LARGE_ENOUGH.keys())
def test_within_limits_passes(path: str, text: str) -> None:
    assert sizes.problems(path, text) == []


@pytest.mark.parametrize(("path", "text"), HEADLESS.values(), ids=HEADLESS.keys())
def test_missing_header_is_found(path: str, text: str) -> None:
    assert headers.problems(path, text)


@pytest.mark.parametrize(("path", "text"), HEADED.values(), ids=HEADED.keys())
def test_header_passes(path: str, text: str) -> None:
    assert headers.problems(path, text) == []
