# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2 as the sandbox answers it: moto's responses with the rules around them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.ec2.responses import EC2Response

from sandbox import ec2_xml
from sandbox.strict import (
    addresses,
    allowed_images,
    capacity,
    capacity_blocks,
    capacity_reservations,
    console,
    cpu_options,
    default_network,
    disks,
    dry_run,
    idempotency,
    images,
    instance_connect,
    instance_types,
    key_pairs,
    lag,
    launch,
    launch_interfaces,
    marketplace,
    metadata_options,
    network_interfaces,
    paging,
    placement,
    placement_groups,
    placement_scores,
    profiles,
    quotas,
    regions,
    reserved_launch,
    security_groups,
    spot,
    spot_history,
    states,
    tags,
    volumes_at_launch,
    zones,
)
from sandbox.strict.rule import Ec2Call, Rule

# The first family is the outermost: a repeated token is answered before anything is checked again,
# and a list is cut into pages after everything else has been done to it. A dry run passes every check of the
# request and meets neither quotas nor capacity.
FAMILIES = (
    paging,
    idempotency,
    lag,
    launch,
    zones,
    allowed_images,
    images,
    marketplace,
    cpu_options,
    profiles,
    volumes_at_launch,
    disks,
    launch_interfaces,
    network_interfaces,
    placement_groups,
    states,
    reserved_launch,
    dry_run,
    quotas,
    capacity,
    placement,
    spot,
    spot_history,
    placement_scores,
    capacity_reservations,
    capacity_blocks,
    instance_connect,
    default_network,
    security_groups,
    key_pairs,
    addresses,
    tags,
    regions,
    instance_types,
    metadata_options,
    console,
)


def sandbox_ec2() -> Any:
    """Return the class that answers EC2 calls."""
    actions = dict.fromkeys(action for family in FAMILIES for action in family.RULES)
    methods = {
        **dry_run.guarded(EC2Response),
        **{camelcase_to_underscores(action): _method(action) for action in actions},
    }
    # moto shows every launched instance as pending; ours have a state of their own, also when a token is repeated.
    pending = "RunInstances.Reservation.Instances.Instance.State"
    shown = {path: show for path, show in EC2Response.RESPONSE_KEY_PATH_TO_TRANSFORMER.items() if path != pending}
    return type("SandboxEc2", (EC2Response,), {**methods, "RESPONSE_KEY_PATH_TO_TRANSFORMER": shown})


def _method(action: str) -> Callable[[Any], Any]:
    rules: list[Rule] = [family.RULES[action] for family in FAMILIES if action in family.RULES]
    moto_method = getattr(EC2Response, camelcase_to_underscores(action), None)

    def answer(response: Any) -> Any:
        call = Ec2Call(response)
        proceed = partial(_ask_moto, call, moto_method, response)
        for rule in reversed(rules):
            proceed = partial(rule, call, proceed)
        return _Answer(proceed())

    return answer


def _write(answer: Any, context: Any) -> tuple[int, dict[str, str], str]:
    """Put an answer into XML; takes the place of moto's ``ActionResult.execute_result``."""
    shown = context.response.RESPONSE_KEY_PATH_TO_TRANSFORMER
    return 200, {"Content-Type": "text/xml"}, ec2_xml.write(context.operation_model, answer.result, shown)


_Answer: Any = type("_Answer", (ActionResult,), {"execute_result": _write})


def _ask_moto(call: Ec2Call, moto_method: Any, response: Any) -> Any:
    call.stop_if_dry_run()
    return moto_method(response).result
