#!/usr/bin/python
# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options and result of a run; what is decided is in module_utils/_run and _teardown."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ec2_gpu_run
version_added: 0.1.0
short_description: Rent GPU machines on EC2, or remove them and prove that nothing is left
description:
  - With O(state=present) it rents machines, which cost money from the moment they start until they are removed or
    their lease ends. It makes a security group open to the caller's address only, imports a key, launches all
    machines or none, and waits until they can be used.
  - With O(state=absent) it removes everything that carries the run's tag, for good, and reads AWS until two readings
    in a row find nothing. What is left when the time is over is a failure that names it with its price per hour.
    Nothing without the run's tag is ever deleted.
  - Every machine is tagged by the call that buys it and carries a timer that ends it when its lease is over, so a
    controller that dies at any instant leaves nothing that bills for ever. Launching again after a crash finds the
    machines that were already bought.
  - It does not install a driver or test the GPU.
options:
  state:
    description:
      - V(present) rents the machines, V(absent) removes them, proves it, and forgets the keys made for the run.
    type: str
    choices: [present, absent]
    default: present
  owner:
    description:
      - Who answers for the run; stored as the tag C(gpgpu:owner).
    type: str
    default: ""
  image:
    description:
      - An image family, or an image id such as V(ami-0123456789abcdef0). The user's page on images lists the families.
    type: str
    default: deep-learning
  accept_marketplace_terms:
    description:
      - Accept the terms of an image of the AWS Marketplace when it is free of charge and nobody of the account has yet.
      - Terms that cost anything are never accepted.
    type: bool
    default: false
  preflight:
    description:
      - Look before the first purchase for zones that have the machine, room in the quotas, a route to the internet
        and the caller's permissions (by dry runs of the calls to come), so that all problems are told at once.
      - V(false) saves some calls; AWS then tells one problem at a time.
    type: bool
    default: true
  max_attempts:
    description:
      - How many offers to try at most in each market, the best first, when AWS has no capacity or a quota is used up.
      - Without O(max_hourly_usd), O(budget_usd) and O(instance_types), none that costs more than twice the cheapest
        of its market is tried.
    type: int
    default: 20
  search_seconds:
    description:
      - How long to go on trying offers.
    type: int
    default: 900
  key_name:
    description:
      - Name of an existing EC2 key pair to use instead of importing one. It is never deleted.
    type: str
    default: ""
  max_spot_usd:
    description:
      - Highest spot price to pay per hour. V(0) means up to the on-demand price.
    type: float
    default: 0
  allowed_cidrs:
    description:
      - Address ranges that may log in. When empty, only the caller's own address.
    type: list
    elements: str
    default: []
  caller_address_url:
    description:
      - Page that answers the caller's public address as plain text; read only when O(allowed_cidrs) is empty.
      - The environment variable E(GPU_CALLER_ADDRESS_URL) may also be used.
    type: str
    default: https://checkip.amazonaws.com
  tags:
    description:
      - More tags for everything the run owns, plain ASCII.
    type: dict
    default: {}
  wait_for:
    description:
      - V(ssh) waits until the SSH server of every machine answers, V(running) until EC2 calls them running.
    type: str
    choices: [ssh, running]
    default: ssh
  wait_timeout_seconds:
    description:
      - How long to wait for the machines, or for their removal. Running out of time is a failure.
    type: int
    default: 1200
  progress_file:
    description:
      - File on the machine that runs the module which gets one line for each step as it happens.
      - The action plugin of the same name sets it, and shows the lines while the module runs.
    type: path
    default: ""
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - gpgpu.aws.run
  - gpgpu.aws.run.reach
  - gpgpu.aws.requirement
  - gpgpu.aws.requirement.wish
  - gpgpu.aws.place
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
    details: Reads AWS and answers the plan; makes no call that changes anything.
  diff_mode:
    support: full
  platform:
    platforms: posix
seealso:
  - module: gpgpu.aws.ec2_gpu_run_info
  - module: gpgpu.aws.ec2_gpu_offer_info
author:
  - gpgpu.aws contributors (@gpgpu-aws)
"""

EXAMPLES = r"""
- name: Rent one GPU machine for at most two hours
  gpgpu.aws.ec2_gpu_run:
    run_id: eight-schools
    region: us-west-2
    instance_types: [g5.xlarge]
    lease_hours: 2
  register: rented

