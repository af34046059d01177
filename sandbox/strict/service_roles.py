# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role by which EC2 launches spot machines: the first spot launch of an account makes it, if the caller may.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html
Code, words and status are the service's own: https://github.com/determined-ai/determined/issues/1830 .
Whether a dry run asks for the role is not documented; ours doesn't.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.answers import AwsError
from sandbox.call import Call
from sandbox.other_services import everywhere
from sandbox.strict.caller import ACCOUNT

ACTION = "iam:CreateServiceLinkedRole"
PATH = "/aws-service-role/spot.amazonaws.com/"
ROLE = f"arn:aws:iam::{ACCOUNT}:role{PATH}AWSServiceRoleForEC2Spot"

REFUSAL = AwsError(
    "AuthFailure.ServiceLinkedRoleCreationNotPermitted",
    "The provided credentials do not have permission to create the service-linked role for EC2 Spot Instances.",
    403,
)


class ServiceRoles:
    """The service-linked roles of the account; it has that of spot until a test takes it away."""

    def __init__(self) -> None:
        self._spot = True

    def replace(self, value: Any) -> None:
        """Say by {"spot": bool} whether the account has the role; {}: it has.

        Raises:
            ValueError: anything else.
        """
        if not isinstance(value, dict) or not value.keys() <= {"spot"} or not isinstance(value.get("spot", True), bool):
            raise ValueError(f'The service-linked roles are {{"spot": true or false}}: {value!r}')
        self._spot = value.get("spot", True)

    def check(self, call: Call, denied: Callable[[str, str], bool]) -> None:
        """Make the role for a spot launch where it is missing; raise REFUSAL where the caller may not."""
        if self._spot or call.service != "ec2" or call.action != "RunInstances":
            return
        if call.params.get("InstanceMarketOptions.MarketType") != "spot" or call.params.get("DryRun") == "true":
            return
        made_by_hand = any(role["path"] == PATH for role in everywhere(ACCOUNT)["roles"])
        if not made_by_hand and denied(ACTION, ROLE):
            raise REFUSAL
        self._spot = True


ROLES = ServiceRoles()
