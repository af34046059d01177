# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry out removals; a refusal is kept and told, and never stops the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2, network, place
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError, error_code, error_text
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock, poll
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.plan import Remove, unfinished

# Refusals that end by themselves: what stands in the way goes, AWS or the network comes back.
PASSING = (
    *("DependencyViolation", "InvalidIPAddress.InUse", "VolumeInUse", "IncorrectState", "InvalidParameterValue"),
    "InvalidPlacementGroup.InUse",
    *("RequestLimitExceeded", "InternalError", "ServiceUnavailable", "Unavailable"),
    *("EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ConnectionClosedError"),
)


class Refusals(dict[str, tuple[str, str]]):
    """What AWS refused: id -> (code, text)."""

    def lasting(self) -> bool:
        """Whether a refusal will not end by waiting, such as a missing permission."""
        return any(code not in PASSING for code, _text in self.values())


def apply_removals(clients: Clients, actions: Sequence[Remove], seconds: float, clock: Clock) -> Refusals:
    """Do the removals in order.

    Parameters:
        seconds: how long to wait for machines, and then for endpoints, to end.

    Returns:
        what AWS refused.
    """
    refusals = Refusals()
    for action in actions:
        if action.kind == "instance":
            _end_machines(clients, action.ids, seconds, clock, refusals)
        elif action.kind == "instance-connect-endpoint":
            _end_endpoints(clients, action.ids, seconds, clock, refusals)
        elif action.kind == "spot-instances-request":
            _try(partial(network.cancel_spot_requests, clients.ec2, list(action.ids)), action.ids, refusals)
        else:
            for one in action.ids:
                _try(partial(_REMOVERS[action.kind], clients.ec2, one), (one,), refusals)
    return refusals


def _end_machines(clients: Clients, ids: Sequence[str], seconds: float, clock: Clock, refusals: Refusals) -> None:
    _try(partial(ec2.terminate_instances, clients.ec2, list(ids)), ids, refusals)
    if refusals:
        return

    def read() -> list[dict[str, Any]]:
        return ec2.describe_instances(clients.ec2, InstanceIds=list(ids))

    poll(read, lambda rows: not unfinished(rows), seconds, clock)


def _end_endpoints(clients: Clients, ids: Sequence[str], seconds: float, clock: Clock, refusals: Refusals) -> None:
    """AWS deletes an endpoint only once it is made, and holds the security group until it is gone: minutes each."""

    def read() -> list[dict[str, Any]]:
        return place.find_endpoints(clients.ec2, [{"Name": "instance-connect-endpoint-id", "Values": list(ids)}])

    def coming(rows: list[dict[str, Any]]) -> bool:
        return any(row["State"] in ("create-in-progress", "update-in-progress") for row in rows)

    end = clock.now() + seconds
    _made, rows = poll(read, lambda rows: not coming(rows), seconds, clock)
    for row in rows:
        if not row["State"].startswith("delete-") or row["State"] == "delete-failed":
            one = str(row["InstanceConnectEndpointId"])
            _try(partial(place.delete_endpoint, clients.ec2, one), (one,), refusals)
    if not any(one in refusals for one in ids):
        left = max(0.0, end - clock.now())
        poll(read, lambda rows: all(row["State"] == "delete-complete" for row in rows), left, clock)


def _delete_group(client: Any, group_id: str) -> None:
    """AWS deletes a placement group by name, and the index of tags knows its id."""
    for row in place.describe_placement_groups(client, GroupIds=[group_id]):
        place.delete_placement_group(client, row["GroupName"])


def _release(client: Any, allocation_id: str) -> None:
    """AWS wants an address detached before it is released."""
    for row in network.describe_addresses(client, [allocation_id]):
        if row.get("AssociationId"):
            network.disassociate_address(client, row["AssociationId"])
    network.release_address(client, allocation_id)


_REMOVERS: dict[str, Callable[[Any, str], Any]] = {
    "capacity-reservation": place.cancel_reservation,
    "elastic-ip": _release,
    "volume": network.delete_volume,
    "network-interface": network.delete_network_interface,
    "security-group": network.delete_security_group,
    "key-pair": network.delete_key_pair,
    "placement-group": _delete_group,
}


def _try(call: Callable[[], Any], ids: Sequence[str], refusals: Refusals) -> None:
    try:
        call()
    except AwsCallError as error:
        refusals.update({one: (error_code(error), error_text(error)) for one in ids})
