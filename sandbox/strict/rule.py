# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rule is: a function around one EC2 call, which may refuse it, change it, or mend its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.answers import AwsError


class Ec2Call:
    """One EC2 call on its way to moto; ``params`` has the shape of boto3's parameters and may be changed."""

    def __init__(self, response: Any) -> None:
        self.params: dict[str, Any] = response.params
        self.region: str = response.region
        self.backend: Any = response.ec2_backend
        self.reserved = False
        """Whether a capacity reservation holds the machines of this launch."""
        self._response = response

    def param(self, path: str, default: Any = None) -> Any:
        """Return a parameter by its dotted name, such as ``Placement.AvailabilityZone``."""
        value: Any = self.params
        for name in path.split("."):
            if not isinstance(value, dict) or name not in value:
                return default
            value = value[name]
        return value

    def filters(self) -> dict[str, list[str]]:
        """Return the call's filters by name."""
        return {row["Name"]: row.get("Values", []) for row in self.params.get("Filters", [])}

    def stop_if_dry_run(self) -> None:
        """Raise DryRunOperation where the caller only asked whether the call would pass."""
        if self.params.get("DryRun"):
            raise AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)


Proceed = Callable[[], Any]

# Calls ``proceed`` for the answer of the rules below it and, at the bottom, of moto.
Rule = Callable[[Ec2Call, Proceed], Any]
