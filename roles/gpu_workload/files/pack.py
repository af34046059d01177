# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pack a workload folder into one archive named by its content, so that an unchanged folder is never sent twice.

Runs on the controller: pack.py FOLDER RESULTS CACHE. Prints JSON: digest, path of the archive, number of files.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

CACHES = {"__pycache__", ".git", ".venv", "venv"}


def files(folder: Path, results: str) -> Iterator[Path]:
    """Yield the folder's files, sorted, without its results, virtual environments, caches and hidden folders."""
    for root, folders, names in os.walk(folder):
        here = Path(root).relative_to(folder)
        folders[:] = sorted(name for name in folders if name not in CACHES and str(here / name) != results)
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (here / name for name in sorted(names))


def pack(folder: Path, results: str, cache: Path) -> dict[str, object]:
    """Write the archive into `cache` unless it is there; the same content gives the same bytes everywhere."""
    paths = list(files(folder, results))
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in paths:
            archive.add(folder / path, arcname=path.as_posix(), recursive=False, filter=_anonymous)
    digest = hashlib.sha256(content.getvalue()).hexdigest()[:16]
    target = cache / f"{digest}.tar.gz"
    if not target.exists():
        _write(target, gzip.compress(content.getvalue(), mtime=0))
    return {"digest": digest, "path": str(target), "files": len(paths)}


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Keep of a file what matters to a computation: its name, its bytes, and whether it can be run."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime = 0
    member.mode = 0o755 if member.mode & 0o100 else 0o644
    return member


def _write(target: Path, content: bytes) -> None:
    """Write beside and rename: whoever reads the archive sees all of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.rename(target)


if __name__ == "__main__":
    _folder, _results, _cache = sys.argv[1:]
    sys.stdout.write(json.dumps(pack(Path(_folder), _results, Path(_cache).expanduser())))
