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
short_description: Compare what GPU machines cost and whether you may rent them
description:
  - For the given types and regions, tells in which zones they are offered, the on-demand and spot prices, and whether
    the account's vCPU quota has room. The best offer comes first.
  - Regions are read side by side. A region that can't be read is reported and does not hide the others.
  - Changes nothing and costs nothing.
options:
  instance_types:
    description:
      - Instance types to compare.
    type: list
    elements: str
    required: true
  regions:
    description:
      - Regions to compare. When empty, O(region).
    type: list
    elements: str
    default: []
  markets:
    description:
      - How to rent.
    type: list
    elements: str
    choices: [on-demand, spot]
    default: [on-demand, spot]
  lease_hours:
    description:
      - Hours of the lease, for the bill of a full lease.
    type: float
    default: 8
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
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
author:
  - gpgpu.aws contributors (@gpgpu-aws)
"""

EXAMPLES = r"""
- name: Compare two types in two regions
  gpgpu.aws.ec2_gpu_offer_info:
    instance_types: [g5.xlarge, g6.xlarge]
    regions: [us-west-2, ap-northeast-1]
  register: market
"""

RETURN = r"""
offers:
  description: Every type, zone and market, those that can be had first, the cheapest of them first.
  returned: success
  type: list
  elements: dict
  contains:
    instance_type:
      description: Instance type.
      type: str
      sample: g5.xlarge
    region:
      description: Region.
      type: str
      sample: us-west-2
    zone:
      description: Availability zone.
      type: str
      sample: us-west-2a
    market:
      description: V(on-demand) or V(spot).
      type: str
      sample: spot
    usd_per_hour:
      description: Price of the machine alone; null when none could be read.
      type: float
      sample: 0.4812
    bill_usd_per_hour:
      description: The same with a disk of 100 GiB and a public address.
      type: float
      sample: 0.497159
    usd_for_lease:
      description: The bill of a full lease.
      type: float
      sample: 3.9773
    gpu_name:
      description: Manufacturer and model.
      type: str
      sample: NVIDIA A10G
    gpu_count:
      description: GPUs of a machine, a fraction counted as one.
      type: int
      sample: 1
    gpu_memory_mib:
      description: Memory of each GPU in MiB.
      type: int
      sample: 22888
    vcpu:
      description: Virtual processors, which count against the quota.
      type: int
      sample: 4
    quota_code:
      description: The quota that the machine counts against.
      type: str
      sample: L-3819A6DF
    vcpu_room:
      description: vCPUs left in it; null when it could not be read.
      type: float
      sample: 64
    problems:
      description: Why it can't be had now, each with its fix.
      type: list
      elements: str
      sample: []
unread:
  description: Regions and types that could not be read, with the reason.
  returned: success
  type: list
  elements: dict
  sample: []
summary:
  description: The same as a table for people.
  returned: success
  type: list
  elements: str
  sample:
    - Type       GPU                   Zone        Market  Per hour  Full lease  vCPU room  Problems
    - g5.xlarge  1 x NVIDIA A10G 22 GiB  us-west-2a  spot    $0.4812   $3.98       64         -
"""

from functools import partial

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.module import GpuModule
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import rank
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.survey import Survey, survey_region
from ansible_collections.gpgpu.aws.plugins.module_utils._run.summary import offer_summary

ARGUMENT_SPEC = {
    "instance_types": {"type": "list", "elements": "str", "required": True},
    "regions": {"type": "list", "elements": "str", "default": []},
    "markets": {
        "type": "list",
        "elements": "str",
        "choices": ["on-demand", "spot"],
        "default": ["on-demand", "spot"],
    },
    "lease_hours": {"type": "float", "default": 8},
}


def survey(module: GpuModule) -> list[Survey]:
    """Read all regions side by side."""
    params = module.params
    clients = [module.clients_in(region) for region in params["regions"]] or [module.clients()]
    return in_parallel(partial(survey_region, one, params["instance_types"], params["markets"]) for one in clients)


def main() -> None:
    """Entry point."""
    module = GpuModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    try:
        surveys = survey(module)
    except (GpuError, AnsibleAWSError) as error:
        module.fail_gpu(error)
    offers = rank([offer for one in surveys for offer in one.offers])
    unread = [row for one in surveys for row in one.unread]
    rows = [offer.as_result(module.params["lease_hours"]) for offer in offers]
    module.exit_json(changed=False, offers=rows, unread=unread, summary=offer_summary(rows, unread))


if __name__ == "__main__":
    main()
