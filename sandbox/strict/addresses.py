# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic addresses: no release while associated.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html
"""

from __future__ import annotations

from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule


def release(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse an address that is in use."""
    id, public_ip = call.param("AllocationId"), call.param("PublicIp")
    address = next(
        (row for row in call.backend.addresses if row.allocation_id == id or row.public_ip == public_ip), None
    )
    if address is not None and address.association_id:
        raise AwsError("InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")
    answer = proceed()
    if address is not None:
        call.backend.tags.pop(address.id, None)
    return answer


RULES: dict[str, Rule] = {"ReleaseAddress": release}
