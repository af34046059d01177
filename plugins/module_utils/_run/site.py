# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site of a run: the network its machines will stand in, and who may enter it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import network
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import ROOT_FLOOR_GIB
from ansible_collections.gpgpu.aws.plugins.module_utils._run.block import block_to_buy
from ansible_collections.gpgpu.aws.plugins.module_utils._run.desk import Desk
from ansible_collections.gpgpu.aws.plugins.module_utils._run.failover import Target
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import Choice, caller_range
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec


@dataclass(frozen=True)
class Site:
    """The site of a run, the same for every attempt.

    Parameters:
        vpc_id: network of the named subnet; empty for the default VPC.
        zone: of the named subnet; empty where none is named.
        cidrs: address ranges that may log in.
    """

    vpc_id: str
    zone: str
    cidrs: tuple[str, ...]


def read_site(clients: Clients, spec: LaunchSpec, desk: Desk) -> Site:
    """The site of a run that lacks machines.

    Parameters:
        clients: of the named subnet's region.

    Raises:
        AwsCallError, GpuError: the subnet or the caller's address could not be read.
    """
    cidrs = let_in(spec, desk)
    if not spec.subnet_id:
        return Site("", "", cidrs)
    subnet = network.describe_subnet(clients.ec2, spec.subnet_id)
    return Site(subnet["VpcId"], subnet["AvailabilityZone"], cidrs)


def let_in(spec: LaunchSpec, desk: Desk) -> tuple[str, ...]:
    """Who may log in: nobody by the network itself, where a tunnel of AWS is used."""
    if spec.access != "ssh":
        return ()
    return spec.allowed_cidrs or (caller_range(desk.caller()),)


def choice_at(site: Site, spec: LaunchSpec, target: Target, missing: int, number: int) -> Choice:
    """What the machines of a target will be made of.

    Parameters:
        missing: machines to buy.
        number: of the attempt within the run.

    Raises:
        GpuError: the offer has no image or no price.
    """
    offer = target.offer
    if offer.image is None or offer.rate is None:
        raise GpuError(f"{target} has no image or no price", code="no_choice")
    root_gib = spec.root_volume_gib or max(offer.image.root_gib, ROOT_FLOOR_GIB)
    now = datetime.now(timezone.utc)
    block = block_to_buy(offer, missing, now)
    place = (root_gib, site.vpc_id, site.cidrs)
    return Choice(offer.machine, offer.image, offer.rate, *place, now, number, block, offer.notes)
