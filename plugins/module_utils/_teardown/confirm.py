# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the listed resources still exist: the index of tags lags behind, the resources themselves do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2, network, place
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import RunState, read_run
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.plan import bound_to

Rows = list[dict[str, Any]]

# A reservation of this type can't be cancelled, so it is a kind of its own.
_BLOCK = "capacity-block"

# States in which a spot request is over. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html
_SPOT_OVER = ("closed", "cancelled", "failed")
# States in which a capacity reservation holds nothing.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CapacityReservation.html
_RESERVATION_OVER = ("expired", "cancelled", "failed", "payment-failed", "unsupported")


def _spot(client: Any, ids: list[str]) -> Rows:
    return [row for row in network.describe_spot_requests(client, ids) if row["State"] not in _SPOT_OVER]


def _groups(client: Any, ids: list[str]) -> Rows:
    return network.describe_security_groups(client, Filters=[{"Name": "group-id", "Values": ids}])


def _keys(client: Any, ids: list[str]) -> Rows:
    return network.describe_key_pairs(client, Filters=[{"Name": "key-pair-id", "Values": ids}])


def _machines(client: Any, ids: list[str]) -> Rows:
    """One by one, because an id that is unknown would hide the others."""
    reads = [partial(ec2.describe_instances, client, InstanceIds=[one]) for one in ids]
    return [row for rows in in_parallel(reads) for row in rows]


def _reservations(client: Any, ids: list[str]) -> Rows:
    """One by one, because an id that is unknown would hide the others."""
    rows = [row for one in ids for row in place.describe_reservations(client, [one])]
    return [row for row in rows if row["State"] not in _RESERVATION_OVER]


def _endpoints(client: Any, ids: list[str]) -> Rows:
    filters = [{"Name": "instance-connect-endpoint-id", "Values": ids}]
    return [row for row in place.find_endpoints(client, filters) if row["State"] != "delete-complete"]


def _placement_groups(client: Any, ids: list[str]) -> Rows:
    rows = [row for one in ids for row in place.describe_placement_groups(client, GroupIds=[one])]
    return [row for row in rows if row["State"] != "deleted"]


# Kind -> (how to read it by id, the field with its id).
READERS: dict[str, tuple[Callable[[Any, list[str]], Rows], str]] = {
    "spot-instances-request": (_spot, "SpotInstanceRequestId"),
    "capacity-reservation": (_reservations, "CapacityReservationId"),
    "elastic-ip": (network.describe_addresses, "AllocationId"),
    "volume": (network.describe_volumes, "VolumeId"),
    "instance-connect-endpoint": (_endpoints, "InstanceConnectEndpointId"),
    "network-interface": (network.describe_network_interfaces, "NetworkInterfaceId"),
    "security-group": (_groups, "GroupId"),
    "key-pair": (_keys, "KeyPairId"),
    "placement-group": (_placement_groups, "GroupId"),
}


def read_existing(clients: Clients, run_id: str, kinds: tuple[str, ...]) -> RunState:
    """The run as it is: listed resources of the kinds are looked up, one call for each kind that is listed.

    Parameters:
        kinds: which kinds to look up; the others are taken from the list as they stand.
    """
    state = read_run(clients, run_id)
    hidden = sorted(set(state.ids("instance")) - {row["InstanceId"] for row in state.instances})
    machines = list(state.instances)
    if hidden:
        machines += _machines(clients.ec2, hidden)
    resources = dict(state.resources)
    bound = bound_to(machines)
    for kind in kinds:
        listed = [one for one in resources.get(kind, []) if one not in bound]
        if listed:
            read, field = READERS[kind]
            rows = read(clients.ec2, listed)
            blocks = [row[field] for row in rows if row.get("ReservationType") == _BLOCK]
            gone = set(listed) - {row[field] for row in rows}
            resources[kind] = [one for one in resources[kind] if one not in gone and one not in blocks]
            if blocks:
                resources[_BLOCK] = sorted({*resources.get(_BLOCK, []), *blocks})
    return replace(state, resources=resources, instances=machines)
