#!/usr/bin/python
# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options and result of finding an image."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ec2_gpu_image_info
version_added: 0.1.0
short_description: Find the image for GPU machines and say where it starts, with which driver and on what terms
description:
  - Finds the current image of a family, or reads an image by its id, and tells its login user, root disk, whether an
    NVIDIA driver comes with it, and the terms of a Marketplace image with their charge.
  - With O(instance_types) it also tells every reason why each machine could not start or use it, and which driver
    branch, kernel modules and CUDA toolkit fit its GPU.
  - Changes nothing and accepts no terms.
options:
  image:
    description:
      - An image family, or an image id such as V(ami-0123456789abcdef0).
      - V(deep-learning) brings an NVIDIA driver. V(deep-learning-pytorch) and V(deep-learning-tensorflow) bring the
        framework besides, in its newest version, or in the one that the word ends in (V(deep-learning-pytorch-2.12)).
      - V(nvidia-marketplace) and V(nvidia-rtx-windows) bring a driver too and are on the Marketplace; their terms must
        be accepted once.
      - V(ubuntu), V(amazon-linux), V(debian), V(rhel), V(rocky) and V(windows) come without a driver.
    type: str
    default: deep-learning
  image_os:
    description:
      - Operating system of the family, such as V(ubuntu-24.04), V(amazon-linux-2023), V(rhel-10) or
        V(windows-2025-japanese). When not given, the first one of the family.
    type: str
    default: ""
  image_user:
    description:
      - Login user, for an image id whose owner is not known to the collection.
    type: str
    default: ""
  instance_types:
    description:
      - Machines that shall start the image. Types of two architectures get an image each.
    type: list
    elements: str
    default: []
  architecture:
    description:
      - Architecture of the image when O(instance_types) is not given.
    type: str
    choices: [x86_64, arm64]
    default: x86_64
  cuda:
    description:
      - CUDA toolkit that the machines shall have, such as V(12.9) or V(13). When not given, the newest that fits.
      - Needs O(instance_types).
    type: str
    default: ""
  driver_branch:
    description:
      - Branch of the NVIDIA driver that the machines shall have, such as V(580). When not given, the preferred one.
      - Needs O(instance_types).
    type: str
    default: ""
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
seealso:
  - module: gpgpu.aws.ec2_gpu_run
author:
  - gpgpu.aws contributors (@gpgpu-aws)
"""

EXAMPLES = r"""
- name: Find the Deep Learning image for an x86 machine
  gpgpu.aws.ec2_gpu_image_info:
    region: us-west-2
  register: found

- name: Find the newest PyTorch image for machines of two architectures
  gpgpu.aws.ec2_gpu_image_info:
    region: us-west-2
    image: deep-learning-pytorch
    instance_types: [g6.xlarge, g5g.xlarge]

- name: Ask which machines can have CUDA 13
  gpgpu.aws.ec2_gpu_image_info:
    region: us-west-2
    image: ubuntu
    instance_types: [g6.xlarge, g6f.large, p3dn.24xlarge]
    cuda: "13.0"

- name: Ask whether an image of your own fits a machine
  gpgpu.aws.ec2_gpu_image_info:
    region: us-west-2
    image: ami-0123456789abcdef0
    image_user: ubuntu
    instance_types: [g5g.xlarge]
