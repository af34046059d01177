# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What IAM knows of a request when it decides: the values of its condition keys.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.call import Call
from sandbox.strict import inventory
from sandbox.strict.caller import action_name
from sandbox.strict.policy import Context


def context(call: Call, action: str, resource: str) -> Context:
    """Return the condition keys of one action of a call on one resource.

    Parameters:
        action: the call's own, or one that it needs besides.
    """
    asked = tags_for(call, resource.rpartition(":")[2].partition("/")[0])
    found = {
        "aws:RequestedRegion": (call.region,),
        "aws:TagKeys": tuple(asked),
        **{f"aws:RequestTag/{key}": (value,) for key, value in asked.items()},
        **{f"aws:ResourceTag/{key}": (value,) for key, value in inventory.tags(resource).items()},
    }
    if action == "ec2:CreateTags" and action_name(call) != action:
        found["ec2:CreateAction"] = (call.action,)
    if resource.startswith("arn:aws:ec2:") and "MetadataOptions.HttpTokens" in call.params:
        found["ec2:MetadataHttpTokens"] = (str(call.params["MetadataOptions.HttpTokens"]),)
    if action == "iam:PassRole":
        found["iam:PassedToService"] = (f"{call.service}.amazonaws.com",)
    if action == "iam:CreateServiceLinkedRole":
        # EC2 makes the role of spot on the caller's behalf.
        found["iam:AWSServiceName"] = (str(call.params.get("AWSServiceName", "spot.amazonaws.com")),)
    return found


def tags_for(call: Call, kind: str) -> dict[str, str]:
    """Return the tags that a call asks for on one kind of resource."""
    if call.service != "ec2":
        return {}
    if call.action == "CreateTags":
        return _pairs(call.params, "Tag.")
    return {
        key: value
        for name, value_of in call.params.items()
        if name.endswith(".ResourceType") and value_of == kind
        for key, value in _pairs(call.params, f"{name.removesuffix('ResourceType')}Tag.").items()
    }


def _pairs(params: Mapping[str, Any], prefix: str) -> dict[str, str]:
    keys = {name: value for name, value in params.items() if name.startswith(prefix) and name.endswith(".Key")}
    return {str(key): str(params.get(f"{name.removesuffix('Key')}Value", "")) for name, key in keys.items()}
