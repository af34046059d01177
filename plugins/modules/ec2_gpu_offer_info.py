#!/usr/bin/python
# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options and result of comparing offers."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ec2_gpu_offer_info
version_added: 0.1.0
short_description: Find the best GPU machine that can be had, and its whole bill
description:
  - Finds every way to get a machine that meets the requirement, in all wanted regions, zones and markets, and puts them
    in order by market, price with disks and address, round trip and chance of success. Each says why it stands where it
    stands, and everything rejected has its reasons, each with its fix.
  - Quotes the whole bill of the best, running, for the lease, and stopped.
  - Regions are read side by side. What can't be read is reported and hides nothing else; when it is the price list, a
    dated table serves instead and says so.
  - Changes nothing and costs nothing.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - gpgpu.aws.requirement
  - gpgpu.aws.requirement.wish
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
    details: Reads only.
  diff_mode:
    support: none
    details: Reads only.
  platform:
    platforms: posix
seealso:
  - module: gpgpu.aws.ec2_gpu_run
author:
  - gpgpu.aws contributors (@gpgpu-aws)
"""

EXAMPLES = r"""
- name: Find one GPU of 24 GiB near Tokyo for less than two dollars an hour, on spot where possible
  gpgpu.aws.ec2_gpu_offer_info:
    vram_gib: 24
    regions: [all]
    near: ap-northeast-1
    markets: [spot, on-demand]
    max_hourly_usd: 2
  register: market

- name: Compare two types in two regions, with the bill of four machines for a day
  gpgpu.aws.ec2_gpu_offer_info:
    instance_types: [g5.xlarge, g6.xlarge]
    regions: [us-west-2, ap-northeast-1]
    count: 4
    lease_hours: 24
"""

RETURN = r"""
offers:
  description: Every type, zone and market that can be had, the best first.
  returned: success
  type: list
  elements: dict
  contains:
    instance_type:
      description: Instance type.
      type: str
      sample: g6.xlarge
    region:
      description: Region.
      type: str
      sample: ap-northeast-1
    zone:
      description: Availability zone; empty when AWS chooses.
      type: str
      sample: ap-northeast-1a
    market:
      description: V(spot), V(on-demand) or V(capacity-block).
      type: str
      sample: spot
    usd_per_hour:
      description: Price of one machine alone.
      type: float
      sample: 0.4812
    bill_usd_per_hour:
      description: The same with its disks and public address.
      type: float
      sample: 0.497159
    usd_for_lease:
      description: That of all machines for the whole lease.
      type: float
      sample: 3.9773
    gpu:
      description: The GPUs of a machine in words.
      type: str
      sample: 1 x L4 24 GiB
    gpu_name:
      description: Manufacturer and model as EC2 calls them.
      type: str
      sample: NVIDIA L4
    gpu_count:
      description: GPUs of a machine, a fraction counted as one.
      type: int
      sample: 1
    gpu_memory_mib:
      description: Memory of each GPU in MiB as EC2 tells it.
      type: int
      sample: 22888
    vram_gib:
      description: The same in GiB as its vendor calls it.
      type: float
      sample: 24
    vcpus:
      description: Virtual processors, which count against the quota.
      type: int
      sample: 4
    ram_gib:
      description: Main memory in GiB.
      type: float
      sample: 16
    architecture:
      description: Architecture to choose an image for.
      type: str
      sample: x86_64
    image_id:
      description: The image that it would start; empty when none could be read.
      type: str
      sample: ami-0123456789abcdef0
    latency_ms:
      description: Round trip to the region in milliseconds; null when it is not known.
      type: float
      sample: 1.0
    placement_score:
      description: AWS's guess from 1 to 10 that a spot request succeeds; null when it is not known.
      type: int
      sample: 8
    refused_recently:
      description: Whether AWS had no such machine when this controller asked some minutes ago.
      type: bool
      sample: false
    quota_code:
      description: The quota that the machine counts against.
      type: str
      sample: L-3819A6DF
    vcpu_room:
      description: vCPUs left in it; null when it could not be read.
      type: float
      sample: 64
    price_source:
      description: Where the price is from, V(price list), V(spot history), or the bundled table.
      type: str
      sample: spot history
    price_date:
      description: Since when it holds.
      type: str
      sample: 2026-11-23T10:00Z
    default_subnet:
      description: The subnet that the machine would stand in; empty when it is not known.
      type: str
      sample: subnet-0123456789abcdef0
    block_id:
      description: The capacity block to buy; empty in other markets.
      type: str
      sample: ""
    starts:
      description: When the block begins, UTC.
      type: str
      sample: ""
    ends:
      description: When the block ends, UTC. EC2 begins to end its machines 30 minutes before.
      type: str
      sample: ""
    upfront_usd:
      description: Fee of the block, of all machines together, due when it is bought; V(0) in other markets.
      type: float
      sample: 0.0
    problems:
      description: Always empty here; see RV(rejected).
      type: list
      elements: str
      sample: []
    reasons:
      description: What decided its place, in order.
      type: list
      elements: str
      sample:
        - spot is choice 1
        - $0.4972/h with disks and address
        - 1 ms away counts $0.0005/h
