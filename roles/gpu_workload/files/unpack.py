# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unpack a workload's archive into a folder that either is complete or is not there.

Runs on the host: unpack.py ARCHIVE FOLDER.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def unpack(archive: Path, folder: Path) -> None:
    """Unpack beside and rename; a half-made folder of an interrupted call is thrown away first."""
    beside = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.unpack_archive(archive, beside, "gztar")
    beside.rename(folder)


if __name__ == "__main__":
    unpack(*(Path(path).expanduser() for path in sys.argv[1:]))
