# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine as Ansible and a person need it."""

from __future__ import annotations

import shlex
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import (
    Reach,
    gpus_as_tag,
    hosts_of,
    live,
    ssh_command,
    tunnels_of,
)

from tests.unit.fakes.rows import HOST_KEY, NOW, RUN_ID, instance, run_tags

FOLDER = f"/home/ada/.ssh/gpgpu/us-west-2/{RUN_ID}"


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")


def test_an_entry_is_complete() -> None:
    (host,) = hosts_of([instance(RootDeviceName="/dev/sda1")], Reach("us-west-2", 22, f"{FOLDER}/id_ed25519"))
    assert host == {
        "name": f"{RUN_ID}-0",
        "run_id": RUN_ID,
        "instance_id": "i-1",
        "state": "running",
        "address": "192.0.2.1",
        "private_address": "10.0.0.1",
        "proxy_command": "",
        "port": 22,
        "user": "ubuntu",
        "host_key": HOST_KEY.public,
        "key_file": f"{FOLDER}/id_ed25519",
        "known_hosts_file": f"{FOLDER}/known_hosts",
        "known_hosts_line": f"192.0.2.1 {HOST_KEY.public}\n",
        "ssh_command": f"ssh -i {FOLDER}/id_ed25519 -o UserKnownHostsFile={FOLDER}/known_hosts "
        "-o StrictHostKeyChecking=yes ubuntu@192.0.2.1",
        "instance_type": "g4dn.xlarge",
        "zone": "us-west-2a",
        "expected_gpu_count": 1,
        "expected_gpu_memory_mib": 15360,
        "volumes": [],
    }


def test_another_port_is_in_the_command_and_in_known_hosts() -> None:
    """Form of a line: https://man.openbsd.org/sshd.8#SSH_KNOWN_HOSTS_FILE_FORMAT ."""
    (host,) = hosts_of([instance()], Reach("us-west-2", 2222, "/k"))
    assert host["known_hosts_line"] == f"[192.0.2.1]:2222 {HOST_KEY.public}\n"
    assert "-p 2222 " in host["ssh_command"]


def test_words_of_the_command_are_quoted() -> None:
    command = ssh_command("ada@192.0.2.1", 22, "/home/ada l/my key", "/home/ada l/known_hosts")
    assert shlex.split(command) == [
        *("ssh", "-i", "/home/ada l/my key", "-o", 'UserKnownHostsFile="/home/ada l/known_hosts"'),
        *("-o", "StrictHostKeyChecking=yes", "ada@192.0.2.1"),
    ]


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"PublicIpAddress": None}, "10.0.0.1"),
        ({"PublicIpAddress": None, "PrivateIpAddress": None}, ""),
    ],
)
def test_address(fields: dict[str, Any], address: str) -> None:
    assert hosts_of([instance(**fields)], Reach("us-west-2", 22, "/k"))[0]["address"] == address


def test_only_machines_that_exist_the_oldest_first() -> None:
    later: dict[str, Any] = {"LaunchTime": NOW}
    rows = [
        instance(9, **later),
        instance(3, "terminated"),
        instance(2, "stopped"),
        instance(4, "shutting-down"),
        instance(1, "pending"),
        instance(8, **later, AmiLaunchIndex=8, InstanceId="i-0"),
        instance(5, LaunchTime=NOW - timedelta(days=1)),
    ]
    assert [row["InstanceId"] for row in live(rows)] == ["i-5", "i-1", "i-2", "i-0", "i-9"]
    names = [host["name"] for host in hosts_of(rows, Reach("us-west-2", 22, "/k"))]
    assert names == [f"{RUN_ID}-{index}" for index in range(5)]


@pytest.mark.parametrize(("tag", "expected"), [(gpus_as_tag(8, 81559), (8, 81559)), ("", (0, 0)), ("count=2", (2, 0))])
def test_what_the_truth_test_must_find(tag: str, expected: tuple[int, int]) -> None:
    (host,) = hosts_of([instance(tags=run_tags(gpus=tag))], Reach("us-west-2", 22, "/k"))
    assert (host["expected_gpu_count"], host["expected_gpu_memory_mib"]) == expected


def test_a_machine_of_nobody_has_no_user_and_no_key() -> None:
    (host,) = hosts_of([instance(tags={})], Reach("us-west-2", 22, "/k"))
    assert (host["user"], host["host_key"], host["run_id"]) == ("", "", "")


SESSION = "aws ssm start-session --target %h --document-name AWS-StartSSHSession --parameters portNumber=%p"


def test_a_tunnel_leads_to_the_instance_id_and_the_host_key_is_its() -> None:
    row = instance(tags=run_tags(access="session-manager"))
    (host,) = hosts_of([row], Reach("us-west-2", 22, "/k", "lab"))
    assert (host["address"], host["private_address"]) == ("i-1", "10.0.0.1")
    assert host["proxy_command"] == f"{SESSION} --region us-west-2 --profile lab"
    assert host["known_hosts_line"] == f"i-1 {HOST_KEY.public}\n"
    words = shlex.split(host["ssh_command"])
    assert words[-3:] == ["-o", f"ProxyCommand={host['proxy_command']}", "ubuntu@i-1"]
    assert "StrictHostKeyChecking=yes" in words


def test_only_machines_behind_a_tunnel_have_one() -> None:
    rows = [instance(1), instance(2, tags=run_tags(access="instance-connect-endpoint"))]
    tunnels = tunnels_of(rows, Reach("us-west-2", 22, "/k"))
    assert list(tunnels) == ["i-2"]
    assert tunnels["i-2"][:7] == [
        "aws",
        "ec2-instance-connect",
        "open-tunnel",
        "--instance-id",
        "i-2",
        "--remote-port",
        "22",
    ]


def test_further_disks_are_named_as_the_machine_sees_them() -> None:
    names = ("/dev/sdg", "/dev/sda1", "/dev/sdf")
    rows = [{"DeviceName": name, "Ebs": {"VolumeId": f"vol-0{name[-1]}"}} for name in names]
    row = instance(RootDeviceName="/dev/sda1", BlockDeviceMappings=[*rows, {"DeviceName": "/dev/sdb"}])
    (host,) = hosts_of([row], Reach("us-west-2", 22, "/k"))
    assert host["volumes"] == [
        {"volume_id": "vol-0f", "device": "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0f"},
        {"volume_id": "vol-0g", "device": "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0g"},
    ]