- name: Rent the best machine with a 24 GB GPU for at most a dollar an hour, in any region, spot if there is one
  gpgpu.aws.ec2_gpu_run:
    run_id: eight-schools
    regions: [all]
    vram_gib: 24
    markets: [spot, on-demand]
    max_hourly_usd: 1.0
    budget_usd: 5

- name: Rent four spot machines in one zone, dearer than a dollar an hour refused
  gpgpu.aws.ec2_gpu_run:
    run_id: big-regression
    region: us-west-2
    zones: [us-west-2b]
    instance_types: [g6.xlarge]
    count: 4
    markets: [spot]
    max_hourly_usd: 1.0
    image: deep-learning
    image_os: amazon-linux-2023

- name: Rent the machines of a capacity block that was bought before
  gpgpu.aws.ec2_gpu_run:
    run_id: big-regression
    region: us-west-2
    capacity_reservation_id: cr-0123456789abcdef0
    lease_hours: 20

- name: Buy a capacity block for two days and rent its machines as soon as it has begun
  gpgpu.aws.ec2_gpu_run:
    run_id: big-regression
    region: us-west-2
    instance_types: [p5.48xlarge]
    markets: [capacity-block]
    buy_capacity_block: true
    budget_usd: 3000
    lease_hours: 40

- name: Remove everything of the run and prove that nothing is left
  gpgpu.aws.ec2_gpu_run:
    run_id: eight-schools
    region: us-west-2
    state: absent
"""

RETURN = r"""
actions:
  description: What was done, or in check mode what would be done, in order.
  returned: success
  type: list
  elements: str
  sample:
    - create security group gpgpu-eight-schools
    - allow SSH (port 22) from 192.0.2.7/32
    - import key pair gpgpu-eight-schools
    - launch 1 x g5.xlarge (on-demand) at $1.0220/h, lease armed
run_id:
  description: Name of the run.
  returned: success
  type: str
  sample: eight-schools
region:
  description: Region of the run.
  returned: success
  type: str
  sample: us-west-2
lease_end:
  description: The instant at which the run ends whatever happens, UTC.
  returned: when O(state=present)
  type: str
  sample: "2026-11-23T14:00:00Z"
cost:
  description: What the run costs.
  returned: when O(state=present)
  type: dict
  sample:
    currency: USD
    upfront_usd: 0.0
    running_usd_per_hour: 1.021959
    stopped_usd_per_day: 0.263014
    worst_case_usd: 2.0439
    bounded: true
chosen:
  description: What the machines are made of, also where the choice was left open.
  returned: when O(state=present)
  type: dict
  sample:
    instance_type: g5.xlarge
    market: on-demand
    image_id: ami-0123456789abcdef0
    login_user: ubuntu
attempts:
  description: What was asked of AWS in this call and what became of it, in order. A failure has it too.
  returned: when O(state=present)
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
      description: Availability zone that was named; empty where AWS was left to choose.
      type: str
      sample: us-west-2a
    market:
      description: How it was to be paid.
      type: str
      sample: spot
    usd_per_hour:
      description: Price of one machine with its disks and address.
      type: float
      sample: 0.497159
    outcome:
      description: V(bought), or the kind of the refusal.
      type: str
      sample: capacity
    error_code:
      description: AWS's error code; empty when the machines were bought.
      type: str
      sample: InsufficientInstanceCapacity
    message:
      description: AWS's words.
      type: str
      sample: We currently do not have sufficient g5.xlarge capacity in the Availability Zone you requested.
alternatives:
  description: The next best offers, the best first, when machines had to be found.
  returned: when O(state=present)
  type: list
  elements: str
  sample: [g5.xlarge spot us-west-2b, g6.xlarge spot us-west-2a]
notes:
  description: What has to be known of the machines that were bought, such as when EC2 ends those of a capacity block.
  returned: when O(state=present)
  type: list
  elements: str
  sample: []
waits_for:
  description:
    - Capacity reservation behind a capacity block that was bought and has not begun. No machine runs until the launch
      is repeated then. Empty otherwise.
  returned: when O(state=present)
  type: str
  sample: ""
