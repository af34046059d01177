# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Install the collection amazon.aws from the `ansible` package of a Python index, and nothing else of it.

pip checks the download against the hash in requirements/collections.txt. Galaxy is not needed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tools.shipped import COLLECTIONS, ROOT

LOCK = Path("requirements/collections.txt")
MEMBER = "ansible_collections/amazon/aws/"
PIP_OPTIONS = (
    "--quiet",
    "--disable-pip-version-check",
    "--no-deps",
    "--require-hashes",
    "--only-binary=:all:",
    "--python-version=3.12",  # the package asks for a newer Python than the collection inside it does
)


def download(lock: Path, folder: Path) -> Path:
    """Fetch the pinned wheel into a folder; return its path."""
    command = [sys.executable, "-m", "pip", "download", *PIP_OPTIONS, "--dest", str(folder), "--requirement", str(lock)]
    subprocess.run(command, check=True)
    return next(folder.glob("ansible-*.whl"))


def extract(wheel: Path, collections: Path) -> int:
    """Replace amazon/aws in a folder `ansible_collections` by the wheel's; return how many files it has."""
    shutil.rmtree(collections / "amazon" / "aws", ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        members = [name for name in archive.namelist() if name.startswith(MEMBER)]
        archive.extractall(collections.parent, members)
    (collections / "amazon" / "aws" / "MANIFEST.json").touch()
    return len(members)


def main() -> None:
    """Download, extract and forget the wheel."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = download(ROOT / LOCK, Path(folder))
        extract(wheel, ROOT / COLLECTIONS)


if __name__ == "__main__":
    main()
