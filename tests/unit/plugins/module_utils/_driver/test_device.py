# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which GPU is meant by what people, EC2 and nvidia-smi call it."""

from __future__ import annotations

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._driver.device import find_device
from ansible_collections.gpgpu.aws.plugins.module_utils._driver.facts import GPUS_OF_EC2, Gpu

# GPU, compute capability, family -> its name, lowest and last branch, whether only GRID drives it.
FOUND = [
    ("T4", "", "", "T4", 410, 0, False),
    ("Tesla T4", "7.5", "g4dn.xlarge", "T4", 410, 0, False),
    ("NVIDIA T4G", "", "", "T4g", 410, 0, False),
    ("1eb4", "", "", "T4g", 410, 0, False),
    ("", "", "g5g", "T4g", 470, 0, False),
    ("nvidia a10g", "", "", "A10G", 455, 0, False),
    ("", "", "g5.xlarge", "A10G", 470, 0, False),
    ("NVIDIA L4", "", "", "L4", 520, 0, False),
    ("", "", "g6f.large", "L4", 520, 0, True),
    ("NVIDIA L40S", "", "", "L40S", 520, 0, False),
    ("Tesla V100-SXM2-32GB", "", "", "V100", 384, 580, False),
    ("GRID K520", "", "", "K520", 367, 367, False),
    ("NVIDIA A100-SXM4-80GB", "", "", "A100", 450, 0, False),
    ("NVIDIA H100 80GB HBM3", "", "", "H100", 520, 0, False),
    ("B200", "", "", "B200", 570, 0, False),
    ("GB200", "", "", "GB200", 570, 0, False),
    ("", "", "p6-b300", "B300", 580, 0, False),
    ("RTX PRO 6000", "", "", "RTX PRO Server 6000", 570, 0, False),
    ("RTX PRO Server 6000", "", "", "RTX PRO Server 6000", 570, 0, False),
    ("NVIDIA RTX PRO 4500 Blackwell Server Edition", "", "", "RTX PRO 4500", 570, 0, False),
    ("", "8.6", "", "GPU of compute capability 8.6", 455, 0, False),
]


@pytest.mark.parametrize(("gpu", "capability", "family", "name", "lowest", "last", "grid"), FOUND)
def test_device(gpu: str, capability: str, family: str, name: str, lowest: int, last: int, grid: bool) -> None:
    device, problems = find_device(gpu, capability, family)
    assert problems == []
    assert device is not None
    assert (device.name, device.lowest_branch, device.last_branch, device.grid) == (name, lowest, last, grid)


@pytest.mark.parametrize(
    ("gpu", "capability", "family", "problems"),
    [
        ("", "", "", ["Name a GPU, a compute capability or an instance type."]),
        ("A10", "", "", ["There is no GPU A10 on EC2. Did you mean A10G? Known are "]),
        ("L40", "", "", ["There is no GPU L40 on EC2. Did you mean L40S? Known are "]),
        ("Voodoo 2", "", "", ["There is no GPU Voodoo 2 on EC2. Known are "]),
        ("", "8.7", "", ["Compute capability 8.7 is not known. Did you mean 8.9? Known are "]),
        ("", "", "m5.large", ["Instance family m5 has no NVIDIA GPU."]),
        ("", "", "g6x.xlarge", ["Instance family g6x has no NVIDIA GPU. Did you mean g6"]),
        ("T4", "", "g6", ["g6 has the L4, not the T4: name one of them."]),
        ("T4", "8.9", "", ["The T4 has compute capability 7.5, not 8.9."]),
        ("A10", "8.7", "", ["There is no GPU A10 on EC2.", "Compute capability 8.7 is not known."]),
    ],
)
def test_unknown_words_name_the_nearest(gpu: str, capability: str, family: str, problems: list[str]) -> None:
    device, found = find_device(gpu, capability, family)
    assert device is None
    assert [text.startswith(start) for text, start in zip(found, problems, strict=True)] == [True] * len(problems)


@pytest.mark.parametrize("gpu", GPUS_OF_EC2, ids=lambda gpu: gpu.name)
def test_every_name_product_id_and_family_leads_to_its_gpu(gpu: Gpu) -> None:
    words = [{"gpu": word} for word in (gpu.name, gpu.product, *gpu.pci) if word]
    for given in [*words, *({"family": family} for family in gpu.families)]:
        device, problems = find_device(**given)
        assert (device.name if device else "", problems) == (gpu.name, [])
