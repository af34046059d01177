# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep a folder at home equal to a host's manifest.

Runs on the controller, with the manifest on its input:
receive.py missing DESTINATION           prints the paths, as the host knows them, of the files to fetch
receive.py unpack DESTINATION ARCHIVE    puts the archive's files in place, each compared with its SHA-256 first,
                                         and writes SHA256SUMS, which names the files of the last run
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tarfile
from pathlib import Path, PurePosixPath
from typing import Any

Manifest = dict[str, Any]


class HarvestError(Exception):
    """What came is not what the host promised."""


def missing(manifest: Manifest, destination: Path) -> list[str]:
    """Return the host's paths of the files that are not at home with the same content."""
    return [entry["path"] for entry in manifest["files"] if not _same(_place(destination, entry), entry)]


def unpack(manifest: Manifest, destination: Path, archive: Path) -> int:
    """Put the archive's files in place; returns how many.

    Only names that the manifest knows are written, and only beneath the destination: a rented machine is not trusted.

    Raises:
        HarvestError: a file has another content than the manifest says, and nobody was writing to it.
    """
    wanted = {entry["path"]: entry for entry in manifest["files"]}
    beside = destination / ".harvest.part"
    count = 0
    with tarfile.open(archive) as members:
        for member in members:
            source = members.extractfile(member) if member.name in wanted else None
            if source is None:
                raise HarvestError(f"Failed to unpack {member.name}: the host's manifest has no such file.")
            entry = wanted[member.name]
            with beside.open("wb") as target:
                shutil.copyfileobj(source, target)
            if entry["settled"] and not _same(beside, entry):
                raise HarvestError(f"Failed to verify {entry['name']}: its SHA-256 differs. Harvest again.")
            place = _place(destination, entry)
            place.parent.mkdir(parents=True, exist_ok=True)
            beside.replace(place)
            count += 1
    archive.unlink()
    lines = (f"{entry['sha256']}  {entry['name']}\n" for entry in manifest["files"])
    (destination / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    return count


def _place(destination: Path, entry: dict[str, Any]) -> Path:
    """Return where a file belongs at home.

    Raises:
        HarvestError: the host named a place outside the destination.
    """
    name = PurePosixPath(entry["name"])
    if name.is_absolute() or ".." in name.parts:
        raise HarvestError(f"Failed to place {name}: it lies outside the destination.")
    return destination / name


def _same(path: Path, entry: dict[str, Any]) -> bool:
    if not path.is_file() or path.stat().st_size != entry["bytes"]:
        return False
    with path.open("rb") as content:
        total = hashlib.sha256()
        for part in iter(lambda: content.read(1 << 20), b""):
            total.update(part)
    return bool(total.hexdigest() == entry["sha256"])


def main(arguments: list[str]) -> str:
    """Do what the head of this file says; returns what to print."""
    verb, destination, *rest = arguments
    manifest = json.load(sys.stdin)
    if verb == "missing":
        return json.dumps(missing(manifest, Path(destination)))
    return json.dumps(unpack(manifest, Path(destination), Path(rest[0])))


if __name__ == "__main__":
    try:
        sys.stdout.write(main(sys.argv[1:]))
    except HarvestError as error:
        sys.exit(str(error))
