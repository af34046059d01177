# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rent machines with boto3 alone, as straight as a person would write it: RUN_ID COUNT PUBLIC_KEY_FILE."""

from __future__ import annotations

import os
import sys
import urllib.request
from pathlib import Path
from typing import Any

import boto3

INSTANCE_TYPE = "g5.xlarge"
PARAMETER = "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-24.04/latest/ami-id"
POWER_OFF_AFTER_8_HOURS = "#!/bin/sh\nshutdown -P +480\n"


def main(run_id: str, count: int, key_file: Path) -> None:
    """Rent the machines and wait until they run."""
    ec2 = boto3.client("ec2")
    image_id = boto3.client("ssm").get_parameter(Name=PARAMETER)["Parameter"]["Value"]
    image = ec2.describe_images(ImageIds=[image_id])["Images"][0]
    group_id = open_to_me(ec2, run_id)
    ec2.import_key_pair(
        KeyName=run_id, PublicKeyMaterial=key_file.read_bytes(), TagSpecifications=[tags("key-pair", run_id)]
    )
    disk = {"VolumeSize": 100, "VolumeType": "gp3", "Encrypted": True, "DeleteOnTermination": True}
    rows = ec2.run_instances(
        ClientToken=run_id,
        ImageId=image_id,
        InstanceType=INSTANCE_TYPE,
        MinCount=count,
        MaxCount=count,
        KeyName=run_id,
        SecurityGroupIds=[group_id],
        UserData=POWER_OFF_AFTER_8_HOURS,
        InstanceInitiatedShutdownBehavior="terminate",
        MetadataOptions={"HttpTokens": "required"},
        BlockDeviceMappings=[{"DeviceName": image["RootDeviceName"], "Ebs": disk}],
        TagSpecifications=[tags(kind, run_id) for kind in ("instance", "volume", "network-interface")],
    )["Instances"]
    ec2.get_waiter("instance_running").wait(InstanceIds=[row["InstanceId"] for row in rows])


def open_to_me(ec2: Any, run_id: str) -> str:
    """Make a security group that lets in this machine's address only; return its id."""
    with urllib.request.urlopen(os.environ["GPU_CALLER_ADDRESS_URL"]) as answer:
        address = answer.read().decode().strip()
    group_id = ec2.create_security_group(
        GroupName=run_id, Description=run_id, TagSpecifications=[tags("security-group", run_id)]
    )["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": f"{address}/32"}]}
    ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[rule])
    return str(group_id)


def tags(kind: str, run_id: str) -> dict[str, Any]:
    """Return the tag specification of a kind of resource."""
    return {"ResourceType": kind, "Tags": [{"Key": "Name", "Value": run_id}, {"Key": "run", "Value": run_id}]}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
