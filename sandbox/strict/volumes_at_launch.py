# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extra volumes of a launch: each on a device of its own, with a size or a snapshot.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EbsBlockDevice.html ; the words are ours.
"""

from __future__ import annotations

from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule

# https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html : GiB
LARGEST = {"gp2": 16384, "gp3": 65536, "io1": 16384, "io2": 65536, "st1": 16384, "sc1": 16384, "standard": 1024}


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Check what the request says of volumes, then launch."""
    rows = call.param("BlockDeviceMappings", [])
    names = [row.get("DeviceName") for row in rows]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise AwsError(
            "InvalidBlockDeviceMapping", f"The device '{twice}' is used in more than one block-device mapping"
        )
    image = call.backend.amis.get(call.param("ImageId"))
    own = {row["DeviceName"] for row in image.block_device_mappings} if image else set()
    for row in rows:
        _check(row.get("Ebs"), row.get("DeviceName") in own)
    return proceed()


def _check(ebs: dict[str, Any] | None, in_image: bool) -> None:
    if ebs is None:
        return
    kind, size = ebs.get("VolumeType", "gp2"), ebs.get("VolumeSize")
    if kind not in LARGEST:
        raise AwsError("InvalidParameterValue", f"Invalid value '{kind}' for VolumeType.")
    if size is None and not in_image and "SnapshotId" not in ebs:
        raise AwsError("MissingParameter", "The request must contain the parameter size or snapshotId")
    if size is not None and not 1 <= int(size) <= LARGEST[kind]:
        raise AwsError("InvalidParameterValue", f"Volume of {size}GiB is invalid: 1 to {LARGEST[kind]}GiB for {kind}.")


RULES: dict[str, Rule] = {"RunInstances": run_instances}
