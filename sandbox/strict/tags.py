# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags: what may be said, on what, and DescribeTags for every kind of resource that exists.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
"""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule

KEY_LENGTH = 127
VALUE_LENGTH = 255
PER_RESOURCE = 50

# Prefix of an id: (its resource type, its error code, where the region's backend keeps such resources).
KINDS: Mapping[str, tuple[str, str, str]] = {
    "i": ("instance", "InvalidInstanceID.NotFound", "reservations"),
    "vol": ("volume", "InvalidVolume.NotFound", "volumes"),
    "eni": ("network-interface", "InvalidNetworkInterfaceID.NotFound", "enis"),
    "eipalloc": ("elastic-ip", "InvalidAllocationID.NotFound", "addresses"),
    "sg": ("security-group", "InvalidGroup.NotFound", "groups"),
    "key": ("key-pair", "InvalidKeyPair.NotFound", "key_pairs"),
    "sir": ("spot-instances-request", "InvalidSpotInstanceRequestID.NotFound", "spot_instance_requests"),
    "snap": ("snapshot", "InvalidSnapshot.NotFound", "snapshots"),
    "ami": ("image", "InvalidAMIID.NotFound", "amis"),
    "lt": ("launch-template", "InvalidLaunchTemplateId.NotFound", "launch_templates"),
}
OTHER_KINDS: Mapping[str, str] = {
    "pg": "placement-group",
    "sgr": "security-group-rule",
    "subnet": "subnet",
    "vpc": "vpc",
    "rtb": "route-table",
    "igw": "internet-gateway",
    "fleet": "fleet",
    "cr": "capacity-reservation",
    "cb": "capacity-block",
    "eice": "instance-connect-endpoint",
}


def check_specifications(specifications: Iterable[Mapping[str, Any]], allowed: Collection[str]) -> None:
    """Refuse TagSpecifications for kinds that the call doesn't make, or with tags that EC2 refuses."""
    for specification in specifications:
        kind = specification.get("ResourceType")
        if kind not in allowed:
            raise AwsError(
                "InvalidParameterValue", f"'{kind}' is not a valid taggable resource type for this operation."
            )
        check_tags(specification.get("Tags", []))


def check_tags(tags: Iterable[Mapping[str, Any]]) -> None:
    """Refuse tags that EC2 refuses."""
    rows = list(tags)
    for row in rows:
        key, value = row.get("Key", ""), row.get("Value") or ""
        if not key:
            raise AwsError("InvalidParameterValue", "Tag key cannot be empty.")
        if key.lower().startswith("aws:"):
            raise AwsError("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use")
        if len(key) > KEY_LENGTH:
            raise AwsError("InvalidParameterValue", f"Tag key exceeds the maximum length of {KEY_LENGTH} characters")
        if len(value) > VALUE_LENGTH:
            raise AwsError(
                "InvalidParameterValue", f"Tag value exceeds the maximum length of {VALUE_LENGTH} characters"
            )
    keys = [row["Key"] for row in rows]
    if len(set(keys)) < len(keys):
        raise AwsError("InvalidParameterValue", "Duplicate tag key specified.")
    if len(rows) > PER_RESOURCE:
        raise AwsError("TagLimitExceeded", f"The maximum number of tags per resource is {PER_RESOURCE}.")


def specified(specifications: Iterable[Mapping[str, Any]], kind: str) -> dict[str, str]:
    """Return the tags that TagSpecifications give to one kind of resource."""
    return {
        row["Key"]: row.get("Value") or ""
        for specification in specifications
        if specification.get("ResourceType") == kind
        for row in specification.get("Tags", [])
    }


def create(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse to tag what doesn't exist, then tag."""
    check_tags(call.param("Tags", []))
    for id in call.param("Resources", []):
        prefix = _prefix(id)
        if prefix in KINDS and id not in _ids(call.backend, prefix):
            kind, code, _ = KINDS[prefix]
            raise AwsError(code, f"The {kind} ID '{id}' does not exist")
    if _prefix(call.param("Resources", [""])[0]) not in OTHER_KINDS:
        return proceed()
    call.stop_if_dry_run()
    call.backend.create_tags(
        call.param("Resources"), {row["Key"]: row.get("Value") or "" for row in call.param("Tags")}
    )
    return None


def describe(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer DescribeTags; filters key, value, resource-id, resource-type and tag:KEY, with * and ?."""
    existing = {prefix: _ids(call.backend, prefix) for prefix in KINDS}
    rows = [
        {"ResourceId": id, "ResourceType": _kind(id), "Key": key, "Value": value}
        for id, tags in call.backend.tags.items()
        if id in existing.get(_prefix(id), (id,))
        for key, value in tags.items()
    ]
    filters = call.filters()
    return {"Tags": [row for row in rows if all(_passes(row, name, wanted) for name, wanted in filters.items())]}


FIELDS = {"key": "Key", "value": "Value", "resource-id": "ResourceId", "resource-type": "ResourceType"}


def _passes(row: Mapping[str, str], name: str, wanted: list[str]) -> bool:
    if name.startswith("tag:"):
        return row["Key"] == name[4:] and any(fnmatch.fnmatchcase(row["Value"], pattern) for pattern in wanted)
    if name not in FIELDS:
        raise AwsError("InvalidParameterValue", f"The filter '{name}' is invalid")
    return any(fnmatch.fnmatchcase(row[FIELDS[name]], pattern) for pattern in wanted)


def _ids(backend: Any, prefix: str) -> Collection[str]:
    kept = getattr(backend, KINDS[prefix][2])
    if prefix == "i":
        return {instance.id for reservation in kept.values() for instance in reservation.instances}
    if prefix == "sg":
        return {id for groups in kept.values() for id in groups}
    if prefix == "eipalloc":
        return {address.id for address in kept}
    if prefix == "key":
        return {pair.id for pair in kept.values()}
    ids: Collection[str] = kept.keys()
    return ids


def _kind(id: str) -> str:
    prefix = _prefix(id)
    return KINDS[prefix][0] if prefix in KINDS else OTHER_KINDS.get(prefix, prefix)


def _prefix(id: str) -> str:
    return id.partition("-")[0]


RULES: dict[str, Rule] = {"CreateTags": create, "DescribeTags": describe}
