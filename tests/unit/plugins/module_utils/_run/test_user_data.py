# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The user data: cloud-init reads it, and it fits."""

from __future__ import annotations

import subprocess

import pytest
import yaml
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._lease.guest import arm_script
from ansible_collections.gpgpu.aws.plugins.module_utils._run.user_data import HostKey, user_data

from tests.unit.fakes.rows import END, HOST_KEY


def test_it_is_a_cloud_config() -> None:
    text = user_data(HOST_KEY, END)
    assert text.startswith("#cloud-config\n")
    assert yaml.safe_load(text) == {
        "ssh_deletekeys": True,
        "ssh_keys": {"ed25519_private": HOST_KEY.private, "ed25519_public": HOST_KEY.public},
        "bootcmd": [["sh", "-c", arm_script(END)]],
    }
    assert text.isascii()


def test_the_script_survives_the_journey() -> None:
    ((_shell, _option, script),) = yaml.safe_load(user_data(HOST_KEY, END))["bootcmd"]
    subprocess.run(["sh", "-n", "-c", script], check=True, timeout=20)
    assert str(int(END.timestamp())) in script


def test_it_fits_with_room_for_more() -> None:
    assert len(user_data(HostKey("k" * 500, "p" * 100), END)) < 8 * 1024


@pytest.mark.parametrize(("more", "fits"), [(0, True), (1, False)])
def test_the_limit_of_aws(more: int, fits: bool) -> None:
    room = 16384 - len(user_data(HostKey("", ""), END))
    if fits:
        assert len(user_data(HostKey("k" * (room + more), ""), END)) == 16384
        return
    with pytest.raises(GpuError, match=r"The user data has 16385 bytes\. AWS takes 16384\."):
        user_data(HostKey("k" * (room + more), ""), END)