"""

RETURN = r"""
images:
  description: The images, one for each architecture that the machines have.
  returned: success
  type: list
  elements: dict
  contains:
    image_id:
      description: Its id in this region.
      type: str
      sample: ami-0123456789abcdef0
    name:
      description: Its name.
      type: str
      sample: Deep Learning Base OSS Nvidia Driver GPU AMI (Ubuntu 24.04) 20261001
    family:
      description: Its family, V(custom) for an id.
      type: str
      sample: deep-learning
    system:
      description: Its operating system within the family.
      type: str
      sample: ubuntu-24.04
    user:
      description: Its login user.
      type: str
      sample: ubuntu
    driver:
      description: Whether an NVIDIA driver comes with it; null when that is not known.
      type: bool
      sample: true
    architecture:
      description: EC2's name of its architecture.
      type: str
      sample: x86_64
    virtualization:
      description: V(hvm) or V(paravirtual).
      type: str
      sample: hvm
    boot_mode:
      description: The boot mode it asks for; empty when it leaves the choice to the machine.
      type: str
      sample: uefi-preferred
    ena:
      description: Whether it has the ENA network driver.
      type: bool
      sample: true
    root_device:
      description: Name of its root device.
      type: str
      sample: /dev/sda1
    root_gib:
      description: Smallest root disk in GiB.
      type: int
      sample: 65
    state:
      description: EC2's state of the image.
      type: str
      sample: available
    deprecated_at:
      description: When its owner stops recommending it.
      type: str
      sample: "2028-10-01T00:00:00.000Z"
    allowed:
      description: Whether the account's settings allow it.
      type: bool
      sample: true
    audited:
      description: Whether it is outside the account's allowed images, which are in audit mode and let it start.
      type: bool
      sample: false
    platform:
      description: V(linux) or V(windows).
      type: str
      sample: linux
    modules:
      description: Flavour of its driver's kernel modules; empty when unknown or without a driver.
      type: str
      sample: open
    root_type:
      description: V(ebs) or V(instance-store).
      type: str
      sample: ebs
    imds:
      description: V(v2.0) when it asks for version 2 of the instance metadata service only.
      type: str
      sample: v2.0
    supported_types:
      description: Patterns of the only types that it may start on; empty for all.
      type: list
      elements: str
      sample: []
    unsupported_types:
      description: Patterns of types that it may not start on.
      type: list
      elements: str
      sample: []
    declared_families:
      description: Instance families that its description names as supported.
      type: list
      elements: str
      sample: [g4dn, g5, g6]
    usage_operation:
      description: Billing code of its operating system; V(RunInstances) is Linux without a licence.
      type: str
      sample: RunInstances
    product_code:
      description: Marketplace code; empty for an image without terms.
      type: str
      sample: ""
    product_id:
      description: Marketplace product.
      type: str
      sample: ""
    terms_url:
      description: Where the product's terms can be read and accepted.
      type: str
      sample: ""
    version:
      description: Version of its framework; empty for an image without one.
      type: str
      sample: ""
    warnings:
      description: What does not stand in the way but is good to know, such as a deprecation.
      type: list
      elements: str
      sample: []
    terms:
      description: Terms of a Marketplace image; null for an image without terms.
      type: dict
      contains:
        agreed:
          description: Whether the account has accepted them; null when that can't be read.
          type: bool
          sample: false
        agreement_id:
          description: The active agreement.
          type: str
          sample: ""
        free:
          description: Whether the software costs nothing, known for certain.
          type: bool
          sample: true
        charges:
          description: What the software costs by the public offer, on top of EC2's price.
          type: list
          elements: str
          sample: []
        pricing_model:
          description: V(FREE), V(USAGE), V(CONTRACT) or V(BYOL).
          type: str
          sample: FREE
        url:
          description: Where they can be read and accepted.
          type: str
          sample: https://aws.amazon.com/marketplace/pp/prodview-7ikjtg3um26wq
        product_id:
          description: Marketplace product.
          type: str
          sample: 676eed8d-dcf5-4784-87d7-0de463205c17
        product_code:
          description: Its code in EC2.
          type: str
          sample: 0123456789abcdefghijklmno
        offer_id:
          description: The public offer.
          type: str
          sample: offer-0123456789abc
        proposal_id:
          description: What would be agreed to.
          type: str
          sample: at-0123456789abcdef
        term_ids:
          description: The terms that would be accepted.
          type: list
          elements: str
          sample: [term-0123456789abcdef]
checks:
  description: One entry for each of O(instance_types).
  returned: success
  type: list
  elements: dict
  contains:
    instance_type:
      description: The machine.
      type: str
      sample: g6.xlarge
    image_id:
      description: Its image; empty when there is none for its architecture.
      type: str
      sample: ami-0123456789abcdef0
    problems:
      description: Why it could not start or use the image, each with its fix. Empty when it could.
      type: list
      elements: str
      sample: []
    warnings:
      description: What does not stand in the way but is good to know.
      type: list
      elements: str
      sample: []
    driver:
      description: What its GPU can have, should it be installed.
      type: dict
      contains:
        branch:
          description: Driver branch; empty with problems.
          type: str
          sample: "580"
        cuda:
          description: CUDA toolkit.
          type: str
          sample: "13.0"
        module:
          description: Kernel modules, V(open) or V(proprietary).
          type: str
          sample: open
        kind:
          description: V(data-center), or V(grid) for a type with a slice of a GPU.
          type: str
          sample: data-center
        reasons:
          description: Why this choice, with sources.
          type: list
          elements: str
          sample:
            - "Driver 580 is supported until 2028-06 (https://docs.nvidia.com/datacenter/tesla/drivers/620/\
              supported-drivers-and-cuda-toolkit-versions.html)."
        problems:
          description: Why what was asked for can't work.
          type: list
          elements: str
          sample: []
        works:
          description: What would work instead.
          type: list
          elements: str
          sample: []
summary:
  description: The same as tables for people.
  returned: success
  type: list
  elements: str
  sample:
    - "Type       Starts  Driver  Modules  CUDA"
    - "g6.xlarge  yes     580     open     13.0"
"""

from datetime import datetime, timezone

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.module import GpuModule
from ansible_collections.gpgpu.aws.plugins.module_utils._image.report import Question, answer
from ansible_collections.gpgpu.aws.plugins.module_utils._image.summary import image_summary

ARGUMENT_SPEC = {
    "image": {"type": "str", "default": "deep-learning"},
    "image_os": {"type": "str", "default": ""},
    "image_user": {"type": "str", "default": ""},
    "instance_types": {"type": "list", "elements": "str", "default": []},
    "architecture": {"type": "str", "choices": ["x86_64", "arm64"], "default": "x86_64"},
    "cuda": {"type": "str", "default": ""},
    "driver_branch": {"type": "str", "default": ""},
}


def main() -> None:
    """Entry point."""
    module = GpuModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    try:
        question = Question.from_params(module.params)
        found = answer(module.clients(), question, datetime.now(timezone.utc))
    except (GpuError, AnsibleAWSError) as error:
        module.fail_gpu(error)
    module.exit_json(changed=False, **found, summary=image_summary(found))


if __name__ == "__main__":
    main()
