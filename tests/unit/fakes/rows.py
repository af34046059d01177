# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Things of a run as tests need them: everyday ones, with what a test changes given by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import Image
from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import Rate
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.quota import Quota
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import Choice, RunState
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec
from ansible_collections.gpgpu.aws.plugins.module_utils._run.user_data import HostKey

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
END = NOW + timedelta(hours=8)
RUN_ID = "eight-schools"
HOST_KEY = HostKey("-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample")
RATE = Rate(compute=0.526, disks=0.01, address=0.005)

_MACHINE = MachineType(
    name="g4dn.xlarge",
    vcpu=4,
    memory_mib=16384,
    gpu_name="NVIDIA T4",
    gpu_count=1,
    gpu_memory_mib=15360,
    architectures=("x86_64",),
    boot_modes=("legacy-bios", "uefi"),
    markets=("on-demand", "spot"),
    virtualization=("hvm",),
)
_IMAGE = Image(
    image_id="ami-0123456789abcdef0",
    name="Deep Learning Base",
    family="deep-learning",
    system="ubuntu-24.04",
    user="ubuntu",
    driver=True,
    architecture="x86_64",
    virtualization="hvm",
    boot_mode="uefi-preferred",
    ena=True,
    root_device="/dev/sda1",
    root_gib=75,
    state="available",
    deprecated_at="",
    allowed=True,
)
_SPEC = LaunchSpec(
    run_id=RUN_ID,
    owner="ada",
    region="us-west-2",
    instance_type="g4dn.xlarge",
    count=1,
    market="on-demand",
    zone="",
    subnet_id="",
    key_name="",
    key_file="",
    public_address=True,
    root_volume_gib=0,
    root_volume_iops=3000,
    root_volume_throughput_mibps=125,
    max_spot_usd=0.0,
    lease_hours=8,
    lease_end=END,
)
_CHOICE = Choice(_MACHINE, _IMAGE, RATE, 100, "", ("192.0.2.7/32",), NOW)
_OFFER = Offer(
    machine=_MACHINE,
    region="us-west-2",
    zone="us-west-2a",
    market="on-demand",
    rate=RATE,
    image=_IMAGE,
    latency_ms=None,
    placement_score=None,
    refused_recently=False,
    quota=Quota("L-DB2E81BA", "Running On-Demand G and VT instances", 64, 0),
    problems=(),
    price_source="price list",
    price_date="2026-11-23",
)


def machine(**changes: Any) -> MachineType:
    """A machine with one T4."""
    return replace(_MACHINE, **changes)


def image(**changes: Any) -> Image:
    """A Deep Learning image."""
    return replace(_IMAGE, **changes)


def spec(**changes: Any) -> LaunchSpec:
    """A run of one on-demand machine for eight hours."""
    return replace(_SPEC, **changes)


def choice(**changes: Any) -> Choice:
    """What that run is made of."""
    return replace(_CHOICE, **changes)


def offer(**changes: Any) -> Offer:
    """An offer of that machine in us-west-2a."""
    return replace(_OFFER, **changes)


def run_tags(**changes: str) -> dict[str, str]:
    """The tags of a machine of the run; a name's underscores stand for dashes: `host_key="..."`."""
    tags = {
        "Name": RUN_ID,
        "gpgpu:run": RUN_ID,
        "gpgpu:owner": "ada",
        "gpgpu:lease": "2026-11-23T20:00:00Z",
        "gpgpu:generation": "1",
        "gpgpu:host-key": HOST_KEY.public,
        "gpgpu:login": "ubuntu",
        "gpgpu:rate": RATE.as_tag(),
        "gpgpu:gpus": "count=1 memory_mib=15360",
    }
    return {**tags, **{f"gpgpu:{name.replace('_', '-')}": value for name, value in changes.items()}}


def boto_tags(tags: dict[str, str]) -> list[dict[str, str]]:
    """Tags as AWS lists them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def instance(number: int = 1, state: str = "running", tags: dict[str, str] | None = None, **fields: Any) -> Any:
    """A row of DescribeInstances: machine number N has i-N, vol-N, eni-N and the address 192.0.2.N."""
    return {
        "InstanceId": f"i-{number}",
        "InstanceType": "g4dn.xlarge",
        "State": {"Name": state},
        "LaunchTime": NOW - timedelta(hours=1),
        "AmiLaunchIndex": number - 1,
        "PublicIpAddress": f"192.0.2.{number}",
        "PrivateIpAddress": f"10.0.0.{number}",
        "Placement": {"AvailabilityZone": "us-west-2a"},
        "Tags": boto_tags(run_tags() if tags is None else tags),
        "BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Ebs": disk(number)}],
        "NetworkInterfaces": [{"NetworkInterfaceId": f"eni-{number}", "Attachment": {"DeleteOnTermination": True}}],
        **fields,
    }


def disk(number: int, ends_with_machine: bool = True) -> dict[str, Any]:
    """A disk of a machine, as DescribeInstances tells it."""
    return {"VolumeId": f"vol-{number}", "DeleteOnTermination": ends_with_machine}


def state(*instances: Any, **resources: list[str]) -> RunState:
    """A run of these machines, with further resources by kind: `state(security_group=["sg-1"])`."""
    kinds = {kind.replace("_", "-"): ids for kind, ids in resources.items()}
    listed = {"instance": [row["InstanceId"] for row in instances]} if instances else {}
    return RunState({**listed, **kinds}, list(instances))
