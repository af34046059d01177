# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Key pairs: deletion by id, tags that go with the pair, and the error for an unknown one."""

from __future__ import annotations

from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule
from sandbox.strict.tags import check_specifications


def make(call: Ec2Call, proceed: Proceed) -> Any:
    """Check name and tags, then create or import."""
    check_specifications(call.param("TagSpecifications", []), ("key-pair",))
    name = call.param("KeyName", "")
    if not name.isascii() or len(name) > 255:
        raise AwsError(
            "InvalidParameterValue", f"Value ({name}) for parameter KeyName is invalid: 1 to 255 ASCII characters."
        )
    return proceed()


def describe(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse unknown names and ids, then list."""
    pairs = call.backend.key_pairs
    for name in call.param("KeyNames", []):
        if name not in pairs:
            raise AwsError("InvalidKeyPair.NotFound", f"The key pair '{name}' does not exist")
    ids = call.param("KeyPairIds", [])
    for id in ids:
        if id not in {pair.id for pair in pairs.values()}:
            raise AwsError("InvalidKeyPair.NotFound", f"The key pair '{id}' does not exist")
    answer = proceed()
    if ids:
        answer["KeyPairs"] = [pair for pair in answer["KeyPairs"] if pair.id in ids]
    return answer


def delete(call: Ec2Call, proceed: Proceed) -> Any:
    """Delete by name or by id; a pair that isn't there is no error, as on AWS."""
    id = call.param("KeyPairId")
    pairs = call.backend.key_pairs.values()
    pair = next((pair for pair in pairs if id == pair.id or call.param("KeyName") == pair.key_name), None)
    if pair is None:
        return {"Return": True}
    call.params["KeyName"] = pair.key_name
    proceed()
    call.backend.tags.pop(pair.id, None)
    return {"Return": True, "KeyPairId": pair.id}


RULES: dict[str, Rule] = {
    "CreateKeyPair": make,
    "ImportKeyPair": make,
    "DescribeKeyPairs": describe,
    "DeleteKeyPair": delete,
}
