#!/usr/bin/python
# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the NVIDIA GPUs of a host; the reading and the judging are in module_utils/_gpu."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: nvidia_gpu_info
version_added: 1.0.0
short_description: Read the NVIDIA GPUs of a host and judge whether they are all there
description:
  - Compares four independent counts of the GPUs of a host - what the instance type promises, what the PCI bus shows,
    what the driver describes and which device files exist - and the two halves of the driver with each other.
  - Ends in one typed verdict with the evidence for it and the next step.
    A bad verdict is a result, not an error of the task.
  - Changes nothing, and computes nothing on a GPU. A host with the verdict V(ok) has its GPUs and its driver in order;
    that its numbers are right is not shown by this.
options:
  expected_count:
    description:
      - GPUs that the instance type promises per machine, a fraction of a GPU counted as one.
      - V(-1) expects nothing. Then the sources are compared with each other, and at least one GPU must be there.
      - V(0) means a machine without a GPU. More GPUs than expected are no failure.
    type: int
    default: -1
  expected_memory_mib:
    description:
      - Memory in MiB that the instance type promises per GPU.
        A GPU that differs by more than 10 % is not the promised one.
      - EC2 and the driver never agree to the MiB, since error correction takes its part.
      - V(0) compares nothing.
    type: int
    default: 0
requirements:
  - Linux, and Python 3.9 or newer on the host. No Python package.
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
    details: Reads only, so check mode and a real run are the same.
  diff_mode:
    support: none
    details: Never changes anything, so there is no difference to show.
  platform:
    platforms: linux
notes:
  - Needs no privileges. Where no persistence daemon runs, the first call of C(nvidia-smi) may create device files.
author:
  - gpgpu.aws contributors (@gpgpu-aws)
"""

EXAMPLES = r"""
- name: Look at the GPUs of a host
  gpgpu.aws.nvidia_gpu_info:
  register: gpus

- name: Stop unless all eight H100 of a p5.48xlarge are there
  gpgpu.aws.nvidia_gpu_info:
    expected_count: 8
    expected_memory_mib: 81920
  register: gpus
  failed_when: not gpus.passed
"""

RETURN = r"""
verdict:
  description:
    - V(ok) - everything that was looked at is as it should be.
    - V(missing_gpu) - fewer GPUs than promised at one of the sources, or a GPU with another amount of memory.
    - V(driver_absent) - no driver answers, be it the kernel module, the library or C(nvidia-smi) that is missing.
    - V(driver_skew) - kernel module and userspace of the driver have different versions.
    - V(throttled) - heat or the power supply holds the clocks down.
    - V(toolkit_absent) - no C(nvcc); the host passes, since frameworks bring their own CUDA libraries.
  returned: success
  type: str
  sample: missing_gpu
passed:
  description: Whether a host with this verdict can be used.
  returned: success
  type: bool
  sample: false
next:
  description: What to do about the verdict.
  returned: success
  type: str
  sample: Reboot the host. If it comes back, tear the machine down and launch another.
findings:
  description: Everything that is not as it should be, the decisive one first.
  returned: success
  type: list
  elements: dict
  sample:
    - verdict: missing_gpu
      reason: the driver shows 7 of 8 GPUs
      next: Reboot the host. If it comes back, tear the machine down and launch another.
  contains:
    verdict:
      description: The verdict that this finding alone would give.
      type: str
    reason:
      description: What was found.
      type: str
    next:
      description: What to do about it.
      type: str
evidence:
  description: What was read where.
  returned: success
  type: list
  elements: dict
  sample:
    - source: nvidia-smi
      reading: exit status 0, 7 GPUs, driver 580.105.08
  contains:
    source:
      description: The place that was read.
      type: str
    reading:
      description: What it said.
      type: str
summary:
  description: The result as lines for people.
  returned: success
  type: list
  elements: str
  sample:
    - verdict  ok
    - GPUs     expected 1, PCI 1, driver 1, device files 1
    - driver   kernel 580.105.08, userspace 580.105.08
    - CUDA     driver up to 13.0, toolkit 13.0
    - GPU 0    NVIDIA H100 80GB HBM3, 81559 MiB, compute capability 9.0, 31 C, 68.75 W of 700 W
    - next     Nothing to do.
