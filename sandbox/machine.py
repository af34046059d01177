# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands behind one instance, described to the host that will be it."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from sandbox.environment import SSH_PORT
from sandbox.gpu.catalog import pretend_gpu
from sandbox.hosts.base import HostSpec
from sandbox.images import catalog

DEFAULT_FAMILY = "ubuntu"
DEFAULT_USER = "ubuntu"


def host_spec(instance: Any, address: str, state_dir: Path) -> HostSpec:
    """Describe the host of a moto instance that is about to boot at ``address``."""
    image = catalog.by_id(instance.region_name).get(instance.image_id)
    family = image.family if image else DEFAULT_FAMILY
    return HostSpec(
        instance_id=instance.id,
        hostname=instance.private_dns_name.split(".")[0],
        address=address,
        port=SSH_PORT,
        login_user=image.login_user if image else DEFAULT_USER,
        public_keys=_public_keys(instance),
        user_data=_user_data(instance),
        image_family=family,
        gpu=pretend_gpu(instance.instance_type, family),
        metadata=_metadata(instance),
        imds_token_required=instance.metadata_options.http_tokens == "required",
        state_dir=state_dir,
        environment={},
    )


def _public_keys(instance: Any) -> tuple[str, ...]:
    pair = instance.ec2_backend.key_pairs.get(instance.key_name)
    return (pair.material_public.decode().strip(),) if pair else ()


def _user_data(instance: Any) -> bytes:
    data = instance.user_data
    return b"" if data is None else base64.b64decode(str(data))


def _metadata(instance: Any) -> dict[str, str]:
    """Return the instance metadata categories of the instance.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-metadata.html#instancedata-data-categories
    """
    values = {
        "ami-id": instance.image_id,
        "ami-launch-index": str(instance.ami_launch_index),
        "hostname": instance.private_dns_name,
        "instance-id": instance.id,
        "instance-life-cycle": instance.lifecycle or "on-demand",
        "instance-type": instance.instance_type,
        "local-hostname": instance.private_dns_name,
        "local-ipv4": instance.private_ip,
        "mac": instance.nics[0].mac_address,
        "placement/availability-zone": instance.placement.zone,
        "placement/region": instance.region_name,
        "security-groups": "\n".join(group.name for group in instance.security_groups),
    }
    if instance.public_ip:
        values |= {"public-hostname": instance.public_dns_name, "public-ipv4": instance.public_ip}
    for index, key in enumerate(_public_keys(instance)):
        values[f"public-keys/{index}/openssh-key"] = key
    if instance.metadata_options.instance_metadata_tags == "enabled":
        values |= {f"tags/instance/{tag['key']}": tag["value"] for tag in instance.get_tags()}
    return values