hosts:
  description: The machines, the oldest first.
  returned: when O(state=present)
  type: list
  elements: dict
  contains:
    name:
      description: Name for an inventory.
      type: str
      sample: eight-schools-0
    run_id:
      description: Name of the run.
      type: str
      sample: eight-schools
    instance_id:
      description: Id of the instance.
      type: str
      sample: i-0123456789abcdef0
    state:
      description: EC2's state of the instance.
      type: str
      sample: running
    address:
      description: Address to log in to.
      type: str
      sample: 192.0.2.10
    private_address:
      description: Address inside the VPC.
      type: str
      sample: 10.0.0.10
    port:
      description: Port of the SSH server.
      type: int
      sample: 22
    user:
      description: Login user.
      type: str
      sample: ubuntu
    host_key:
      description: Public host key that the machine was born with.
      type: str
      sample: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample
    key_file:
      description: Private key that logs in.
      type: str
      sample: /home/ada/.ssh/gpgpu/us-west-2/eight-schools/id_ed25519
    ssh_command:
      description: The command a person logs in with.
      type: str
      sample: ssh -i ~/.ssh/gpgpu/us-west-2/eight-schools/id_ed25519 ubuntu@192.0.2.10
    known_hosts_file:
      description: File on the controller with the host keys of the run's machines, written by the launch.
      type: str
      sample: /home/ada/.ssh/gpgpu/us-west-2/eight-schools/known_hosts
    known_hosts_line:
      description: Line for that file.
      type: str
      sample: 192.0.2.10 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample
    proxy_command:
      description: Command that tunnels the connection; empty where the address is reached directly.
      type: str
      sample: ""
    volumes:
      description: Its further disks, with the path of each on the machine.
      type: list
      elements: dict
      sample: []
    instance_type:
      description: Type of the instance.
      type: str
      sample: g5.xlarge
    zone:
      description: Availability zone.
      type: str
      sample: us-west-2a
    expected_gpu_count:
      description: GPUs the machine must have.
      type: int
      sample: 1
    expected_gpu_memory_mib:
      description: Memory in MiB each GPU must have.
      type: int
      sample: 22888
regions:
  description: The regions that were read.
  returned: when O(state=absent)
  type: list
  elements: str
  sample: [us-west-2]
kept:
  description: What carries the run's tag and can't be removed, such as a capacity block that is paid.
  returned: when O(state=absent)
  type: list
  elements: str
  sample: []
proof:
  description: The readings after a removal, and what they found.
  returned: when O(state=absent)
  type: dict
  sample:
    clean_reads: 2
    left: []
receipt:
  description: What the run has cost, item by item, as far as AWS still shows its machines.
  returned: when O(state=absent)
  type: dict
  sample:
    currency: USD
    total_usd: 0.510979
    unpriced: []
    items:
      - what: compute
        instance_id: i-0123456789abcdef0
        instance_type: g5.xlarge
        seconds: 1800
        usd_per_hour: 1.006
        usd: 0.503
summary:
  description: The same in a few lines for people.
  returned: success
  type: list
  elements: str
  sample:
    - "Run       eight-schools in us-west-2: 1 x g5.xlarge (on-demand), zone us-west-2b"
    - Ends      2026-11-23T14:00:00Z whatever happens; before that by the teardown playbook
left_traces:
  description: Whether everything that the run owns comes from this call, also when it failed.
  returned: when O(state=present)
  type: bool
  sample: true
error_code:
  description: A stable word for what went wrong; AWS's error code where AWS refused.
  returned: failure
  type: str
  sample: VcpuLimitExceeded
next_step:
  description: What to do about it.
  returned: failure
  type: str
  sample: Ask for a larger vCPU quota, or choose another market or region.
