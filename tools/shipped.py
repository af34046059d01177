# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which files of the clone belong to the collection: all that `build_ignore` in galaxy.yml does not name."""

from __future__ import annotations

import subprocess
from fnmatch import fnmatch
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
COLLECTIONS = Path(".build/collections/ansible_collections")
STAGE = Path(".build/stage/ansible_collections")
NAME = Path("gpgpu/aws")


def ignored_patterns(root: Path) -> tuple[str, ...]:
    """Return the glob patterns of `build_ignore`, as `ansible-galaxy collection build` reads them."""
    return tuple(yaml.safe_load((root / "galaxy.yml").read_text())["build_ignore"])


def is_shipped(path: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether a path, relative to the root, ships: neither it nor a folder above it matches a pattern."""
    steps = Path(path).parts
    prefixes = ["/".join(steps[: depth + 1]) for depth in range(len(steps))]
    return not any(fnmatch(prefix, pattern) for prefix in prefixes for pattern in patterns)


def top_level(root: Path) -> list[str]:
    """Return the names of the clone's top-level entries that ship, sorted."""
    patterns = ignored_patterns(root)
    return sorted(entry.name for entry in root.iterdir() if is_shipped(entry.name, patterns))


def tracked(root: Path) -> list[str]:
    """Return the tracked files that exist in the work tree, as paths relative to the root, sorted.

    A clone owned by somebody else (make run as root) is as good as one's own: only its file list is read.
    """
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listing = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return sorted(path for path in listing.split("\0") if path and (root / path).is_file())


def shipped_files(root: Path) -> list[str]:
    """Return the tracked files that ship, as paths relative to the root, sorted."""
    patterns = ignored_patterns(root)
    return [path for path in tracked(root) if is_shipped(path, patterns)]
