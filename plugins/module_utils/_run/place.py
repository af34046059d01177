# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the machines of a run stand: their placement group, what may pass between them, their endpoint and addresses.

Every action can be carried out again after a crash at any point: what exists with the run's tag is adopted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Union

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import network
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import place as api
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError, GpuError, error_code
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.network import Row
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock
from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags
from ansible_collections.gpgpu.aws.plugins.module_utils._run.address import assign_addresses
from ansible_collections.gpgpu.aws.plugins.module_utils._run.endpoint import endpoint_permissions, use_endpoint
from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import live
from ansible_collections.gpgpu.aws.plugins.module_utils._run.interfaces import has_fixed_address
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import Choice, RunState
from ansible_collections.gpgpu.aws.plugins.module_utils._run.request import placement_group_request, run_tags
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec


@dataclass(frozen=True)
class CreatePlacementGroup:
    """Make a placement group for the run."""

    name: str
    strategy: str

    def __str__(self) -> str:
        return f"create placement group {self.name} ({self.strategy})"


@dataclass(frozen=True)
class AllowBetween:
    """Let everything pass between the machines of the run, as elastic fabric adapters ask, and nothing else."""

    def __str__(self) -> str:
        return "allow all traffic between the machines of the run"


@dataclass(frozen=True)
class UseEndpoint:
    """Let the instance connect endpoint of the network in; make one when there is none.

    Parameters:
        port: where sshd listens.
        cidrs: who may log in through an endpoint that shows the machines its client's own address.
    """

    port: int
    cidrs: tuple[str, ...]

    def __str__(self) -> str:
        return f"allow SSH (port {self.port}) from the network's instance connect endpoint, made when there is none"


@dataclass(frozen=True)
class AssignAddresses:
    """Give machines a fixed address each."""

    count: int

    def __str__(self) -> str:
        return f"assign fixed addresses to {self.count} machines"


PlaceAction = Union[CreatePlacementGroup, AllowBetween, UseEndpoint, AssignAddresses]


def plan_before(spec: LaunchSpec, state: RunState, choice: Choice, ssh_port: int = 22) -> list[PlaceAction]:
    """What is made before the machines are bought, and after the run's security group; none of it costs anything.

    Parameters:
        state: what the run has in the region.
        ssh_port: where sshd listens on the machines.
    """
    actions: list[PlaceAction] = []
    if spec.placement_strategy and not state.ids("placement-group"):
        actions.append(CreatePlacementGroup(spec.resource_name, spec.placement_strategy))
    if spec.efa and choice.machine.fabric:
        actions.append(AllowBetween())
    if spec.access == "instance-connect-endpoint":
        actions.append(UseEndpoint(ssh_port, spec.allowed_cidrs))
    return actions


def plan_after(spec: LaunchSpec, state: RunState, ids: Sequence[str]) -> list[PlaceAction]:
    """What is done to machines that exist, before they are asked for SSH.

    Parameters:
        state: the run as it was read.
        ids: the machines of the run, those just bought included.
    """
    settled = {row["InstanceId"] for row in live(state.instances) if has_fixed_address(row)}
    waiting = set(ids) - settled
    return [AssignAddresses(len(waiting))] if spec.fixed_address and waiting else []


def apply_place(
    clients: Clients, spec: LaunchSpec, action: PlaceAction, ids: Sequence[str], clock: Clock | None = None
) -> None:
    """Carry out one action.

    Parameters:
        ids: the machines of the run; only AssignAddresses uses them, and waits until they run.

    Raises:
        AwsCallError: AWS refused.
        GpuError: a name is taken, or something did not come up in time.
    """
    time = clock or Clock()
    if isinstance(action, CreatePlacementGroup):
        _create_group(clients, spec, action)
    elif isinstance(action, AllowBetween):
        group = _security_group(clients, spec)
        own = [{"GroupId": group["GroupId"]}]
        # Both ways: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-start.html
        _permit(clients, group, [{"IpProtocol": "-1", "UserIdGroupPairs": own}])
        _permit_out(clients, group, [{"IpProtocol": "-1", "UserIdGroupPairs": own}])
    elif isinstance(action, UseEndpoint):
        group = _security_group(clients, spec)
        endpoint = use_endpoint(clients, spec, group, time)
        _permit(clients, group, endpoint_permissions(endpoint, action.port, action.cidrs))
    else:
        assign_addresses(clients, spec.run_id, run_tags(spec), ids, time)


def _create_group(clients: Clients, spec: LaunchSpec, action: CreatePlacementGroup) -> None:
    try:
        api.create_placement_group(clients.ec2, **placement_group_request(spec))
    except AwsCallError as error:
        if error_code(error) != "InvalidPlacementGroup.Duplicate":
            raise
        names = {"Name": "group-name", "Values": [action.name]}
        found = api.describe_placement_groups(clients.ec2, Filters=[names, *tags.by_run(spec.run_id)])
        strategies = [row["Strategy"] for row in found]
        if strategies != [action.strategy]:
            raise _name_taken(spec, action, strategies) from error


def _name_taken(spec: LaunchSpec, action: CreatePlacementGroup, strategies: Sequence[str]) -> GpuError:
    held = f"with the strategy {strategies[0]}" if strategies else "without this run's tag"
    return GpuError(
        f"Placement group {action.name} exists in {spec.region} {held}",
        "Choose another run id, name the group with gpu_placement_group, or delete it if it is yours.",
        "name_taken",
    )


def _security_group(clients: Clients, spec: LaunchSpec) -> Row:
    names = {"Name": "group-name", "Values": [spec.resource_name]}
    found = network.describe_security_groups(clients.ec2, Filters=[names, *tags.by_run(spec.run_id)])
    if not found:
        raise GpuError(
            f"Security group {spec.resource_name} of the run is not visible in {spec.region} yet",
            "Launch again in a minute.",
            "group_invisible",
        )
    group: Row = found[0]
    return group


def _permit(clients: Clients, group: Row, permissions: list[Row]) -> None:
    try:
        network.authorize_ingress(clients.ec2, group["GroupId"], permissions)
    except AwsCallError as error:
        if error_code(error) != "InvalidPermission.Duplicate":
            raise


def _permit_out(clients: Clients, group: Row, permissions: list[Row]) -> None:
    try:
        api.authorize_egress(clients.ec2, group["GroupId"], permissions)
    except AwsCallError as error:
        if error_code(error) != "InvalidPermission.Duplicate":
            raise
