# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`ansible-test sanity` sees the staged modules: one that is broken makes it fail."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools import sanity, stage
from tools.shipped import COLLECTIONS, NAME, ROOT, STAGE, tracked

# Its own, for the sanity check may run at the same time; kept, since making it takes ten seconds.
HOME = ROOT / ".build/sanity-of-tests"
MODULE = "plugins/modules/nvidia_gpu_info.py"


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    """Stage one module and what it needs, in a tree of its own."""
    tree = tmp_path / STAGE / NAME
    for path in tracked(ROOT):
        if path.startswith(("plugins/module_utils/", "meta/")) or path in (MODULE, "galaxy.yml", "tests/config.yml"):
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, tree / path)
    (tmp_path / COLLECTIONS / "amazon").parent.mkdir(parents=True)
    (tmp_path / COLLECTIONS / "amazon").symlink_to(ROOT / COLLECTIONS / "amazon")
    stage.link_dependencies(tmp_path)
    return tree


def validate(tree: Path) -> tuple[int, str]:
    stage.make_repository(tree)
    done = sanity.run(HOME, tree, ["--test", "validate-modules"])
    return done.returncode, done.stdout


def test_sound_module_passes(staged: Path) -> None:
    assert validate(staged)[0] == 0


def test_module_without_documentation_fails(staged: Path) -> None:
    module = staged / MODULE
    module.write_text(module.read_text().replace("\nDOCUMENTATION = ", "\nUNREAD = "))
    status, output = validate(staged)
    assert status != 0
    assert f"{MODULE}:0:0: missing-documentation" in output