rejected:
  description: What can't be had, with every reason; those of a type and market that fail alike are one row.
  returned: success
  type: list
  elements: dict
  sample:
    - instance_type: g4dn.xlarge
      market: on-demand
      places: [ap-northeast-1]
      bill_usd_per_hour: 0.78
      problems:
        - "g4dn.xlarge (1 x T4 16 GiB) has less than 24 GiB of memory per GPU: set gpu_vram_gib to 16."
unread:
  description: What could not be read, with its region, the reason and the error code.
  returned: success
  type: list
  elements: dict
  sample: []
quote:
  description:
    - The bill of the first offer for all machines, as a sum and by item (compute, disks, public addresses, snapshots,
      traffic), per hour, per day, for the lease, and per day while the machines are stopped.
    - Empty when there is no offer.
  returned: success
  type: dict
  sample:
    instance_type: g6.xlarge
    count: 1
    lease_hours: 8.0
    currency: USD
    usd_per_hour: 0.511409
    usd_per_day: 12.2738
    usd_for_lease: 4.0913
    usd_stopped_per_day: 0.3156
    items:
      - what: disks
        detail: 1 x 100 GiB gp3
        usd_per_hour: 0.013151
        usd_per_day: 0.3156
        usd_for_lease: 0.1052
        usd_stopped_per_day: 0.3156
        price_source: price list
        price_date: "2026-11-01"
summary:
  description: The same as tables for people.
  returned: success
  type: list
  elements: str
  sample:
    - "#  Type       GPU            Zone               Market  Per hour  Lease  Away  Score  vCPU room  Remarks"
    - "1  g6.xlarge  1 x L4 24 GiB  ap-northeast-1a,c  spot    $0.4972   $3.98  1 ms  8      64         -"
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.module import GpuModule
from ansible_collections.gpgpu.aws.plugins.module_utils._money.quote import quote
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import (
    REQUIREMENT_ARGUMENTS,
    Requirement,
    requirement_from_params,
    requirement_problems,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.survey import FIRST_REGION, Survey, survey_offers
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.table import offer_summary, rejected_rows
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import WISH_ARGUMENTS, Wish, wish_from_params

ARGUMENT_SPEC = {**REQUIREMENT_ARGUMENTS, **WISH_ARGUMENTS}


def read_requirement(module: GpuModule) -> Requirement:
    """The requirement of the options.

    Raises:
        GpuError: with every problem of it, or without a region.
    """
    requirement = requirement_from_params(module.params, module.region or "")
    problems = requirement_problems(requirement)
    if problems:
        raise GpuError(" ".join(problems), "Nothing was read.", "bad_input", problems=problems)
    return requirement if requirement.regions else requirement_from_params(module.params, module.clients().region)


def survey(module: GpuModule, requirement: Requirement, wish: Wish) -> Survey:
    """Read all regions.

    Raises:
        GpuError: nothing at all could be read.
    """
    measure = module.params["measure_latency"]
    home = module.region or FIRST_REGION
    found = survey_offers(module.clients_in, requirement, wish, measure_latency=measure, home=home)
    if found.unread and not found.offers and not found.rejected:
        first = found.unread[0]
        raise GpuError(first["reason"], code=first["code"], unread=found.unread)
    return found


def report(found: Survey, requirement: Requirement, wish: Wish) -> dict[str, Any]:
    """The module's result."""
    bill: dict[str, Any] = {}
    if found.offers:
        best = found.offers[0]
        tariff = found.tariffs[best.region]
        bill = quote(best, tariff, wish, count=requirement.count, lease_hours=requirement.lease_hours)
    return {
        "changed": False,
        "offers": [offer.as_result(requirement.lease_hours, requirement.count) for offer in found.offers],
        "rejected": rejected_rows(found.rejected),
        "unread": found.unread,
        "quote": bill,
        "summary": offer_summary(found, requirement, bill),
    }


def main() -> None:
    """Entry point."""
    module = GpuModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    try:
        requirement, wish = read_requirement(module), wish_from_params(module.params)
        found = survey(module, requirement, wish)
    except (GpuError, AnsibleAWSError) as error:
        module.fail_gpu(error)
    module.exit_json(**report(found, requirement, wish))


if __name__ == "__main__":
    main()
