# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hosts of a machine share: nothing secret, made once, removed when old and unused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sandbox.hosts import image


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    source = tmp_path / "etc"
    for name, mode in (("hosts", 0o644), ("shadow", 0o640), ("ssh/key", 0o600), ("ssh/key.pub", 0o644)):
        path = source / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(name)
        path.chmod(mode)
    (source / "private").mkdir(mode=0o700)
    (source / "private/token").write_text("secret")
    (source / "link").symlink_to("hosts")
    image.copy_settings(source, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("hosts", True),
        ("link", True),
        ("ssh/key.pub", True),
        ("ssh/key", False),
        ("shadow", False),
        ("private", False),
    ],
)
def test_only_what_anyone_may_read_is_copied(settings: Path, name: str, copied: bool) -> None:
    assert os.path.lexists(settings / name) == copied


def test_folders_are_copied_without_files(tmp_path: Path) -> None:
    (tmp_path / "var/lib/deep/deeper").mkdir(parents=True)
    (tmp_path / "var/lib/file").touch()
    image.copy_folders(tmp_path / "var", tmp_path / "copy", 2)
    copied = sorted(str(path.relative_to(tmp_path / "copy")) for path in (tmp_path / "copy").rglob("*"))
    assert copied == ["lib", "lib/deep"]


def test_an_image_is_made_once_and_old_ones_go(tmp_path: Path) -> None:
    old, young = tmp_path / "old", tmp_path / "young"
    for folder in (old, young):
        folder.mkdir()
    os.utime(old, (0, 0))
    made = image.shared_image(tmp_path)
    assert image.shared_image(tmp_path) == made
    assert {path.name for path in tmp_path.iterdir()} == {"young", made.name}
