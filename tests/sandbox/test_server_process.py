# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole way once, with real hosts: API, boot, ssh with the key pair, power-off, end."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from sandbox import launcher, record
from tests.sandbox.cloud import Cloud

USER_DATA = "#!/bin/sh\necho from user data > /var/tmp/mark\n"


@pytest.fixture(scope="module")
def hosts() -> Iterator[Cloud]:
    found = launcher.start(f"hosts-{os.getpid()}", "process", 0.0)
    yield Cloud(found)
    launcher.end(found)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "id"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return path


def launch(cloud: Cloud, key: Path, behavior: str) -> str:
    name, ec2 = cloud.name(), cloud.client("ec2")
    ec2.import_key_pair(KeyName=name, PublicKeyMaterial=Path(f"{key}.pub").read_bytes())
    (row,) = cloud.launch(
        KeyName=name,
        UserData=USER_DATA,
        InstanceInitiatedShutdownBehavior=behavior,
    )
    reach(cloud, row["InstanceId"], "running")
    return str(row["InstanceId"])


def reach(cloud: Cloud, id: str, state: str) -> None:
    """Wait until an instance is in a state; the hosts decide when, the waiter only asks."""
    waiter = cloud.client("ec2").get_waiter(f"instance_{state}")
    waiter.wait(InstanceIds=[id], WaiterConfig={"Delay": 0.1, "MaxAttempts": 600})


def ssh(cloud: Cloud, key: Path, id: str, command: str) -> subprocess.CompletedProcess[str]:
    options = [f"-oUserKnownHostsFile={key.parent}/known", "-oStrictHostKeyChecking=accept-new", "-oBatchMode=yes"]
    target = f"ubuntu@{cloud.instance(id)['PublicIpAddress']}"
    words = ["ssh", "-F", "/dev/null", "-q", "-i", str(key), "-p", "2222", *options, target, command]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)


def test_instance_is_a_host_that_the_key_opens_and_that_keeps_its_disk(hosts: Cloud, key: Path) -> None:
    id, ec2 = launch(hosts, key, "stop"), hosts.client("ec2")
    done = ssh(hosts, key, id, "cat /var/tmp/mark; hostname; echo kept > kept; nvidia-smi -L")
    lines = done.stdout.splitlines()
    assert lines[0] == "from user data", done.stderr
    assert lines[1] == hosts.instance(id)["PrivateDnsName"].split(".")[0]
    assert "SANDBOX NVIDIA A10G" in lines[2]
    console = ec2.get_console_output(InstanceId=id, Latest=True)["Output"]
    assert "-----BEGIN SSH HOST KEY KEYS-----" in console
    ssh(hosts, key, id, "sudo poweroff")
    reach(hosts, id, "stopped")
    assert hosts.instance(id)["StateReason"]["Code"] == "Client.InstanceInitiatedShutdown"
    ec2.start_instances(InstanceIds=[id])
    reach(hosts, id, "running")
    assert ssh(hosts, key, id, "cat kept").stdout == "kept\n"
    ec2.terminate_instances(InstanceIds=[id])
    reach(hosts, id, "terminated")


def test_power_off_ends_an_instance_that_was_launched_so(hosts: Cloud, key: Path) -> None:
    id = launch(hosts, key, "terminate")
    ssh(hosts, key, id, "sudo poweroff")
    reach(hosts, id, "terminated")
    assert hosts.instance(id)["StateReason"]["Code"] == "Client.InstanceInitiatedShutdown"
    assert not (record.directory(hosts.record.name) / "hosts" / id).exists()


def watched(pids: Iterable[int]) -> Iterator[int]:
    """Descriptors of processes, without those that end by themselves at this very moment."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            yield os.pidfd_open(pid)


def test_hosts_end_with_their_sandbox_even_when_it_is_killed(key: Path, request: pytest.FixtureRequest) -> None:
    found = launcher.start(f"killed-{os.getpid()}", "process", 0.0)
    request.addfinalizer(lambda: launcher.end(found))
    cloud = Cloud(found)
    id = launch(cloud, key, "stop")
    (row,) = [row for row in cloud.control("GET", "state")["regions"][cloud.region]["instances"] if row["id"] == id]
    descriptors = list(watched(row["host"]["pids"]))
    assert descriptors
    os.kill(found.pid, signal.SIGKILL)
    for descriptor in descriptors:
        assert select.select([descriptor], [], [], 30)[0]
        os.close(descriptor)


def banner(address: str) -> bytes:
    """Return what answers on an address's ssh port, nothing where nothing does."""
    try:
        with socket.create_connection((address, 2222), timeout=10) as connection:
            return connection.recv(8)
    except ConnectionRefusedError:
        return b""


OWN_ADDRESS = (
    "where=${AWS_EC2_METADATA_SERVICE_ENDPOINT}latest; "
    "token=$(curl -sX PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' $where/api/token); "
    'curl -s -H "X-aws-ec2-metadata-token: $token" $where/meta-data/public-ipv4'
)


def own_metadata(cloud: Cloud, key: Path, id: str) -> str:
    """Return the public address that a host finds in its instance metadata."""
    return ssh(cloud, key, id, OWN_ADDRESS).stdout


def test_elastic_address_reaches_the_host(hosts: Cloud, key: Path) -> None:
    id, ec2 = launch(hosts, key, "terminate"), hosts.client("ec2")
    own = hosts.instance(id)["PublicIpAddress"]
    assert own_metadata(hosts, key, id) == own
    elastic = ec2.allocate_address(Domain="vpc")
    assert banner(elastic["PublicIp"]) == b""
    ec2.associate_address(InstanceId=id, AllocationId=elastic["AllocationId"])
    assert hosts.instance(id)["PublicIpAddress"] == elastic["PublicIp"]
    assert ssh(hosts, key, id, "cat /var/tmp/mark").stdout == "from user data\n"
    assert own_metadata(hosts, key, id) == elastic["PublicIp"]
    (row,) = ec2.describe_addresses(AllocationIds=[elastic["AllocationId"]])["Addresses"]
    ec2.disassociate_address(AssociationId=row["AssociationId"])
    assert banner(elastic["PublicIp"]) == b""
    assert hosts.instance(id)["PublicIpAddress"] == own
    assert banner(own).startswith(b"SSH-2.0")
    assert own_metadata(hosts, key, id) == own
    ec2.associate_address(InstanceId=id, AllocationId=elastic["AllocationId"])
    ec2.terminate_instances(InstanceIds=[id])
    reach(hosts, id, "terminated")
    assert banner(elastic["PublicIp"]) == b""
    ec2.release_address(AllocationId=elastic["AllocationId"])
