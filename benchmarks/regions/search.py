# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same search in any number of regions, by each system: one GPU of 24 GB, on spot or on demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.systems import PLAYBOOK

# All that an account has without opting in, the sandbox's own first.
# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
REGIONS = (
    *("us-west-2", "us-east-1", "eu-west-1", "ap-northeast-1", "us-east-2", "eu-central-1", "ap-southeast-2"),
    *("ap-south-1", "us-west-1", "ca-central-1", "sa-east-1", "eu-west-2", "eu-west-3", "eu-north-1"),
    *("ap-northeast-2", "ap-northeast-3", "ap-southeast-1"),
)
# A call that every system makes in every region.
IN_EVERY_REGION = "DescribeInstanceTypes"


@dataclass(frozen=True)
class Search:
    """One way to search.

    Parameters:
        name: short, for the table.
        words: words of a command, in which {regions} is filled in.
    """

    name: str
    words: tuple[str, ...]

    def command(self, regions: Sequence[str]) -> list[str]:
        """Return the command that searches some regions, to be run in the clone."""
        return [word.format(regions=",".join(regions)) for word in self.words]


WANTED = "gpu_vram_gib=24 gpu_markets=spot,on-demand gpu_measure_latency=false gpu_regions={regions}"
OURS = Search("gpgpu.aws", (PLAYBOOK, "playbooks/quote.yml", "-e", WANTED))
PLAIN = Search("amazon.aws", (PLAYBOOK, "benchmarks/plain/quote.yml", "-e", "regions={regions}"))
SEARCHES = (OURS, PLAIN)
