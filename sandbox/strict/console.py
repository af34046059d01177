# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GetConsoleOutput: what the host's console shows.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule

# The last 64 KB are kept.
KEPT_BYTES = 65536

# Says what the console of an instance shows; the world puts the lifecycle's answer here.
_consoles: list[Callable[[str], str]] = []


def connect(console: Callable[[str], str]) -> None:
    """Take the console from ``console(instance_id)`` from now on."""
    _consoles[:] = [console]


def get_output(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer GetConsoleOutput."""
    id = call.param("InstanceId")
    if call.backend.get_instance_by_id(id) is None:
        raise AwsError("InvalidInstanceID.NotFound", f"The instance ID '{id}' does not exist")
    call.stop_if_dry_run()
    text = _consoles[0](id).encode()[-KEPT_BYTES:]
    return {"InstanceId": id, "Timestamp": datetime.now(UTC), "Output": base64.b64encode(text).decode()}


RULES: dict[str, Rule] = {"GetConsoleOutput": get_output}
