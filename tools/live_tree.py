# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lay out the clone as an installed collection, so that Ansible finds `gpgpu.aws` by name and edits show at once.

One relative link per top-level entry: a link to the clone itself would hold .build, and so itself, without end.
"""

from __future__ import annotations

import os
from pathlib import Path

from tools.shipped import COLLECTIONS, NAME, ROOT, top_level


def lay_out(root: Path) -> list[str]:
    """Make the tree's links agree with the clone; return the names of the links that changed."""
    tree = root / COLLECTIONS / NAME
    tree.mkdir(parents=True, exist_ok=True)
    wanted = {name: os.path.relpath(root / name, tree) for name in top_level(root)}
    present = {link.name: os.readlink(link) if link.is_symlink() else "" for link in tree.iterdir()}
    changed = [name for name in {**present, **wanted} if present.get(name) != wanted.get(name)]
    for name in changed:
        (tree / name).unlink(missing_ok=True)
        if name in wanted:
            (tree / name).symlink_to(wanted[name])
    return sorted(changed)


if __name__ == "__main__":
    lay_out(ROOT)
