# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ships, what lies in the live tree, and what the stage and the tarball hold."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tools import build, live_tree, stage
from tools.shipped import COLLECTIONS, NAME, ROOT, STAGE, ignored_patterns, is_shipped, shipped_files, top_level

GALAXY = (
    "build_ignore: ['.*', tests, tools]\nnamespace: gpgpu\nname: aws\nversion: 0.1.0\nreadme: README.md\nauthors: [a]\n"
)
FILES = {
    "galaxy.yml": GALAXY,
    "README.md": "read me\n",
    "plugins/modules/ec2_a.py": "a = 1\n",
    "tests/unit/test_a.py": "b = 1\n",
    "tools/a.py": "c = 1\n",
    ".gitignore": ".build\n",
}
SHIPPED = ["README.md", "galaxy.yml", "plugins/modules/ec2_a.py"]

PATHS = {
    "plugins/modules/ec2_gpu_run.py": True,
    "roles/gpu_launch/meta/argument_specs.yml": True,
    "playbooks/launch.yml": True,
    "playbooks/ansible.cfg": False,
    "ansible.cfg": False,
    "sandbox/server.py": False,
    "sandbox": False,
    "tests/config.yml": True,
    "tests/unit/test_a.py": False,
    ".build/stage/galaxy.yml": False,
    "plugins/modules/__pycache__/a.pyc": False,
}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "clone with spaces" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    root = tmp_path / "clone with spaces"
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    subprocess.run(["git", "add", "--all"], cwd=root, check=True)
    return root


@pytest.mark.parametrize(("path", "shipped"), PATHS.items())
def test_galaxy_file_tells_what_ships(path: str, shipped: bool) -> None:
    assert is_shipped(path, ignored_patterns(ROOT)) is shipped


def test_only_tracked_files_ship(clone: Path) -> None:
    (clone / "plugins/scratch.py").write_text("d = 1\n")
    assert shipped_files(clone) == SHIPPED


def test_live_tree_links_each_entry_that_ships(clone: Path) -> None:
    assert live_tree.lay_out(clone) == ["README.md", "galaxy.yml", "plugins"]
    tree = clone / COLLECTIONS / NAME
    assert {link.name: os.readlink(link) for link in tree.iterdir()} == {
        name: f"../../../../../{name}" for name in top_level(clone)
    }
    assert (tree / "plugins/modules/ec2_a.py").read_text() == "a = 1\n"


def test_live_tree_follows_the_clone(clone: Path) -> None:
    live_tree.lay_out(clone)
    (clone / "roles").mkdir()
    (clone / "README.md").unlink()
    assert live_tree.lay_out(clone) == ["README.md", "roles"]
    assert live_tree.lay_out(clone) == []


def test_live_tree_outlives_a_move(clone: Path) -> None:
    live_tree.lay_out(clone)
    moved = clone.rename(clone.parent / "elsewhere")
    assert (moved / COLLECTIONS / NAME / "galaxy.yml").read_text() == GALAXY


def test_stage_holds_files_not_links(clone: Path) -> None:
    (clone / STAGE / NAME).mkdir(parents=True)
    (clone / STAGE / NAME / "stale.py").touch()
    files = stage.copy(clone)
    staged = [path for path in (clone / STAGE / NAME).rglob("*") if path.is_file() and not path.is_symlink()]
    assert sorted(str(path.relative_to(clone / STAGE / NAME)) for path in staged) == files == SHIPPED
    assert stage.count_modules(clone, files) == 1


@pytest.mark.parametrize("lost", ["plugins/modules/ec2_a.py", "README.md"])
def test_stage_that_lost_a_file_is_refused(clone: Path, lost: str) -> None:
    files = stage.copy(clone)
    (clone / STAGE / NAME / lost).unlink()
    with pytest.raises(SystemExit, match="2 of 3 files"):
        stage.count_modules(clone, files)


def test_stage_without_modules_is_refused(clone: Path) -> None:
    (clone / "plugins/modules/ec2_a.py").unlink()
    with pytest.raises(SystemExit, match="0 modules"):
        stage.count_modules(clone, stage.copy(clone))


def test_tarball_holds_what_ships(clone: Path) -> None:
    stage.copy(clone)
    tarball = build.build(clone / STAGE / NAME, clone / "dist")
    manifests = {"MANIFEST.json", "FILES.json"}
    assert set(build.contents(tarball)) == (set(SHIPPED) - {"galaxy.yml"}) | manifests
