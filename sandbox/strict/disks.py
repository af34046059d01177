# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Block devices of a launch: the image's own volumes, changed by the request, with gp3 figures kept.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-device-mapping-concepts.html and
https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html#gp3-ebs-volume-type
"""

from __future__ import annotations

from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule

GP3_IOPS = (3000, 80000)
GP3_THROUGHPUT = (125, 2000)
PROVISIONED = ("gp3", "io1", "io2")

Ebs = dict[str, Any]


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Launch with every volume that AWS would make, and keep what moto forgets of them."""
    image = call.backend.amis.get(call.param("ImageId"))
    own = image.block_device_mappings if image else []
    wanted = call.param("BlockDeviceMappings", [])
    volumes = merge(own, wanted)
    for ebs in volumes.values():
        _check(ebs)
    call.params["BlockDeviceMappings"] = [
        {"DeviceName": device, "Ebs": {key: value for key, value in ebs.items() if key != "ImageSnapshotId"}}
        for device, ebs in volumes.items()
    ]
    reservation = proceed()
    for instance in reservation.instances:
        for device, ebs in volumes.items():
            _complete(call.backend, instance, device, ebs)
    return reservation


def merge(own: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> dict[str, Ebs]:
    """Lay the request's mappings over the image's; return the volumes by device name."""
    volumes: dict[str, Ebs] = {}
    for row in own:
        ebs = dict(row["Ebs"])
        snapshot = ebs.pop("SnapshotId", None)
        volumes[row["DeviceName"]] = {**ebs, "ImageSnapshotId": snapshot, "ImageSize": ebs["VolumeSize"]}
    for row in wanted:
        if "NoDevice" in row:
            volumes.pop(row["DeviceName"], None)
        elif "Ebs" in row:
            volumes[row["DeviceName"]] = _overlaid(volumes.get(row["DeviceName"], {}), row["Ebs"])
    return volumes


def _overlaid(below: Ebs, above: Ebs) -> Ebs:
    """Return one volume; figures of the image's type don't survive another type."""
    kept = dict(below)
    if above.get("VolumeType", below.get("VolumeType")) != below.get("VolumeType"):
        kept.pop("Iops", None)
        kept.pop("Throughput", None)
    merged = {"DeleteOnTermination": True, "VolumeType": "gp2", **kept, **above}
    if merged["VolumeType"] == "gp3":
        merged = {"Iops": GP3_IOPS[0], "Throughput": GP3_THROUGHPUT[0], **merged}
    return merged


def _check(ebs: Ebs) -> None:
    size, least = ebs.get("VolumeSize"), ebs.pop("ImageSize", 0)
    if size is not None and size < least:
        raise AwsError(
            "InvalidBlockDeviceMapping",
            f"Volume of size {size}GB is smaller than snapshot '{ebs['ImageSnapshotId']}', expect size >= {least}GB",
        )
    if ebs["VolumeType"] not in PROVISIONED and ebs.get("Iops"):
        raise AwsError(
            "InvalidParameterCombination", f"The parameter iops is not supported for {ebs['VolumeType']} volumes."
        )
    if ebs["VolumeType"] != "gp3" and ebs.get("Throughput"):
        raise AwsError(
            "InvalidParameterCombination", f"The parameter throughput is not supported for {ebs['VolumeType']} volumes."
        )
    if ebs["VolumeType"] == "gp3":
        _check_range("iops", int(ebs["Iops"]), *GP3_IOPS)
        _check_range("throughput", int(ebs["Throughput"]), *GP3_THROUGHPUT)


def _check_range(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise AwsError(
            "InvalidParameterValue", f"Volume {name} of {value} is invalid: must be between {least} and {most} for gp3."
        )


def _complete(backend: Any, instance: Any, device: str, ebs: Ebs) -> None:
    volume = backend.volumes[instance.block_device_mapping[device].volume_id]
    volume.iops = ebs.get("Iops")
    volume.throughput = ebs.get("Throughput")
    volume.snapshot_id = ebs.get("SnapshotId") or ebs.get("ImageSnapshotId")


RULES: dict[str, Rule] = {"RunInstances": run_instances}
