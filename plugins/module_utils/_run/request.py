# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of a launch in EC2's words. Pure.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._lease.deadline import as_text
from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags
from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import gpus_as_tag
from ansible_collections.gpgpu.aws.plugins.module_utils._run.interfaces import launch_interfaces
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import Choice
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec, Volume
from ansible_collections.gpgpu.aws.plugins.module_utils._run.user_data import HostKey, user_data

Params = dict[str, Any]

# Names that AWS recommends for further disks of HVM machines, which see them as NVMe devices in any order:
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html
DISK_NAMES = tuple(f"/dev/sd{letter}" for letter in "fghijklmnop")


def run_tags(spec: LaunchSpec) -> dict[str, str]:
    """The tags that every resource of a run carries."""
    return {
        **spec.tags,
        tags.NAME: spec.run_id,
        tags.RUN: spec.run_id,
        tags.OWNER: spec.owner,
        tags.LEASE: as_text(spec.lease_end),
    }


def security_group_request(spec: LaunchSpec, vpc_id: str) -> Params:
    """CreateSecurityGroup."""
    request: Params = {
        "GroupName": spec.resource_name,
        "Description": f"gpgpu.aws run {spec.run_id}: SSH from its owner only",
        "TagSpecifications": [tags.specification("security-group", run_tags(spec))],
    }
    return {**request, "VpcId": vpc_id} if vpc_id else request


def ssh_permissions(cidrs: Iterable[str], port: int) -> list[Params]:
    """The IpPermissions that open one port to address ranges."""
    rule: Params = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    four = [{"CidrIp": cidr} for cidr in cidrs if ":" not in cidr]
    six = [{"CidrIpv6": cidr} for cidr in cidrs if ":" in cidr]
    return [{**rule, **({"IpRanges": four} if four else {}), **({"Ipv6Ranges": six} if six else {})}]


def key_pair_request(spec: LaunchSpec, public_key: str) -> Params:
    """ImportKeyPair."""
    return {
        "KeyName": spec.resource_name,
        "PublicKeyMaterial": public_key.encode(),
        "TagSpecifications": [tags.specification("key-pair", run_tags(spec))],
    }


def placement_group_request(spec: LaunchSpec) -> Params:
    """CreatePlacementGroup."""
    return {
        "GroupName": spec.resource_name,
        "Strategy": spec.placement_strategy,
        "TagSpecifications": [tags.specification("placement-group", run_tags(spec))],
    }


def endpoint_request(spec: LaunchSpec, subnet_id: str, group_id: str) -> Params:
    """CreateInstanceConnectEndpoint, in the group of the machines that it reaches."""
    return {
        "SubnetId": subnet_id,
        "SecurityGroupIds": [group_id],
        "PreserveClientIp": False,
        "TagSpecifications": [tags.specification("instance-connect-endpoint", run_tags(spec))],
    }


@dataclass(frozen=True)
class Purchase:
    """What one RunInstances buys.

    Parameters:
        count: machines.
        group_id: their security group.
        host_key: the SSH host key they are born with.
    """

    spec: LaunchSpec
    choice: Choice
    count: int
    group_id: str
    host_key: HostKey


def purchase_request(purchase: Purchase, generation: int) -> Params:
    """RunInstances: all machines or none, tagged, encrypted, IMDSv2 only, ended by their own power-off.

    Parameters:
        generation: number of this purchase in the life of the run.
    """
    spec, choice = purchase.spec, purchase.choice
    common = run_tags(spec)
    machine_tags = {
        **common,
        tags.GENERATION: str(generation),
        tags.HOST_KEY: purchase.host_key.public,
        tags.LOGIN: choice.image.user,
        tags.RATE: choice.rate.as_tag(),
        tags.GPUS: gpus_as_tag(choice.machine.gpu_count, choice.machine.gpu_memory_mib),
    }
    if spec.access != "ssh":
        machine_tags[tags.ACCESS] = spec.access
    kinds = [kind for kind in tags.LAUNCH_KINDS if kind != "instance"]
    if spec.market == "spot":
        kinds.append("spot-instances-request")
    request: Params = {
        "ClientToken": spec.client_token(generation),
        "ImageId": choice.image.image_id,
        "InstanceType": spec.instance_type,
        "MinCount": purchase.count,
        "MaxCount": purchase.count,
        "KeyName": spec.key_name or spec.resource_name,
        "UserData": user_data(purchase.host_key, spec.lease_end, spec.user_data),
        "InstanceInitiatedShutdownBehavior": "terminate",
        "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1},
        "BlockDeviceMappings": [_root_disk(spec, choice), *_further_disks(spec)],
        "TagSpecifications": [
            tags.specification("instance", machine_tags),
            *[tags.specification(kind, common) for kind in kinds],
        ],
    }
    return {**request, **_place(purchase), **_profile(spec), **_market(spec)}


def _root_disk(spec: LaunchSpec, choice: Choice) -> Params:
    root = Volume(choice.root_gib, spec.root_volume_iops, spec.root_volume_throughput_mibps)
    return _disk(choice.image.root_device, root)


def _further_disks(spec: LaunchSpec) -> list[Params]:
    return [_disk(name, volume) for name, volume in zip(DISK_NAMES, spec.volumes, strict=False)]


def _disk(name: str, volume: Volume) -> Params:
    return {
        "DeviceName": name,
        "Ebs": {
            "VolumeSize": volume.size_gib,
            "VolumeType": "gp3",
            "Iops": volume.iops,
            "Throughput": volume.throughput_mibps,
            "Encrypted": True,
            "DeleteOnTermination": True,
        },
    }


def _place(purchase: Purchase) -> Params:
    """Zone, placement group and interfaces; AWS refuses groups or a subnet beside an interface."""
    spec = purchase.spec
    place: Params = {}
    if spec.zone and not spec.subnet_id:
        place["AvailabilityZone"] = spec.zone
    group = spec.placement_group or (spec.resource_name if spec.placement_strategy else "")
    if group:
        place["GroupName"] = group
    interfaces = launch_interfaces(spec, purchase.choice.machine, purchase.group_id)
    network: Params = {"NetworkInterfaces": interfaces} if interfaces else {"SecurityGroupIds": [purchase.group_id]}
    return {**network, **({"Placement": place} if place else {})}


def _profile(spec: LaunchSpec) -> Params:
    if not spec.instance_profile:
        return {}
    field = "Arn" if spec.instance_profile.startswith("arn:") else "Name"
    return {"IamInstanceProfile": {field: spec.instance_profile}}


def _market(spec: LaunchSpec) -> Params:
    """How the machines are paid for; a capacity block is a market of its own and is always named.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-launch.html
    """
    request: Params = {}
    if spec.capacity_reservation_id:
        target = {"CapacityReservationId": spec.capacity_reservation_id}
        request["CapacityReservationSpecification"] = {"CapacityReservationTarget": target}
    if spec.market == "capacity-block":
        request["InstanceMarketOptions"] = {"MarketType": "capacity-block"}
    elif spec.market == "spot":
        options: Params = {"SpotInstanceType": "one-time", "InstanceInterruptionBehavior": "terminate"}
        if spec.max_spot_usd:
            options["MaxPrice"] = f"{spec.max_spot_usd:.6g}"
        request["InstanceMarketOptions"] = {"MarketType": "spot", "SpotOptions": options}
    return request
