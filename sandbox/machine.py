# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands behind one instance, described to the host that will be it."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sandbox.environment import SSH_PORT
from sandbox.gpu.catalog import pretend_gpu
from sandbox.hosts.base import HostSpec
from sandbox.images import catalog

METADATA = Path("control/metadata.json")
"""What has changed of a host's instance metadata since its boot, below its folder."""

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


def boot_anew(folder: Path) -> None:
    """Forget what a host was told during its last boot: the next one is told everything."""
    (folder / METADATA).unlink(missing_ok=True)


def tell_address(instance: Any, folder: Path) -> None:
    """Show the present public address of an instance in its host's metadata; nothing where it has no host.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
    """
    told = folder / METADATA
    draft = told.with_suffix(".new")
    # The folder goes with its host, which may be at this moment.
    with suppress(FileNotFoundError):
        draft.write_text(json.dumps({**_told(told), **_public_address(instance)}), encoding="utf-8")
        draft.chmod(0o644)
        os.replace(draft, told)


def _told(path: Path) -> dict[str, str | None]:
    with suppress(FileNotFoundError):
        values: dict[str, str | None] = json.loads(path.read_text(encoding="utf-8"))
        return values
    return {}


def _public_address(instance: Any) -> Mapping[str, str | None]:
    """Return the metadata categories of the public address; without a text where the instance has none."""
    address = instance.public_ip
    return {"public-hostname": instance.public_dns_name if address else None, "public-ipv4": address or None}


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
    values |= {path: text for path, text in _public_address(instance).items() if text is not None}
    for index, key in enumerate(_public_keys(instance)):
        values[f"public-keys/{index}/openssh-key"] = key
    if instance.metadata_options.instance_metadata_tags == "enabled":
        values |= {f"tags/instance/{tag['key']}": tag["value"] for tag in instance.get_tags()}
    return values
