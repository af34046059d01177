# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security groups: words that EC2 accepts, and no deletion while something depends on the group.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule
from sandbox.strict.tags import check_specifications

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
TEXT = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}")


def create(call: Ec2Call, proceed: Proceed) -> Any:
    """Check the words, then create."""
    name, description = call.param("GroupName", ""), call.param("Description", "")
    check_specifications(call.param("TagSpecifications", []), ("security-group",))
    for parameter, value in (("GroupName", name), ("GroupDescription", description)):
        if not value.isascii():
            raise AwsError(
                "InvalidParameterValue",
                f"Value ({value}) for parameter {parameter} is invalid. Character sets beyond ASCII are not supported.",
            )
        if value and not TEXT.fullmatch(value):
            raise AwsError(
                "InvalidParameterValue",
                f"Value ({value}) for parameter {parameter} is invalid. "
                f"Valid are 1 to 255 of a-zA-Z0-9. _-:/()#,@[]+=&;{{}}!$*",
            )
    if name.startswith("sg-"):
        raise AwsError(
            "InvalidParameterValue",
            f"Value ({name}) for parameter GroupName is invalid. Group names may not be in the format sg-*.",
        )
    return proceed()


def authorize(call: Ec2Call, proceed: Proceed) -> Any:
    """Check the rules' descriptions, then authorise."""
    for permission in call.param("IpPermissions", []):
        for row in (*permission.get("IpRanges", []), *permission.get("Ipv6Ranges", [])):
            if row.get("Description") and not TEXT.fullmatch(row["Description"]):
                raise AwsError(
                    "InvalidParameterValue",
                    "Invalid rule description. Valid descriptions are strings less than 256 characters from the "
                    "following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
                )
    return proceed()


def delete(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse while a network interface has the group or another group's rule names it."""
    group = _find(call)
    if group.is_default:
        raise AwsError(
            "CannotDelete", f'the specified group: "{group.id}" name: "{group.name}" cannot be deleted by a user'
        )
    if any(group in interface.group_set for interface in call.backend.enis.values()) or _referenced(
        call.backend, group
    ):
        raise AwsError("DependencyViolation", f"resource {group.id} has a dependent object")
    proceed()
    call.backend.tags.pop(group.id, None)
    return {"Return": True, "GroupId": group.id}


def _find(call: Ec2Call) -> Any:
    wanted = call.param("GroupId") or call.param("GroupName")
    if not wanted:
        raise AwsError("MissingParameter", "The request must contain the parameter groupName or groupId")
    group = call.backend.get_security_group_by_name_or_id(wanted)
    if group is None:
        raise AwsError("InvalidGroup.NotFound", f"The security group '{wanted}' does not exist")
    return group


def _referenced(backend: Any, group: Any) -> bool:
    return any(
        rule.source_group.get("GroupId") == group.id
        for other in _groups(backend)
        if other is not group
        for rule in (*other.ingress_rules, *other.egress_rules)
    )


def _groups(backend: Any) -> Iterator[Any]:
    for groups in backend.groups.values():
        yield from groups.values()


RULES: dict[str, Rule] = {
    "CreateSecurityGroup": create,
    "AuthorizeSecurityGroupIngress": authorize,
    "AuthorizeSecurityGroupEgress": authorize,
    "DeleteSecurityGroup": delete,
}
