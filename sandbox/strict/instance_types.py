# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DescribeInstanceTypes knows only the types that its region offers.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html
"""

from __future__ import annotations

from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.rule import Ec2Call, Proceed, Rule


def describe(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse types that the region hasn't, and leave them out of lists."""
    from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS

    offered = {row["InstanceType"] for row in INSTANCE_TYPE_OFFERINGS["region"].get(call.region, [])}
    missing = [name for name in call.param("InstanceTypes", []) if name not in offered]
    if missing:
        raise AwsError(
            "InvalidInstanceType", f"The following supplied instance types do not exist: [{', '.join(missing)}]"
        )
    answer = proceed()
    return {**answer, "InstanceTypes": [row for row in answer["InstanceTypes"] if row["InstanceType"] in offered]}


RULES: dict[str, Rule] = {"DescribeInstanceTypes": describe}
