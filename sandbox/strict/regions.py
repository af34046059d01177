# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DescribeRegions: the partition's regions, with the account's opt-in status.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
"""

from __future__ import annotations

from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.region_table import ENABLED_REGIONS, OPT_IN_REGIONS
from sandbox.strict.rule import Ec2Call, Proceed, Rule

REGIONS = {
    **dict.fromkeys(ENABLED_REGIONS, "opt-in-not-required"),
    **dict.fromkeys(OPT_IN_REGIONS, "not-opted-in"),
}


def describe(call: Ec2Call, _proceed: Proceed) -> Any:
    """Answer with the enabled regions, or with all of them where asked."""
    names = call.param("RegionNames", [])
    unknown = [name for name in names if name not in REGIONS]
    if unknown:
        raise AwsError("InvalidParameterValue", f"Invalid region names: {', '.join(unknown)}")
    every = call.param("AllRegions", False) or bool(names)
    wanted = call.filters()
    rows = [
        {"RegionName": name, "Endpoint": f"ec2.{name}.amazonaws.com", "OptInStatus": status}
        for name, status in sorted(REGIONS.items())
        if (every or status != "not-opted-in") and (not names or name in names)
    ]
    fields = {"region-name": "RegionName", "opt-in-status": "OptInStatus", "endpoint": "Endpoint"}
    return {"Regions": [row for row in rows if all(row[fields[name]] in values for name, values in wanted.items())]}


RULES: dict[str, Rule] = {"DescribeRegions": describe}
