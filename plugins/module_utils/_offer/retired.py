# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GPU types that EC2 no longer offers, and what does their work today.

The API keeps their names, so a name in the API's list is not proof that it can be launched.
"""

from __future__ import annotations

from difflib import get_close_matches

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError

# Family -> (its GPU, today's equivalent, source). Sources read 2026-11.
RETIRED: dict[str, tuple[str, str, str]] = {
    "cg1": ("Tesla M2050", "g4dn.xlarge", "https://aws.amazon.com/ec2/previous-generation/"),
    "g2": ("GRID K520", "g4dn.xlarge", "https://aws.amazon.com/ec2/previous-generation/"),
    "g3": ("Tesla M60", "g4dn.xlarge", "https://github.com/SummitRoute/aws_breaking_changes/issues/114"),
    "g3s": ("Tesla M60", "g4dn.xlarge", "https://github.com/SummitRoute/aws_breaking_changes/issues/114"),
    "g4ad": ("AMD V520", "g4dn.xlarge", "https://github.com/vantage-sh/ec2instances.info/issues/996"),
    "p2": ("Tesla K80", "g4dn.xlarge", "https://github.com/eksctl-io/eksctl/pull/7826"),
    "p3": ("Tesla V100", "g6.xlarge", "https://github.com/zalando-incubator/kubernetes-on-aws/pull/8685"),
}

# Families on offer (2026-10), to suggest the nearest when a name is unknown.
CURRENT = (
    "g4dn.xlarge g4dn.2xlarge g4dn.4xlarge g4dn.8xlarge g4dn.12xlarge g4dn.16xlarge g4dn.metal "
    "g5.xlarge g5.2xlarge g5.4xlarge g5.8xlarge g5.12xlarge g5.16xlarge g5.24xlarge g5.48xlarge "
    "g5g.xlarge g5g.2xlarge g5g.4xlarge g5g.8xlarge g5g.16xlarge g5g.metal "
    "g6.xlarge g6.2xlarge g6.4xlarge g6.8xlarge g6.12xlarge g6.16xlarge g6.24xlarge g6.48xlarge "
    "g6e.xlarge g6e.2xlarge g6e.4xlarge g6e.8xlarge g6e.12xlarge g6e.16xlarge g6e.24xlarge g6e.48xlarge "
    "g6f.large g6f.xlarge g6f.2xlarge g6f.4xlarge gr6.4xlarge gr6.8xlarge gr6f.4xlarge "
    "g7e.2xlarge g7e.4xlarge g7e.8xlarge g7e.12xlarge g7e.24xlarge g7e.48xlarge "
    "p4d.24xlarge p4de.24xlarge p5.4xlarge p5.48xlarge p5e.48xlarge p5en.48xlarge "
    "p6-b200.48xlarge p6-b300.48xlarge"
).split()


def refuse_type(name: str, region: str) -> GpuError:
    """The error for a type that DescribeInstanceTypes does not know in a region."""
    family = name.split(".", 1)[0]
    if family in RETIRED:
        gpu, today, source = RETIRED[family]
        return GpuError(
            f"Instance type {name} ({gpu}) is retired: EC2 no longer offers the {family} family ({source})",
            f"Today's equivalent is {today}: set gpu_instance_type to it.",
            "retired_instance_type",
            suggestion=today,
        )
    near = get_close_matches(name, CURRENT, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    return GpuError(
        f"Instance type {name} is unknown in {region}",
        f"{hint}The quote playbook lists what each region offers.",
        "unknown_instance_type",
        suggestion=near[0] if near else "",
    )
