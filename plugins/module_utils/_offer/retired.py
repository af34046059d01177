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

# Families and sizes on offer (2026-10), to suggest the nearest when a name is unknown.
CURRENT: dict[str, tuple[str, ...]] = {
    "g4dn": (
        "xlarge",
        "2xlarge",
        "4xlarge",
        "8xlarge",
        "12xlarge",
        "16xlarge",
        "metal",
    ),
    "g5": (
        "xlarge",
        "2xlarge",
        "4xlarge",
        "8xlarge",
        "12xlarge",
        "16xlarge",
        "24xlarge",
        "48xlarge",
    ),
    "g5g": (
        "xlarge",
        "2xlarge",
        "4xlarge",
        "8xlarge",
        "16xlarge",
        "metal",
    ),
    "g6": (
        "xlarge",
        "2xlarge",
        "4xlarge",
        "8xlarge",
        "12xlarge",
        "16xlarge",
        "24xlarge",
        "48xlarge",
    ),
    "g6e": (
        "xlarge",
        "2xlarge",
        "4xlarge",
        "8xlarge",
        "12xlarge",
        "16xlarge",
        "24xlarge",
        "48xlarge",
    ),
    "g6f": (
        "large",
        "xlarge",
        "2xlarge",
        "4xlarge",
    ),
    "gr6": (
        "4xlarge",
        "8xlarge",
    ),
    "gr6f": ("4xlarge",),
    "g7": (
        "2xlarge",
        "4xlarge",
        "8xlarge",
        "12xlarge",
        "24xlarge",
        "48xlarge",
    ),
    "g7e": (
        "2xlarge",
        "4xlarge",
        "8xlarge",
        "12xlarge",
        "24xlarge",
        "48xlarge",
    ),
    "p3dn": ("24xlarge",),
    "p4d": ("24xlarge",),
    "p4de": ("24xlarge",),
    "p5": (
        "4xlarge",
        "48xlarge",
    ),
    "p5e": ("48xlarge",),
    "p5en": ("48xlarge",),
    "p6-b200": ("48xlarge",),
    "p6-b300": ("48xlarge",),
}


def refuse_type(name: str, region: str) -> GpuError:
    """The error for a type that DescribeInstanceTypes does not know in a region."""
    family = name.split(".", 1)[0]
    if family in RETIRED:
        gpu, today, source = RETIRED[family]
        return GpuError(
            f"Instance type {name} ({gpu}) is retired: EC2 no longer offers the {family} family ({source})",
            f"Today's equivalent is {today}: set gpu_instance_types to it.",
            "retired_instance_type",
            suggestion=today,
        )
    names = [f"{kind}.{size}" for kind, sizes in CURRENT.items() for size in sizes]
    near = get_close_matches(name, names, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    return GpuError(
        f"Instance type {name} is unknown in {region}",
        f"{hint}The quote playbook lists what each region offers.",
        "unknown_instance_type",
        suggestion=near[0] if near else "",
    )
