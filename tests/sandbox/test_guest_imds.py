# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instance metadata service, held to AWS's token protocol."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox.guest.imds import Metadata
from sandbox.guest.plan import BootPlan, UserData

PLAN = BootPlan(
    instance_id="i-0123456789abcdef0",
    hostname="ip-10-0-0-1",
    address="127.77.1.1",
    listen_address="127.77.1.1",
    port=2222,
    sshd="/usr/sbin/sshd",
    login_user="ubuntu",
    public_keys=["ssh-ed25519 AAAA me"],
    pretend_root=False,
    systemd=False,
    environment={},
    metadata={
        "instance-type": "g5.xlarge",
        "placement/region": "us-west-2",
        "placement/availability-zone": "us-west-2a",
    },
    imds_token_required=True,
    user_data=UserData(),
    user_data_base64="IyEvYmluL3No",
    resolv_conf="",
    python_commands={},
    driver_version=None,
)


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/meta-data/instance-id", 200, "i-0123456789abcdef0"),
        ("/meta-data/instance-type", 200, "g5.xlarge"),
        ("/meta-data/placement", 200, "availability-zone\nregion"),
        ("/meta-data/placement/", 200, "availability-zone\nregion"),
        ("/meta-data/placement/region", 200, "us-west-2"),
        ("/meta-data/public-keys/0/openssh-key", 200, "ssh-ed25519 AAAA me"),
        ("/meta-data/local-ipv4", 200, "127.77.1.1"),
        ("/user-data", 200, "#!/bin/sh"),
        ("/", 200, "dynamic/\nmeta-data/\nuser-data"),
        ("/meta-data/spot/instance-action", 404, ""),
        ("/meta-data/public-ipv4", 404, ""),
        ("/meta-data/nothing", 404, ""),
    ],
)
def test_paths(tmp_path: Path, path: str, status: int, text: str) -> None:
    service = Metadata(PLAN, tmp_path)
    _, token = service.issue("60", forwarded=False)
    assert service.answer(path, token) == (status, text)
    assert service.answer(path, None) == (401, "")


@pytest.mark.parametrize(
    ("ttl", "forwarded", "status"),
    [
        ("1", False, 200),
        ("21600", False, 200),
        ("0", False, 400),
        ("21601", False, 400),
        ("x", False, 400),
        (None, False, 400),
        ("60", True, 403),
    ],
)
def test_tokens_are_issued(tmp_path: Path, ttl: str | None, forwarded: bool, status: int) -> None:
    assert Metadata(PLAN, tmp_path).issue(ttl, forwarded)[0] == status


def test_a_spot_notice_appears_while_it_runs(tmp_path: Path) -> None:
    service = Metadata(PLAN, tmp_path)
    _, token = service.issue("60", forwarded=False)
    notice = json.dumps({"action": "terminate", "time": "2026-11-23T12:00:00Z"})
    (tmp_path / "metadata.json").write_text(json.dumps({"spot/instance-action": notice, "instance-type": None}))
    assert service.answer("/meta-data/spot/instance-action", token) == (200, notice)
    assert service.answer("/meta-data/instance-type", token) == (404, "")
    assert service.answer("/meta-data/instance-type", "made-up") == (401, "")


def test_the_identity_document_names_region_and_type(tmp_path: Path) -> None:
    service = Metadata(PLAN, tmp_path)
    _, token = service.issue("60", forwarded=False)
    document = json.loads(service.answer("/dynamic/instance-identity/document", token)[1])
    assert (document["region"], document["instanceType"]) == ("us-west-2", "g5.xlarge")