"""

from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ansible.module_utils.basic import env_fallback
from ansible.module_utils.urls import open_url
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.module import GpuModule
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock
from ansible_collections.gpgpu.aws.plugins.module_utils._lease.deadline import lease_end
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import (
    REQUIREMENT_ARGUMENTS,
    requirement_from_params,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import WISH_ARGUMENTS, wish_from_params
from ansible_collections.gpgpu.aws.plugins.module_utils._run.arguments import (
    PLACE_ARGUMENTS,
    REACH_ARGUMENTS,
    RUN_ARGUMENTS,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.desk import Desk
from ansible_collections.gpgpu.aws.plugins.module_utils._run.failover import Limits
from ansible_collections.gpgpu.aws.plugins.module_utils._run.launch import Wanted, launch
from ansible_collections.gpgpu.aws.plugins.module_utils._run.problems import refuse_problems
from ansible_collections.gpgpu.aws.plugins.module_utils._run.progress import Progress
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import check_run_id, spec_from_params
from ansible_collections.gpgpu.aws.plugins.module_utils._teardown.regions import teardown_regions

ARGUMENT_SPEC = {
    **RUN_ARGUMENTS,
    **REACH_ARGUMENTS,
    **REQUIREMENT_ARGUMENTS,
    **WISH_ARGUMENTS,
    **PLACE_ARGUMENTS,
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "owner": {"type": "str", "default": ""},
    "accept_marketplace_terms": {"type": "bool", "default": False},
    "preflight": {"type": "bool", "default": True},
    "max_attempts": {"type": "int", "default": 20},
    "search_seconds": {"type": "int", "default": 900},
    "key_name": {"type": "str", "default": "", "no_log": False},
    "max_spot_usd": {"type": "float", "default": 0},
    "allowed_cidrs": {"type": "list", "elements": "str", "default": []},
    "caller_address_url": {
        "type": "str",
        "default": "https://checkip.amazonaws.com",
        "fallback": (env_fallback, ["GPU_CALLER_ADDRESS_URL"]),
    },
    "tags": {"type": "dict", "default": {}},
    "wait_for": {"type": "str", "choices": ["ssh", "running"], "default": "ssh"},
    "wait_timeout_seconds": {"type": "int", "default": 1200},
    "progress_file": {"type": "path", "default": ""},
}
ADDRESS_SECONDS = 10


def ask_address(url: str) -> str:
    """The caller's public address, as the page at url tells it."""
    try:
        return open_url(url, timeout=ADDRESS_SECONDS).read(100).decode("ascii", "replace").strip()
    except (OSError, ValueError) as error:
        raise GpuError(
            f"Your own address could not be read from {url}: {error}",
            "Set gpu_allowed_cidrs to the addresses you log in from, for example 192.0.2.7/32.",
            "caller_address_unknown",
        ) from error


def present(module: GpuModule) -> dict[str, Any]:
    """Rent the machines."""
    params = module.params
    end = lease_end(datetime.now(timezone.utc), params["lease_hours"])
    requirement = requirement_from_params(params, module.region or "")
    spec = spec_from_params(params, module.region or "", end)
    refuse_problems(requirement, spec, params["ssh_port"], module.run_command)
    wanted = Wanted(
        spec=spec,
        requirement=replace(requirement, regions=module.regions(requirement.regions)),
        wish=wish_from_params(params),
        limits=Limits(params["max_attempts"], params["search_seconds"]),
        preflight=params["preflight"],
        consent=params["accept_marketplace_terms"],
        measure_latency=params["measure_latency"],
    )
    desk = Desk(
        run=module.run_command,
        caller=lambda: ask_address(params["caller_address_url"]),
        ssh_port=params["ssh_port"],
        wait_for=params["wait_for"],
        wait_seconds=params["wait_timeout_seconds"],
        clock=Clock(),
        profile=params["profile"] or "",
        say=Progress(params["progress_file"]).say,
    )
    return launch(module.clients_in, wanted, desk, module.check_mode)


def absent(module: GpuModule) -> dict[str, Any]:
    """Remove the machines and prove it."""
    params = module.params
    problems = check_run_id(params["run_id"])
    if problems:
        raise GpuError(" ".join(problems), "Nothing was removed.", "bad_input")
    regions = module.regions(tuple(params["regions"]))
    seconds = params["wait_timeout_seconds"]
    return teardown_regions(
        module.clients_in, regions, params["run_id"], seconds, Clock(), check_mode=module.check_mode
    )


def main() -> None:
    """Entry point."""
    module = GpuModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    try:
        result = present(module) if module.params["state"] == "present" else absent(module)
    except (GpuError, AnsibleAWSError) as error:
        module.fail_gpu(error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
