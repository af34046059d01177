# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The truth: every resource of every region, with tags, hosts and their processes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox import other_services
from sandbox.strict.instance_connect import endpoints
from sandbox.strict.placement_groups import groups
from sandbox.strict.reservations import reservations
from sandbox.world import World


def snapshot(world: World) -> dict[str, Any]:
    """Return what exists now, by region and kind; regions that nobody called are left out."""
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.ec2.models import ec2_backends

    world.settle()
    account = ec2_backends[DEFAULT_ACCOUNT_ID]
    regions = {region: _region(world, account[region]) for region in sorted(account)}
    for region, kinds in regions.items():
        kinds.update(other_services.regional(DEFAULT_ACCOUNT_ID, region))
    return {"account": DEFAULT_ACCOUNT_ID, "regions": regions, "global": other_services.everywhere(DEFAULT_ACCOUNT_ID)}


def _region(world: World, backend: Any) -> dict[str, Any]:
    return {
        "instances": [_instance(world, instance) for instance in backend.all_instances()],
        "volumes": _rows(backend.volumes.values(), _volume),
        "addresses": _rows(
            backend.addresses,
            lambda address: {"public_ip": address.public_ip, "association_id": address.association_id},
        ),
        "network_interfaces": _rows(
            backend.enis.values(),
            lambda eni: {"status": eni.status, "instance_id": eni.instance.id if eni.instance else None},
        ),
        "security_groups": _rows(
            [group for groups in backend.groups.values() for group in groups.values()],
            lambda group: {"name": group.name, "default": group.is_default},
        ),
        "key_pairs": _rows(backend.key_pairs.values(), lambda pair: {"name": pair.key_name}),
        "spot_instance_requests": _rows(
            backend.spot_instance_requests.values(),
            lambda request: {"state": request.state, "instance_id": request.instance_id},
        ),
        "snapshots": _rows(
            [snapshot for snapshot in backend.snapshots.values() if snapshot.owner_id == backend.account_id],
            lambda snapshot: {"volume_id": snapshot.volume_id},
        ),
        "images": _rows(
            [image for image in backend.amis.values() if image.owner_id == backend.account_id],
            lambda image: {"name": image.name},
        ),
        "launch_templates": _rows(backend.launch_templates.values(), lambda template: {"name": template.name}),
        "capacity_reservations": _rows(
            reservations(backend.region_name), lambda row: {"state": row.state, "type": row.reservation_type}
        ),
        "instance_connect_endpoints": _rows(endpoints(backend.region_name), lambda row: {"state": row.state}),
        "placement_groups": _rows(groups(backend.region_name), lambda group: {"name": group.group_name}),
    }


def _volume(volume: Any) -> dict[str, Any]:
    return {
        "size_gib": volume.size,
        "type": volume.volume_type,
        "encrypted": volume.encrypted,
        "state": volume.status,
        "instance_id": volume.attachment.instance.id if volume.attachment else None,
    }


def _instance(world: World, instance: Any) -> dict[str, Any]:
    machine = world.lifecycle.machine(instance.id)
    host = machine.host if machine else None
    return {
        "id": instance.id,
        "state": instance.state,
        "state_reason": instance.state_reason.message or "",
        "type": instance.instance_type,
        "image_id": instance.image_id,
        "zone": instance.placement.zone,
        "lifecycle": instance.lifecycle or "on-demand",
        "public_ip": instance.public_ip,
        "client_token": instance.client_token,
        "shutdown_behavior": instance.instance_initiated_shutdown_behavior,
        "host": None if machine is None or host is None else {"address": machine.address, "pids": list(host.pids())},
        "tags": _tags(instance),
    }


def _rows(resources: Iterable[Any], describe: Any) -> list[dict[str, Any]]:
    return [{"id": resource.id, **describe(resource), "tags": _tags(resource)} for resource in resources]


def _tags(resource: Any) -> dict[str, str]:
    return dict(resource.ec2_backend.tags.get(resource.id, {}))
