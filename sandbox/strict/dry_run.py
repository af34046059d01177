# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DryRun: whether the caller may make a call, which is not made.

It checks permissions and the request, not quotas, prices or capacity:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.strict.rule import Ec2Call, Proceed, Rule


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Stop a dry run below the checks of the request and above those of quota and capacity."""
    call.stop_if_dry_run()
    return proceed()


def guarded(responses: Any) -> dict[str, Callable[[Any], Any]]:
    """Return moto's method of each action that knows DryRun, with nothing done where it is asked for."""
    from moto.core.utils import camelcase_to_underscores, get_service_model

    model = get_service_model("ec2")
    guards = {}
    for action in model.operation_names:
        method = getattr(responses, camelcase_to_underscores(action), None)
        shape = model.operation_model(action).input_shape
        if method is not None and shape is not None and "DryRun" in shape.members:
            guards[method.__name__] = _guard(method)
    return guards


def _guard(method: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def answer(response: Any) -> Any:
        Ec2Call(response).stop_if_dry_run()
        return method(response)

    return answer


RULES: dict[str, Rule] = {"RunInstances": run_instances}
