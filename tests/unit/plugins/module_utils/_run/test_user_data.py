# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The user data: cloud-init reads it, it fits, and a person's own part displaces nothing."""

from __future__ import annotations

import gzip
import subprocess

import pytest
import yaml
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._lease.guest import arm_script
from ansible_collections.gpgpu.aws.plugins.module_utils._run.user_data import HostKey, user_data

from sandbox.guest.plan import UserData
from sandbox.hosts.user_data import parse_user_data
from tests.unit.fakes.rows import END, HOST_KEY

LEASE = ["sh", "-c", arm_script(END)]
SCRIPT = "#!/bin/sh\necho mine\n"
MULTIPART = (
    'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="edge"\n\n'
    "--edge\nContent-Type: text/cloud-config\n\n#cloud-config\nbootcmd: [one]\nruncmd: [a]\n"
    "--edge\nContent-Type: text/cloud-config\nMerge-Type: dict(recurse_list)+list(append)\n\n"
    "#cloud-config\nbootcmd: [two]\nruncmd: [b]\n"
    f"--edge\nContent-Type: text/x-shellscript\n\n{SCRIPT}--edge--\n"
)


def text_of(data: str | bytes) -> str:
    """User data that fits without compression."""
    assert isinstance(data, str)
    return data


def booted(own: str) -> UserData:
    """What a machine makes of the user data."""
    data = user_data(HOST_KEY, END, own)
    return parse_user_data(data if isinstance(data, bytes) else data.encode())


@pytest.mark.parametrize("own", ["", " \n"])
def test_it_is_a_cloud_config(own: str) -> None:
    text = text_of(user_data(HOST_KEY, END, own))
    assert text.startswith("#cloud-config\n")
    assert yaml.safe_load(text) == {
        "ssh_deletekeys": True,
        "ssh_keys": {"ed25519_private": HOST_KEY.private, "ed25519_public": HOST_KEY.public},
        "bootcmd": [LEASE],
    }
    assert text.isascii()


def test_the_script_survives_the_journey() -> None:
    ((_shell, _option, script),) = booted(SCRIPT).bootcmd
    subprocess.run(["sh", "-n", "-c", script], check=True, timeout=20)
    assert str(int(END.timestamp())) in script


def test_it_fits_with_room_for_more() -> None:
    assert len(user_data(HostKey("k" * 500, "p" * 100), END)) < 8 * 1024


@pytest.mark.parametrize(
    ("own", "bootcmd", "runcmd", "scripts"),
    [
        pytest.param(SCRIPT, [LEASE], [], [SCRIPT], id="a script"),
        pytest.param("#!/bin/sh\necho Z\u00fcrich\n", [LEASE], [], ["#!/bin/sh\necho Z\u00fcrich\n"], id="not ASCII"),
        pytest.param("#cloud-config\nruncmd: [a]\n", [LEASE], ["a"], [], id="a config"),
        pytest.param("#cloud-config\nbootcmd: [a, [b, c]]\n", [LEASE, "a", ["b", "c"]], [], [], id="bootcmd"),
        pytest.param(
            "#cloud-config\nmerge_how: dict(replace)+list(replace)\nbootcmd: [a]\n",
            [LEASE, "a"],
            [],
            [],
            id="a config that wants to replace",
        ),
        pytest.param(MULTIPART, [LEASE, "one", "two"], ["a", "b"], [SCRIPT], id="several parts"),
    ],
)
def test_ours_comes_first_and_theirs_is_kept(
    own: str, bootcmd: list[object], runcmd: list[str], scripts: list[str]
) -> None:
    parsed = booted(own)
    assert (parsed.bootcmd, parsed.runcmd) == (bootcmd, runcmd)
    assert [one.rstrip("\n") for one in parsed.scripts] == [one.rstrip("\n") for one in scripts]
    assert parsed.ssh_keys == {"ed25519_private": HOST_KEY.private, "ed25519_public": HOST_KEY.public}
    assert (parsed.ssh_deletekeys, parsed.problems) == (True, [])


def test_the_same_parts_make_the_same_text() -> None:
    assert user_data(HOST_KEY, END, SCRIPT) == user_data(HOST_KEY, END, SCRIPT)


def test_what_is_too_long_as_text_is_compressed() -> None:
    own = "#!/bin/sh\n" + "echo mine\n" * 4000
    data = user_data(HOST_KEY, END, own)
    assert isinstance(data, bytes)
    assert len(data) <= 16384 < len(gzip.decompress(data))
    assert booted(own).bootcmd == [LEASE]


def test_what_does_not_fit_compressed_either_is_refused() -> None:
    noise = "".join(f"# {number * 7919**9 % 10**40:x}\n" for number in range(2000))
    with pytest.raises(
        GpuError, match=r"The user data has \d+ bytes, compressed \d+, and AWS takes 16384\."
    ) as refused:
        user_data(HOST_KEY, END, "#!/bin/sh\n" + noise)
    assert refused.value.code == "user_data_too_large"


def test_a_part_that_could_displace_ours_is_refused() -> None:
    with pytest.raises(GpuError, match="it runs before the lease timer is armed") as refused:
        user_data(HOST_KEY, END, "#cloud-boothook\n#!/bin/sh\ntrue\n")
    assert (refused.value.code, len(refused.value.details["problems"])) == ("user_data_refused", 1)