counts:
  description: GPUs per source; V(null) where nothing is expected or the source cannot be read.
  returned: success
  type: dict
  sample: {expected: 8, pci: 8, driver: 7, device_files: 8}
  contains:
    expected:
      description: What O(expected_count) said.
      type: int
    pci:
      description: NVIDIA display controllers under C(/sys/bus/pci/devices).
      type: int
    driver:
      description: GPUs that C(nvidia-smi) describes.
      type: int
    device_files:
      description: Files C(/dev/nvidia0), C(/dev/nvidia1) and so on.
      type: int
driver:
  description: Versions of the driver, each V(null) where it cannot be read.
  returned: success
  type: dict
  sample: {kernel_version: 580.105.08, userspace_version: 580.105.08, cuda_version: "13.0"}
  contains:
    kernel_version:
      description: Version of the loaded kernel module.
      type: str
    userspace_version:
      description: Version that C(nvidia-smi) answers, else that of the installed NVML library.
      type: str
    cuda_version:
      description: Newest CUDA version that this driver serves. It says nothing about an installed toolkit.
      type: str
toolkits:
  description: CUDA toolkits, the one on PATH first, then the newest first.
  returned: success
  type: list
  elements: dict
  sample:
    - nvcc: /usr/local/cuda/bin/nvcc
      version: "13.0"
  contains:
    nvcc:
      description: Path of the compiler.
      type: str
    version:
      description: Version of the toolkit.
      type: str
pci_gpus:
  description: NVIDIA GPUs on the PCI bus.
  returned: success
  type: list
  elements: dict
  sample:
    - pci_bus_id: "0000:53:00.0"
      pci_device_id: "2330"
  contains:
    pci_bus_id:
      description: Address on the bus.
      type: str
    pci_device_id:
      description: NVIDIA's number of the model, four hexadecimal digits.
      type: str
gpus:
  description: GPUs as the driver describes them, in its order; V(null) stands for a reading that it does not give.
  returned: success
  type: list
  elements: dict
  sample:
    - index: 0
      minor: 0
      uuid: GPU-00000000-0000-4000-8000-000000000053
      name: NVIDIA H100 80GB HBM3
      pci_bus_id: "0000:53:00.0"
      memory_mib: 81559
      compute_capability: "9.0"
      performance_state: P0
      temperature_celsius: 31.0
      power_watts: 68.75
      power_limit_watts: 700.0
      ecc_enabled: true
      ecc_uncorrected: 0
      mig_enabled: false
      mig_devices: 0
      throttle_reasons: [gpu_idle]
  contains:
    index:
      description: Number of the GPU for the driver's tools.
      type: int
    minor:
      description: Number of its device file, which may differ from RV(gpus[].index).
      type: int
    uuid:
      description: Identity of the GPU, the same after a reboot.
      type: str
    name:
      description: Name of the product.
      type: str
    pci_bus_id:
      description: Address on the PCI bus, as in RV(pci_gpus[].pci_bus_id).
      type: str
    memory_mib:
      description: Memory that programs and the driver share, in MiB.
      type: int
    compute_capability:
      description: Compute capability, for C(nvcc -arch).
      type: str
    performance_state:
      description: V(P0) at full speed to V(P12) at rest.
      type: str
    temperature_celsius:
      description: Temperature of the chip.
      type: float
    power_watts:
      description: Power drawn now.
      type: float
    power_limit_watts:
      description: Power at which clocks are lowered.
      type: float
    ecc_enabled:
      description: Whether memory errors are corrected.
      type: bool
    ecc_uncorrected:
      description: Uncorrected memory errors since the driver was loaded.
      type: int
    mig_enabled:
      description: Whether the GPU is cut into MIG devices. Programs then see those instead of the GPU.
      type: bool
    mig_devices:
      description: Number of MIG devices.
      type: int
    throttle_reasons:
      description: Names of NVML's clock event reasons that are active. V(gpu_idle) and V(sw_power_cap) are normal.
      type: list
      elements: str
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.host import local_host
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.observation import observe
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.report import report
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.verdict import Expectation

ARGUMENT_SPEC = {
    "expected_count": {"type": "int", "default": -1},
    "expected_memory_mib": {"type": "int", "default": 0},
}


def main() -> None:
    """Read this host and return what was found."""
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    expected = Expectation.from_options(module.params["expected_count"], module.params["expected_memory_mib"])
    module.exit_json(changed=False, **report(observe(local_host()), expected))


if __name__ == "__main__":
    main()
