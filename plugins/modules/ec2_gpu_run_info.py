#!/usr/bin/python
# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options and result of reading runs."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ec2_gpu_run_info
version_added: 0.1.0
short_description: Read the runs of one or more regions, their machines, leases and cost
description:
  - Tells what is rented, since when, until when, and what it has cost so far. One call to AWS for each region, for any
    number of runs.
  - Changes nothing.
options:
  run_id:
    description:
      - Name of a run. When not given, all runs.
    type: str
    default: ""
  regions:
    description:
      - Regions to read, side by side; V(all) means every region that the account has enabled.
      - When empty, O(region).
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - gpgpu.aws.run.reach
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
- name: Show all runs of a region
  gpgpu.aws.ec2_gpu_run_info:
    region: us-west-2
  register: found

- name: Find the machines of one run wherever they are
  gpgpu.aws.ec2_gpu_run_info:
    regions: [all]
    run_id: eight-schools
"""

RETURN = r"""
runs:
  description: One entry for each run that has a machine, sorted by name.
  returned: success
  type: list
  elements: dict
  contains:
    run_id:
      description: Name of the run.
      type: str
      sample: eight-schools
    region:
      description: Region of the run.
      type: str
      sample: us-west-2
    owner:
      description: Who answers for it.
      type: str
      sample: ada
    lease_end:
      description: When it ends whatever happens, UTC.
      type: str
      sample: "2026-11-23T14:00:00Z"
    overdue:
      description: Whether its lease is over and machines are still there.
      type: bool
      sample: false
    age_seconds:
      description: Seconds since its first machine was launched.
      type: int
      sample: 1800
    running_usd_per_hour:
      description: What its machines cost per hour now.
      type: float
      sample: 1.021959
    receipt:
      description: What it has cost so far, item by item.
      type: dict
      sample: {currency: USD, total_usd: 0.51}
    hosts:
      description: Its machines, as RV(gpgpu.aws.ec2_gpu_run#module:hosts) describes them.
      type: list
      elements: dict
      sample: [{name: eight-schools-0, address: 192.0.2.10, user: ubuntu}]
unread:
  description: Regions that could not be read, with the reason.
  returned: success
  type: list
  elements: dict
  sample: []
summary:
  description: The same as a table for people.
  returned: success
  type: list
  elements: str
  sample: [Nothing is rented here.]
"""

from datetime import datetime, timezone

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.module import GpuModule
from ansible_collections.gpgpu.aws.plugins.module_utils._run.arguments import REACH_ARGUMENTS
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import read_regions
from ansible_collections.gpgpu.aws.plugins.module_utils._run.overview import overview
from ansible_collections.gpgpu.aws.plugins.module_utils._run.summary import overview_summary

ARGUMENT_SPEC = {
    **REACH_ARGUMENTS,
    "run_id": {"type": "str", "default": ""},
    "regions": {"type": "list", "elements": "str", "default": []},
}


def main() -> None:
    """Entry point."""
    module = GpuModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    params = module.params
    try:
        regions = module.regions(params["regions"])
        found, unread = read_regions([module.clients_in(region) for region in regions], params["run_id"])
    except (GpuError, AnsibleAWSError) as error:
        module.fail_gpu(error)
    now = datetime.now(timezone.utc)
    runs = [
        run
        for region, instances in found.items()
        for run in overview(instances, region, now, params["ssh_port"], params["key_file"] or "")
    ]
    runs.sort(key=lambda run: (run["run_id"], run["region"]))
    module.exit_json(changed=False, runs=runs, unread=unread, summary=overview_summary(runs, unread))


if __name__ == "__main__":
    main()
