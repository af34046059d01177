# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every place where the sandbox reaches into moto and botocore, in one table, checked before the server answers.

moto is pinned because these are its private names; a name that has gone stops the start with a clear error.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from dataclasses import dataclass
from typing import Any

from sandbox.errors import SandboxError

MOTO_VERSION = "5.2.5"


@dataclass(frozen=True)
class Seam:
    """One attribute of moto that the sandbox replaces or builds on."""

    module: str
    attribute: str
    why: str


LOADER = Seam("botocore.session", "create_loader", "moto reads botocore's tables once instead of once a session")
EC2_DISPATCH = Seam("moto.ec2.urls", "url_paths", "EC2 calls go to our subclass of its responses")
LOAD_AMIS = Seam("moto.ec2.models.amis", "AmiBackend._load_amis", "our own images")
PUBLIC_IP = Seam("moto.ec2.models.elastic_network_interfaces", "random_public_ip", "public addresses on loopback")
ELASTIC_IP = Seam("moto.ec2.models.elastic_ip_addresses", "random_ip", "elastic addresses on loopback")
SSM_LOADING = Seam("moto.ssm.models", "ParameterDict._check_loading_status", "our images' parameters")
RUN_INSTANCES = Seam("moto.ec2.models.instances", "InstanceBackend.run_instances", "pending, then a host boots")
TERMINATE = Seam("moto.ec2.models.instances", "Instance.terminate", "the host ends first")
STOP = Seam("moto.ec2.models.instances", "Instance.stop", "the host stops first")
START = Seam("moto.ec2.models.instances", "Instance.start", "pending, then the host boots again")
REBOOT = Seam("moto.ec2.models.instances", "Instance.reboot", "the host reboots")
ATTACHMENT = Seam(
    "moto.ec2.models.elastic_block_store", "VolumeAttachment.instance_id", "DeleteOnTermination beside it"
)
ENI_ATTACHMENT = Seam("moto.ec2.models.elastic_network_interfaces", "NetworkInterface.attachment", "network cards")
ENI_ASSOCIATION = Seam(
    "moto.ec2.models.elastic_network_interfaces", "NetworkInterface.association", "whose a public address is"
)
INTERFACES = Seam("moto.ec2.models.instances", "Instance.network_interfaces", "a terminated instance has none")
DEFAULT_VPC = Seam("moto.ec2.models.vpcs", "VPCBackend.create_default_vpc", "a default VPC reaches the internet")
MODULES = Seam("moto.backends", "list_of_moto_modules", "one listing of its folders instead of one a call")
GET_TAGS = Seam("moto.ec2.models.core", "TaggedEC2Resource.get_tags", "one look-up instead of a scan")
GET_INSTANCE = Seam("moto.ec2.models.instances", "InstanceBackend.get_instance", "one look-up instead of a scan")
INSTANCE_FILTERS = Seam("moto.ec2.utils", "filter_dict_attribute_mapping", "filters that moto lacks")

SEAMS = tuple(value for value in list(globals().values()) if isinstance(value, Seam))


def check() -> None:
    """Raise SandboxError unless this is the moto that the sandbox was written for."""
    found = importlib.metadata.version("moto")
    if found != MOTO_VERSION:
        raise SandboxError(
            f"The sandbox needs moto {MOTO_VERSION}, found {found}. "
            f"Run: pip install 'moto[ec2,server,ssm]=={MOTO_VERSION}'"
        )
    for seam in SEAMS:
        original(seam)


def original(seam: Seam) -> Any:
    """Return what moto has at a seam; raise SandboxError where it has nothing."""
    holder, name = _owner(seam)
    try:
        return getattr(holder, name)
    except AttributeError as error:
        raise SandboxError(
            f"moto {MOTO_VERSION} has no {seam.module}.{seam.attribute} (needed for: {seam.why}). Reinstall it."
        ) from error


def replace(seam: Seam, replacement: Any) -> Any:
    """Put ``replacement`` at a seam and return what was there."""
    before = original(seam)
    holder, name = _owner(seam)
    setattr(holder, name, replacement)
    return before


def owner(seam: Seam) -> Any:
    """Return the module or class that holds a seam's attribute."""
    return _owner(seam)[0]


def _owner(seam: Seam) -> tuple[Any, str]:
    holder: Any = importlib.import_module(seam.module)
    *path, name = seam.attribute.split(".")
    for part in path:
        holder = getattr(holder, part, None)
    return holder, name
