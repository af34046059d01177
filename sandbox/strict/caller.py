# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who calls, and what IAM calls the call."""

from __future__ import annotations

from sandbox.call import Call

ACCOUNT = "123456789012"

# As sts:GetCallerIdentity names the caller.
CALLER_ARN = f"arn:aws:sts::{ACCOUNT}:user/moto"

# Where IAM's prefix isn't the signing name.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
PREFIXES = {"monitoring": "cloudwatch", "tagging": "tag"}


def action_name(call: Call) -> str:
    """Return the IAM action of a call, such as ``ec2:RunInstances``."""
    return f"{PREFIXES.get(call.service, call.service)}:{call.action}"
