# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copy the tracked files of the collection into .build/stage, for `ansible-test` and `ansible-galaxy`.

`ansible-test` follows no links: on the live tree it would look at nothing and pass. So the copies are counted.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tools.shipped import COLLECTIONS, NAME, ROOT, STAGE, shipped_files


def copy(root: Path) -> list[str]:
    """Replace the stage by the collection as it is in the work tree; return the paths copied."""
    stage = root / STAGE / NAME
    shutil.rmtree(stage, ignore_errors=True)
    files = shipped_files(root)
    for path in files:
        (stage / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / path, stage / path)
    return files


def link_dependencies(root: Path) -> None:
    """Put the collections that this one imports beside the copy: `ansible-test` reads them, and tests them not."""
    link = root / STAGE / "amazon"
    if not link.is_symlink():
        link.symlink_to(root / COLLECTIONS / "amazon", target_is_directory=True)


def make_repository(stage: Path) -> None:
    """Track the copies: inside another repository's ignored folder, `ansible-test` would find none of them."""
    subprocess.run(["git", "init", "--quiet"], cwd=stage, check=True)
    subprocess.run(["git", "add", "--all"], cwd=stage, check=True)


def count_modules(root: Path, files: list[str]) -> int:
    """Return how many modules are staged.

    Raises:
        SystemExit: there are none, or not as many files as were to be copied.
    """
    modules = [path for path in files if path.startswith("plugins/modules/") and path.endswith(".py")]
    staged = sum(1 for path in files if (root / STAGE / NAME / path).is_file())
    if not modules or staged != len(files):
        sys.exit(f"The stage is not the collection: {staged} of {len(files)} files, {len(modules)} modules.")
    return len(modules)


def main() -> None:
    """Stage the collection and say how much of it there is."""
    files = copy(ROOT)
    link_dependencies(ROOT)
    make_repository(ROOT / STAGE / NAME)
    print(f"Staged {len(files)} files, {count_modules(ROOT, files)} modules, in {STAGE / NAME}")


if __name__ == "__main__":
    main()
