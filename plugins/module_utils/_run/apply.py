# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry out the plan of a launch, one action after the other."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2, network
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError, GpuError, error_code
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock, poll
from ansible_collections.gpgpu.aws.plugins.module_utils._image.terms import accept_terms
from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags
from ansible_collections.gpgpu.aws.plugins.module_utils._run.block import BuyCapacityBlock, await_block, buy_block
from ansible_collections.gpgpu.aws.plugins.module_utils._run.buy import buy_machines, settle_trace
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import Choice
from ansible_collections.gpgpu.aws.plugins.module_utils._run.place import apply_place
from ansible_collections.gpgpu.aws.plugins.module_utils._run.plan import (
    AcceptTerms,
    Action,
    AllowSsh,
    BuyMachines,
    CreateSecurityGroup,
    ImportKey,
    NoteTrace,
    RevokeSsh,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.request import (
    Purchase,
    key_pair_request,
    run_tags,
    security_group_request,
    ssh_permissions,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ssh_key import (
    Runner,
    default_key_file,
    make_host_key,
    make_key,
    read_public_key,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.trace import trace_from_tag

# How long AWS may list what it refuses to make again: a name that stays unlisted is somebody else's.
# https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
NAMED_SECONDS = 60


@dataclass
class Launch:
    """A launch under way.

    Parameters:
        group_id: the run's security group, once known.
        bought: ids of the machines bought.
        done: the actions carried out.
        left: the actions still to do, the one that failed first.
        made: kind of resource (EC2's word) to the ids that the actions made or took over.
    """

    clients: Clients
    spec: LaunchSpec
    choice: Choice | None
    run: Runner
    clock: Clock
    group_id: str = ""
    bought: list[str] = field(default_factory=list)
    done: list[Action] = field(default_factory=list)
    left: list[Action] = field(default_factory=list)
    made: dict[str, list[str]] = field(default_factory=dict)

    def apply(self, actions: Sequence[Action]) -> None:
        """Do the actions in their order.

        Raises:
            AwsCallError, GpuError: the first action that fails ends the launch.
        """
        self.left = list(actions)
        while self.left:
            self._one(self.left[0])
            self.done.append(self.left.pop(0))

    def _one(self, action: Action) -> None:
        if isinstance(action, AcceptTerms):
            accept_terms(self.clients, action.terms, consent=True, seed=self.spec.run_id)
        elif isinstance(action, CreateSecurityGroup):
            self.group_id = self._security_group(action)
            self.made["security-group"] = [self.group_id]
        elif isinstance(action, NoteTrace):
            ec2.create_tags(self.clients.ec2, [self.group_id], {tags.TRACE: action.trace})
        elif isinstance(action, AllowSsh):
            self._allow(action)
        elif isinstance(action, RevokeSsh):
            self._revoke(action)
        elif isinstance(action, ImportKey):
            self._import_key(action)
            self.made["key-pair"] = [action.name]
        elif isinstance(action, BuyCapacityBlock):
            self._buy_block(action)
        elif isinstance(action, BuyMachines):
            self._buy(action)
        else:
            apply_place(self.clients, self.spec, action, self.bought, self.clock)

    def _security_group(self, action: CreateSecurityGroup) -> str:
        request = security_group_request(self.spec, action.vpc_id)
        labels = {**run_tags(self.spec), tags.TRACE: action.trace}
        request["TagSpecifications"] = [tags.specification("security-group", labels)]
        try:
            return network.create_security_group(self.clients.ec2, **request)
        except AwsCallError as error:
            if error_code(error) != "InvalidGroup.Duplicate":
                raise
        filters = [{"Name": "group-name", "Values": [action.name]}, *tags.by_run(self.spec.run_id)]
        _found, groups = poll(
            lambda: network.describe_security_groups(self.clients.ec2, Filters=filters), bool, NAMED_SECONDS, self.clock
        )
        if not groups:
            raise self._taken("Security group", action.name)
        self._take_over(groups[0], action.trace)
        return str(groups[0]["GroupId"])

    def _take_over(self, group: Mapping[str, Any], trace: str) -> None:
        """Use the group of a launch whose controller died, unless that launch bought something else."""
        earlier = trace_from_tag(tags.tags_of(group).get(tags.TRACE, ""), self.spec.region)
        ours = trace_from_tag(trace, self.spec.region)
        if earlier and ours and earlier.target != ours.target:
            ids = settle_trace(self.clients, self.spec.run_id, earlier, self.clock)
            if ids:
                raise GpuError(
                    f"An earlier launch of run {self.spec.run_id} bought {', '.join(ids)}, which AWS shows only now",
                    "Launch again to use them, or tear the run down.",
                    "purchase_invisible",
                )
        ec2.create_tags(self.clients.ec2, [str(group["GroupId"])], {tags.TRACE: trace})

    def _allow(self, action: AllowSsh) -> None:
        try:
            network.authorize_ingress(self.clients.ec2, self.group_id, ssh_permissions(action.cidrs, action.port))
        except AwsCallError as error:
            if error_code(error) != "InvalidPermission.Duplicate":
                raise

    def _revoke(self, action: RevokeSsh) -> None:
        network.revoke_ingress(self.clients.ec2, self.group_id, ssh_permissions(action.cidrs, action.port))

    def _import_key(self, action: ImportKey) -> None:
        public_key = read_public_key(self._private_key(), self.run)
        try:
            network.import_key_pair(self.clients.ec2, **key_pair_request(self.spec, public_key))
        except AwsCallError as error:
            if error_code(error) != "InvalidKeyPair.Duplicate":
                raise
            _found, pairs = poll(lambda: self._key_pairs(action.name), bool, NAMED_SECONDS, self.clock)
            if self.spec.run_id not in [tags.tags_of(pair).get(tags.RUN) for pair in pairs]:
                raise self._taken("Key pair", action.name) from error
            if public_key.split()[:2] != str(pairs[0].get("PublicKey", "")).split()[:2]:
                raise GpuError(
                    f"Run {self.spec.run_id} was started elsewhere: key pair {action.name} has another public key",
                    "Copy the key here, name it with gpu_key_file, or tear the run down and launch again.",
                    "key_elsewhere",
                ) from error

    def _key_pairs(self, name: str) -> list[dict[str, Any]]:
        by_name = [{"Name": "key-name", "Values": [name]}]
        return network.describe_key_pairs(self.clients.ec2, Filters=by_name, IncludePublicKey=True)

    def _private_key(self) -> str:
        if self.spec.key_file:
            return self.spec.key_file
        path = default_key_file(self.spec.region, self.spec.run_id)
        if not os.path.exists(path):
            make_key(path, self.spec.resource_name, self.run)
        return path

    def _buy_block(self, action: BuyCapacityBlock) -> None:
        """Buy the block; what is left to do is dropped when it does not hold its machines soon."""
        held = buy_block(self.clients, self.spec, action, run_tags(self.spec), self.clock)
        self.made["capacity-block"] = [held.id]
        self.spec = replace(self.spec, capacity_reservation_id=held.id)
        if action.later or not await_block(self.clients, held.id, self.clock):
            del self.left[1:]

    def _buy(self, action: BuyMachines) -> None:
        if self.choice is None:
            raise GpuError("Nothing was chosen to buy", code="no_choice")
        key = make_host_key(self.spec.run_id, self.run)
        purchase = Purchase(self.spec, self.choice, action.count, self.group_id, key)
        self.bought = buy_machines(self.clients, purchase, action.generation, self.clock)

    def _taken(self, what: str, name: str) -> GpuError:
        return GpuError(
            f"{what} {name} exists in {self.spec.region} without this run's tag",
            "Choose another run id, or delete it if it is yours.",
            "name_taken",
        )
