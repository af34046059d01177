# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the collection's tarball from the staged copy into .build/dist, and list what is in it."""

from __future__ import annotations

import subprocess
import tarfile
from pathlib import Path

from tools.shipped import NAME, ROOT, STAGE

DIST = Path(".build/dist")


def build(stage: Path, dist: Path) -> Path:
    """Build the tarball of a staged collection; return its path."""
    command = ["ansible-galaxy", "collection", "build", "--force", "--output-path", str(dist), str(stage)]
    subprocess.run(command, check=True, capture_output=True)
    return max(dist.glob("gpgpu-aws-*.tar.gz"), key=lambda path: path.stat().st_mtime)


def contents(tarball: Path) -> list[str]:
    """Return the paths of the files in a tarball, sorted."""
    with tarfile.open(tarball) as archive:
        return sorted(member.name for member in archive if member.isfile())


def main() -> None:
    """Build, list and name the tarball."""
    tarball = build(ROOT / STAGE / NAME, ROOT / DIST)
    files = contents(tarball)
    print(*files, f"{tarball.relative_to(ROOT)}: {len(files)} files", sep="\n")


if __name__ == "__main__":
    main()
