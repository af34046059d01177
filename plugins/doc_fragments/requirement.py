# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation shared by the modules that choose a machine."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that say what is needed, and what each machine comes with."""

    DOCUMENTATION = r"""
options:
  instance_types:
    description:
      - Exact instance types. Further requirements on the hardware still have to be met.
      - When nothing at all is said about the hardware, V(g4dn.xlarge), the cheapest classic.
    type: list
    elements: str
    default: []
  models:
    description:
      - GPU models such as V(L4) or V(RTX PRO 6000), GPU architectures such as V(ada), or instance families such as
        V(g6); one of them must fit. How they are spelled does not matter.
      - A part of a GPU (families V(g6f) and V(gr6f)) is offered only when its family or type is named, because it needs
        another driver.
    type: list
    elements: str
    default: []
  per_machine:
    description:
      - GPUs of a machine, at least.
    type: int
    default: 1
  vram_gib:
    description:
      - Memory of each GPU in GiB as its vendor calls it, at least. An A10G counts as 24.
    type: float
    default: 0
  compute_capability:
    description:
      - CUDA compute capability, at least, for example V(8.0).
    type: str
    default: ""
  vcpus:
    description:
      - Virtual processors of a machine, at least.
    type: int
    default: 0
  ram_gib:
    description:
      - Main memory of a machine in GiB, at least.
    type: float
    default: 0
  architecture:
    description:
      - V(x86_64) or V(arm64). When empty, either.
    type: str
    default: ""
  regions:
    description:
      - Where to look; V(all) means every region that the account has enabled. When empty, O(region).
    type: list
    elements: str
    default: []
  zones:
    description:
      - Availability zones. When empty, all.
    type: list
    elements: str
    default: []
  markets:
    description:
      - How to pay, the preferred first, from V(spot), V(on-demand) and V(capacity-block).
      - V(spot) is cheaper, and AWS may take the machine back with two minutes' notice.
    type: list
    elements: str
    default: [on-demand]
  max_hourly_usd:
    description:
      - Most USD per hour of one machine with its disks and address. V(0) means no ceiling.
    type: float
    default: 0
  budget_usd:
    description:
      - Most USD for the whole run, that is all machines for the whole lease. V(0) means no budget.
    type: float
    default: 0
  near:
    description:
      - Region that stands near you, from whose city round trips are estimated by distance.
      - When empty, round trips are measured from the controller, which may stand elsewhere than you.
    type: str
    default: ""
  measure_latency:
    description:
      - Whether to measure round trips, by TCP connections to the regions' endpoints. Not used with O(near).
    type: bool
    default: true
  latency_weight:
    description:
      - USD per hour that a round trip shorter by 100 ms is worth.
    type: float
    default: 0.05
  capacity_weight:
    description:
      - USD per hour that one point of AWS's spot placement score (1 to 10) is worth.
    type: float
    default: 0.01
  count:
    description:
      - Number of machines. Either all of them are bought or none.
    type: int
    default: 1
  lease_hours:
    description:
      - Hours of the lease, after which a run ends whatever happens.
    type: float
    default: 8
"""

    WISH = r"""
options:
  image:
    description:
      - An image family, or an image id such as V(ami-0123456789abcdef0).
      - M(gpgpu.aws.ec2_gpu_image_info) tells what a family stands for.
    type: str
    default: deep-learning
  image_os:
    description:
      - Operating system of the family, for example V(ubuntu-24.04) or V(amazon-linux-2023).
      - When not given, the first one of the family.
    type: str
    default: ""
  image_user:
    description:
      - Login user of the image. Needed only for an image id whose owner is not known to the collection.
    type: str
    default: ""
  root_volume_gib:
    description:
      - Size of the root disk in GiB. V(0) means the image's own size, at least 100.
      - The disk is gp3, encrypted, and ends with its machine.
    type: int
    default: 0
  root_volume_iops:
    description:
      - Operations per second of the root disk; 3000 are free of charge.
    type: int
    default: 3000
  root_volume_throughput_mibps:
    description:
      - Throughput of the root disk in MiB/s; 125 are free of charge.
    type: int
    default: 125
  volumes:
    description:
      - Further gp3 disks of each machine, removed with it.
    type: list
    elements: dict
    default: []
    suboptions:
      size_gib:
        description:
          - Size in GiB.
        type: int
        required: true
      iops:
        description:
          - Operations per second; 3000 are free of charge.
        type: int
        default: 3000
      throughput_mibps:
        description:
          - Throughput in MiB/s; 125 are free of charge.
        type: int
        default: 125
  public_address:
    description:
      - Whether the machines get a public IPv4 address, which AWS bills by the hour.
    type: bool
    default: true
  fixed_address:
    description:
      - Whether each machine gets an address that stays the same when it is stopped and started; it bills until it is
        released, which a teardown does.
    type: bool
    default: false
  subnet_id:
    description:
      - Subnet to launch into. When not given, the default subnet of the zone in the default VPC.
    type: str
    default: ""
  traffic_gib:
    description:
      - Estimate of the data that the whole run sends to the internet, in GiB, for its bill.
    type: float
    default: 1
  snapshot_gib:
    description:
      - Data kept in snapshots, in GiB, for the bill. No snapshot is made.
    type: float
    default: 0
"""
