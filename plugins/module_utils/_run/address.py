# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixed addresses of a run: one for each machine, found again by their tag, never two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import network
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import place as api
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock
from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags
from ansible_collections.gpgpu.aws.plugins.module_utils._run.interfaces import primary_interface
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ready import wait_running

# AWS attaches an address to a machine that runs. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html
RUNNING_SECONDS = 600.0


def assign_addresses(
    clients: Clients, run_id: str, labels: Mapping[str, str], ids: Sequence[str], clock: Clock
) -> None:
    """Give each machine an address of its own; one that an earlier attempt allocated is used before a new one.

    AllocateAddress takes no client token, so a lost answer may leave a second address: it is given back.

    Parameters:
        labels: the tags of the run.
        ids: the machines.

    Raises:
        AwsCallError: AWS refused, for example beyond the quota of addresses.
        GpuError: the machines do not run.
    """
    machines = wait_running(clients, ids, RUNNING_SECONDS, clock)
    held = api.find_addresses(clients.ec2, tags.by_run(run_id))
    settled = {row.get("NetworkInterfaceId") for row in held}
    wanting = [interface for interface in map(primary_interface, machines) if interface not in settled]
    free = [str(row["AllocationId"]) for row in held if not row.get("AssociationId")]
    request = {"Domain": "vpc", "TagSpecifications": [tags.specification("elastic-ip", labels)]}
    missing = len(wanting) - len(free)
    made = in_parallel(partial(api.allocate_address, clients.ec2, **request) for _number in range(missing))
    free += [str(row["AllocationId"]) for row in made]
    pairs = list(zip(free, wanting, strict=False))
    in_parallel(partial(api.associate_address, clients.ec2, address, interface) for address, interface in pairs)
    if pairs:
        _give_back_spare(clients, run_id, {address for address, _interface in pairs})


def _give_back_spare(clients: Clients, run_id: str, used: set[str]) -> None:
    for row in api.find_addresses(clients.ec2, tags.by_run(run_id)):
        if row["AllocationId"] not in used and not row.get("AssociationId"):
            network.release_address(clients.ec2, row["AllocationId"])
