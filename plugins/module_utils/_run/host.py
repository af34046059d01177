# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine of a run as Ansible and a person need it: where, who, which host key. Pure."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags
from ansible_collections.gpgpu.aws.plugins.module_utils._run.access import tunnel_to, tunnel_words
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ssh_key import run_folder

LIVE_STATES = ("pending", "running", "stopping", "stopped")
ENDED_STATES = ("shutting-down", "terminated")


def state_of(instance: Mapping[str, Any]) -> str:
    """The lifecycle state of an instance row."""
    return str(instance.get("State", {}).get("Name", ""))


def live(instances: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The machines that exist, the oldest first."""
    rows = [row for row in instances if state_of(row) in LIVE_STATES]
    return sorted(rows, key=_birth)


def _birth(row: Mapping[str, Any]) -> tuple[str, int, str]:
    return str(row.get("LaunchTime", "")), int(row.get("AmiLaunchIndex", 0)), str(row["InstanceId"])


def gpus_as_tag(count: int, memory_mib: int) -> str:
    """What the truth test must find, as the text of a tag."""
    return f"count={count} memory_mib={memory_mib}"


def _gpus(text: str) -> tuple[int, int]:
    words = dict(word.split("=", 1) for word in text.split() if "=" in word)
    return int(words.get("count", 0)), int(words.get("memory_mib", 0))


# How EBS volumes are called inside a machine, whatever order they appear in.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/nvme-ebs-volumes.html
DISK_BY_ID = "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_"


@dataclass(frozen=True)
class Reach:
    """How the machines of a run are reached.

    Parameters:
        region: region of the run.
        ssh_port: where sshd listens.
        key_file: the private key that logs in.
        profile: the AWS profile that opens tunnels; empty for that of the environment.
    """

    region: str
    ssh_port: int
    key_file: str
    profile: str = ""


def hosts_of(instances: Sequence[Mapping[str, Any]], reach: Reach) -> list[dict[str, Any]]:
    """The machines of a run as inventory entries.

    Returns:
        one dict per machine: name, run_id, instance_id, state, address (public, else private; the instance id where
        a tunnel leads there), private_address, proxy_command (empty without a tunnel), port, user, host_key, key_file,
        known_hosts_file, known_hosts_line, ssh_command, instance_type, zone, expected_gpu_count,
        expected_gpu_memory_mib, volumes (further disks: volume_id, device).
    """
    return [_host(index, row, reach) for index, row in enumerate(live(instances))]


def tunnels_of(instances: Sequence[Mapping[str, Any]], reach: Reach) -> dict[str, list[str]]:
    """The commands that lead to machines without an address of their own, by instance id."""
    tunnels = {str(row["InstanceId"]): _tunnel(row, reach) for row in instances}
    return {one: tunnel_to(words, one, reach.ssh_port) for one, words in tunnels.items() if words}


def _tunnel(instance: Mapping[str, Any], reach: Reach) -> list[str]:
    return tunnel_words(tags.tags_of(instance).get(tags.ACCESS, ""), reach.region, reach.profile)


def _host(index: int, instance: Mapping[str, Any], reach: Reach) -> dict[str, Any]:
    labels = tags.tags_of(instance)
    run_id = labels.get(tags.RUN, "")
    count, memory_mib = _gpus(labels.get(tags.GPUS, ""))
    proxy = shlex.join(_tunnel(instance, reach))
    address = str(instance["InstanceId"]) if proxy else _address(instance)
    user = labels.get(tags.LOGIN, "")
    port = reach.ssh_port
    where = address if port == 22 else f"[{address}]:{port}"
    known_hosts = os.path.join(run_folder(reach.region, run_id), "known_hosts")
    return {
        "name": f"{run_id}-{index}",
        "run_id": run_id,
        "instance_id": instance["InstanceId"],
        "state": state_of(instance),
        "address": address,
        "private_address": str(instance.get("PrivateIpAddress", "")),
        "proxy_command": proxy,
        "port": port,
        "user": user,
        "host_key": labels.get(tags.HOST_KEY, ""),
        "key_file": reach.key_file,
        "known_hosts_file": known_hosts,
        "known_hosts_line": f"{where} {labels.get(tags.HOST_KEY, '')}\n",
        "ssh_command": ssh_command(f"{user}@{address}", port, reach.key_file, known_hosts, proxy),
        "instance_type": str(instance.get("InstanceType", "")),
        "zone": str(instance.get("Placement", {}).get("AvailabilityZone", "")),
        "expected_gpu_count": count,
        "expected_gpu_memory_mib": memory_mib,
        "volumes": _volumes(instance),
    }


def _address(instance: Mapping[str, Any]) -> str:
    return str(instance.get("PublicIpAddress") or instance.get("PrivateIpAddress") or "")


def _volumes(instance: Mapping[str, Any]) -> list[dict[str, str]]:
    """The disks besides the root, in the order in which they were asked for."""
    root = instance.get("RootDeviceName")
    rows = sorted(instance.get("BlockDeviceMappings", []), key=lambda row: str(row["DeviceName"]))
    found = [row["Ebs"]["VolumeId"] for row in rows if row["DeviceName"] != root and "VolumeId" in row.get("Ebs", {})]
    return [{"volume_id": one, "device": DISK_BY_ID + one.replace("-", "")} for one in found]


def ssh_command(target: str, port: int, key_file: str, known_hosts: str, proxy: str = "") -> str:
    """The command a person logs in with, which trusts the run's own host key and no other.

    Parameters:
        proxy: the ProxyCommand that leads to the machine; empty where it is reached by address.
    """
    words = ["ssh", "-i", key_file, *([] if port == 22 else ["-p", str(port)])]
    # ssh splits the value at spaces by itself.
    quoted = f'"{known_hosts}"' if " " in known_hosts else known_hosts
    words += ["-o", f"UserKnownHostsFile={quoted}", "-o", "StrictHostKeyChecking=yes"]
    words += ["-o", f"ProxyCommand={proxy}"] if proxy else []
    return shlex.join([*words, target])
