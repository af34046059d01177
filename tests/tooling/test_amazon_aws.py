# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Of the `ansible` package only amazon.aws is kept, and the old one goes."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tools import amazon_aws

MEMBERS = (
    "ansible_collections/amazon/aws/MANIFEST.json",
    "ansible_collections/amazon/aws/plugins/module_utils/ec2.py",
    "ansible_collections/community/aws/MANIFEST.json",
    "ansible-14.5.0.dist-info/METADATA",
)


def test_only_amazon_aws_is_extracted(tmp_path: Path) -> None:
    wheel = tmp_path / "ansible-14.5.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for member in MEMBERS:
            archive.writestr(member, "new")
    collections = tmp_path / "tree/ansible_collections"
    stale = collections / "amazon/aws/plugins/stale.py"
    stale.parent.mkdir(parents=True)
    stale.touch()
    assert amazon_aws.extract(wheel, collections) == 2
    files = {str(path.relative_to(tmp_path / "tree")) for path in (tmp_path / "tree").rglob("*") if path.is_file()}
    assert files == set(MEMBERS[:2])
