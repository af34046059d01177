# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List what the workloads of a host left: results, log and status, each with size and SHA-256.

Runs on the host: manifest.py DIRECTORY. Prints JSON: `directory` (absolute), `workloads` (name, state, exit_status) and
`files`: `path` beneath the directory, `name` at home, `bytes`, `sha256`, and `settled`, false while it may yet change.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OWN = ("workload.json", "workload.log")


def manifest(directory: Path) -> dict[str, Any]:
    """Return the manifest of every workload beneath the directory, sorted; none where nothing ever ran."""
    workloads, entries = [], []
    for path in sorted(directory.glob("*/workload.json")):
        status = json.loads(path.read_text(encoding="utf-8"))
        workloads.append({key: status[key] for key in ("name", "state", "exit_status")})
        entries += [entry(directory, file, name, status) for file, name in files(path.parent, status)]
    return {"directory": str(directory), "workloads": workloads, "files": entries}


def files(home: Path, status: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield each regular file of one workload, and its name beneath the workload's folder at home.

    Links are left out: what they point to is either here already or none of the results.
    """
    for name in OWN:
        if (home / name).is_file():
            yield home / name, name
    results = Path(status["folder"]).expanduser() / status["results"]
    for root, folders, names in os.walk(results):
        folders.sort()
        for name in sorted(names):
            file = Path(root) / name
            if file.is_file() and not file.is_symlink():
                yield file, file.relative_to(results).as_posix()


def entry(directory: Path, file: Path, name: str, status: dict[str, Any]) -> dict[str, Any]:
    """Return one file's line of the manifest."""
    return {
        "path": file.relative_to(directory).as_posix(),
        "name": f"{status['name']}/{name}",
        "bytes": file.stat().st_size,
        "sha256": digest(file),
        "settled": status["state"] == "ended",
    }


def digest(file: Path) -> str:
    """Return a file's SHA-256 in hexadecimal digits, reading it in parts."""
    total = hashlib.sha256()
    with file.open("rb") as content:
        for part in iter(lambda: content.read(1 << 20), b""):
            total.update(part)
    return total.hexdigest()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(manifest(Path(sys.argv[1]).expanduser().resolve())))
