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
short_description: Find the image for a GPU machine and say whether it fits
description:
  - Finds the current image of a family, or reads an image by its id, and tells its login user, root disk and whether
    an NVIDIA driver comes with it.
  - With O(instance_type) it also tells every reason why that machine could not start it.
  - Changes nothing and accepts no terms.
options:
  image:
    description:
      - An image family, or an image id such as V(ami-0123456789abcdef0).
      - Families are V(deep-learning) and V(nvidia-marketplace), which bring an NVIDIA driver, and V(ubuntu) and
        V(amazon-linux), which do not.
    type: str
    default: deep-learning
  image_os:
    description:
      - Operating system of the family. When not given, the first one of the family.
    type: str
    default: ""
  image_user:
    description:
      - Login user, for an image id whose owner is not known to the collection.
    type: str
    default: ""
  instance_type:
    description:
      - Machine that shall start the image.
    type: str
    default: ""
  architecture:
    description:
      - Architecture of the image when O(instance_type) is not given.
    type: str
    choices: [x86_64, arm64]
    default: x86_64
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
- name: Find the Deep Learning image for an x86 machine
  gpgpu.aws.ec2_gpu_image_info:
    region: us-west-2
  register: found

- name: Ask whether an image of your own fits a machine
  gpgpu.aws.ec2_gpu_image_info:
    region: us-west-2
    image: ami-0123456789abcdef0
    image_user: ubuntu
    instance_type: g5g.xlarge
"""

RETURN = r"""
image:
  description: The image.
  returned: success
  type: dict
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
problems:
  description: Why O(instance_type) could not start it, each with its fix. Empty when it could.
  returned: success
  type: list
  elements: str
  sample: []
"""

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.module import GpuModule
from ansible_collections.gpgpu.aws.plugins.module_utils._image.find import find_image
from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import image_problems
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import read_machine

ARGUMENT_SPEC = {
    "image": {"type": "str", "default": "deep-learning"},
    "image_os": {"type": "str", "default": ""},
    "image_user": {"type": "str", "default": ""},
    "instance_type": {"type": "str", "default": ""},
    "architecture": {"type": "str", "choices": ["x86_64", "arm64"], "default": "x86_64"},
}


def main() -> None:
    """Entry point."""
    module = GpuModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    params = module.params
    try:
        clients = module.clients()
        machine = read_machine(clients, params["instance_type"]) if params["instance_type"] else None
        architecture = machine.architecture if machine else params["architecture"]
        image = find_image(clients, params["image"], params["image_os"], architecture, params["image_user"])
    except (GpuError, AnsibleAWSError) as error:
        module.fail_gpu(error)
    problems = image_problems(image, machine) if machine else []
    module.exit_json(changed=False, image=image.as_result(), problems=problems)


if __name__ == "__main__":
    main()
