# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What exists in EC2, as IAM asks for it: the tags behind an ARN, and the ARNs behind ids that are in none."""

from __future__ import annotations

import sys
from typing import Any

from sandbox.call import Call
from sandbox.strict.caller import ACCOUNT
from sandbox.strict.placement_groups import groups


def tags(arn: str) -> dict[str, str]:
    """Return the tags of a resource; none where there is no such resource (yet)."""
    _, _, service, region, _, resource = (arn.split(":", 5) + [""] * 5)[:6]
    backend = _backend(region) if service == "ec2" else None
    if backend is None:
        return {}
    kind, _, name = resource.partition("/")
    return dict(backend.tags.get(_id(backend, kind, name), {}))


def stands_for(call: Call) -> list[str]:
    """Return the resources, as ``kind/name``, that a call means by an id which no ARN holds.

    A key pair's ARN holds its name; an association is that of an address with a network interface.
    """
    backend = _backend(call.region)
    if backend is None:
        return []
    pair_id, association = call.params.get("KeyPairId"), call.params.get("AssociationId")
    pairs = [f"key-pair/{pair.key_name}" for pair in list(backend.key_pairs.values()) if pair.id == pair_id]
    held = [row for row in backend.addresses if association and row.association_id == association]
    interfaces = [f"network-interface/{row.eni.id}" for row in held if row.eni]
    return [*pairs, *(f"elastic-ip/{row.allocation_id}" for row in held), *interfaces]


def _id(backend: Any, kind: str, name: str) -> str:
    """Return the id under which tags are kept; key pairs and placement groups are called by their names."""
    if kind == "key-pair":
        return str(getattr(backend.key_pairs.get(name), "id", ""))
    if kind == "placement-group":
        return next((group.id for group in groups(backend.region_name) if group.group_name == name), "")
    return name


def _backend(region: str) -> Any:
    """Return EC2 of a region where something has called it already, else None."""
    module = sys.modules.get("moto.ec2.models")
    return module.ec2_backends[ACCOUNT].get(region) if module else None
