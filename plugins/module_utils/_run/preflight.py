# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask AWS whether a launch may do what it is about to do: every missing permission and unaccepted term at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.permission import dry_runs
from ansible_collections.gpgpu.aws.plugins.module_utils._image.terms import Terms, accept_terms, terms_of
from ansible_collections.gpgpu.aws.plugins.module_utils._run.block import BuyCapacityBlock, block_request
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import Choice
from ansible_collections.gpgpu.aws.plugins.module_utils._run.place import CreatePlacementGroup
from ansible_collections.gpgpu.aws.plugins.module_utils._run.plan import (
    AcceptTerms,
    Action,
    BuyMachines,
    CreateSecurityGroup,
    ImportKey,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.request import (
    Purchase,
    key_pair_request,
    placement_group_request,
    purchase_request,
    run_tags,
    security_group_request,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec
from ansible_collections.gpgpu.aws.plugins.module_utils._run.user_data import HostKey
from ansible_collections.gpgpu.aws.plugins.module_utils._run.way_out import way_out_problems

# A dry run needs a key's shape and never uses it.
SAMPLE_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample"
# What does not exist before the launch has made it, so AWS could only refuse it.
NOT_YET = {"KeyName", "SecurityGroupIds", "ClientToken"}


def check_launch(
    clients: Clients, spec: LaunchSpec, choice: Choice, actions: Sequence[Action], *, consent: bool
) -> list[Action]:
    """Dry-run the calls of a launch that make something, and read the terms of its image, side by side.

    Parameters:
        consent: whether the person accepts terms that are free of charge.

    Returns:
        the acceptance of terms, when there is one to make.

    Raises:
        GpuError: with every missing permission, terms that can't be accepted, and a network without a way out.
    """
    requests = [request for action in actions for request in _request(spec, choice, action)]
    denied, terms, no_way = in_parallel(
        [
            lambda: dry_runs(clients, requests),
            lambda: terms_of(clients, choice.image),
            lambda: way_out_problems(clients, spec),
        ]
    )
    accept = terms is not None and terms.agreed is False
    # What AWS says of unaccepted terms, the reading of the terms says with their price, where they could be read.
    found = [error for error in denied if error.code != "OptInRequired" or not accept]
    if accept:
        found.extend(_terms_problem(clients, terms, consent))
    found.extend(GpuError(problem, code="no_way_out") for problem in no_way)
    if found:
        problems = [str(error) for error in found]
        raise GpuError(" ".join(problems), "Nothing was created.", found[0].code, problems=problems)
    return [AcceptTerms(terms)] if accept else []


def _terms_problem(clients: Clients, terms: Terms, consent: bool) -> list[GpuError]:
    """Why terms that are not accepted yet will not be."""
    if consent and terms.free:
        return []
    try:
        accept_terms(clients, terms, consent=False)
    except GpuError as error:
        return [error]
    return []


def _request(spec: LaunchSpec, choice: Choice, action: Action) -> list[tuple[str, dict[str, Any]]]:
    if isinstance(action, CreateSecurityGroup):
        return [("create_security_group", security_group_request(spec, action.vpc_id))]
    if isinstance(action, ImportKey):
        return [("import_key_pair", key_pair_request(spec, SAMPLE_KEY))]
    if isinstance(action, CreatePlacementGroup):
        return [("create_placement_group", placement_group_request(spec))]
    if isinstance(action, BuyCapacityBlock):
        return [("purchase_capacity_block", block_request(action.offering_id, run_tags(spec)))]
    if isinstance(action, BuyMachines):
        return [("run_instances", _purchase(spec, choice, action))]
    return []


def _purchase(spec: LaunchSpec, choice: Choice, action: BuyMachines) -> dict[str, Any]:
    """The request of a purchase, without what the launch itself will make."""
    request = purchase_request(Purchase(spec, choice, action.count, "", HostKey("", SAMPLE_KEY)), action.generation)
    for name in NOT_YET if spec.key_name == "" else NOT_YET - {"KeyName"}:
        request.pop(name, None)
    for interface in request.get("NetworkInterfaces", []):
        interface["Groups"] = []
    if spec.placement_strategy:
        request.get("Placement", {}).pop("GroupName", None)
    return request
