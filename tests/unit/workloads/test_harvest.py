# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes home from a host, and what is refused."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

STATUS = {"name": "sample", "state": "ended", "exit_status": 0, "results": "results"}
NAMES = ["sample/workload.json", "sample/workload.log", "sample/a.txt", "sample/deep/b.txt"]


@pytest.fixture
def host(tmp_path: Path) -> Path:
    folder = tmp_path / "host/sample/0123"
    (folder / "results/deep").mkdir(parents=True)
    (folder / "results/a.txt").write_text("a")
    (folder / "results/deep/b.txt").write_text("b")
    (folder / "results/link").symlink_to("/etc/passwd")
    (tmp_path / "host/sample/workload.log").write_text("log")
    (tmp_path / "host/sample/workload.json").write_text(json.dumps({**STATUS, "folder": str(folder)}))
    return tmp_path / "host"


def bundle(host: Path, paths: list[str]) -> Path:
    archive = host / "harvest.tar.gz"
    with tarfile.open(archive, "w:gz") as content:
        for path in paths:
            content.add(host / path, arcname=path)
    return archive


def test_everything_comes_home_once(manifest: ModuleType, receive: ModuleType, host: Path, tmp_path: Path) -> None:
    listing, home = manifest.manifest(host), tmp_path / "home"
    home.mkdir()
    assert [entry["name"] for entry in listing["files"]] == NAMES
    assert receive.unpack(listing, home, bundle(host, receive.missing(listing, home))) == len(NAMES)
    assert (home / "sample/deep/b.txt").read_text() == "b"
    assert receive.missing(listing, home) == []


def test_only_what_differs_is_missing(manifest: ModuleType, receive: ModuleType, host: Path, tmp_path: Path) -> None:
    listing, home = manifest.manifest(host), tmp_path / "home"
    home.mkdir()
    receive.unpack(listing, home, bundle(host, receive.missing(listing, home)))
    (home / "sample/a.txt").write_text("x")
    assert receive.missing(listing, home) == ["sample/0123/results/a.txt"]


def test_sums_are_those_of_sha256sum(manifest: ModuleType, receive: ModuleType, host: Path, tmp_path: Path) -> None:
    receive.unpack(manifest.manifest(host), tmp_path, bundle(host, []))
    lines = (tmp_path / "SHA256SUMS").read_text().splitlines()
    assert lines[2] == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  sample/a.txt"


def test_nothing_ran(manifest: ModuleType, tmp_path: Path) -> None:
    assert manifest.manifest(tmp_path)["files"] == []


REFUSED = {
    "other content": ({"sha256": "0" * 64}, "SHA-256 differs"),
    "absolute name": ({"name": "/etc/passwd"}, "outside the destination"),
    "name that climbs": ({"name": "sample/../../a"}, "outside the destination"),
    "unknown file": ({"path": "sample/other"}, "no such file"),
}


@pytest.mark.parametrize(("change", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(
    manifest: ModuleType, receive: ModuleType, host: Path, tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    listing = manifest.manifest(host)
    archive = bundle(host, ["sample/0123/results/a.txt"])
    entry = next(entry for entry in listing["files"] if entry["name"] == "sample/a.txt")
    entry.update(change)
    with pytest.raises(receive.HarvestError, match=words):
        receive.unpack(listing, tmp_path / "host", archive)


def test_file_that_still_grows_is_taken(manifest: ModuleType, receive: ModuleType, host: Path, tmp_path: Path) -> None:
    status = host / "sample/workload.json"
    status.write_text(status.read_text().replace("ended", "running"))
    listing = manifest.manifest(host)
    (host / "sample/workload.log").write_text("log, and more")
    assert receive.unpack(listing, tmp_path, bundle(host, ["sample/workload.log"])) == 1
    assert (tmp_path / "sample/workload.log").read_text() == "log, and more"
