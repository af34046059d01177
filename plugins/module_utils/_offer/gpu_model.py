# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GPU models by the names that EC2 and people use, with their architecture and compute capability. Pure.

Compute capabilities: https://developer.nvidia.com/cuda-gpus and
https://docs.nvidia.com/datacenter/tesla/drivers/cuda-toolkit-driver-and-architecture-matrix.html (read 2026-11);
that of the B300 (10.3) stands in the first only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType


@dataclass(frozen=True)
class GpuModel:
    """One GPU model.

    Parameters:
        name: as people say it.
        architecture: NVIDIA's name of the chip's generation, in lower case.
        compute_capability: major and minor version.
    """

    name: str
    architecture: str
    compute_capability: tuple[int, int]


MODELS: tuple[GpuModel, ...] = (
    GpuModel("V100", "volta", (7, 0)),
    GpuModel("T4", "turing", (7, 5)),
    GpuModel("T4g", "turing", (7, 5)),
    GpuModel("A100", "ampere", (8, 0)),
    GpuModel("A10G", "ampere", (8, 6)),
    GpuModel("L4", "ada", (8, 9)),
    GpuModel("L40S", "ada", (8, 9)),
    GpuModel("H100", "hopper", (9, 0)),
    GpuModel("H200", "hopper", (9, 0)),
    GpuModel("B200", "blackwell", (10, 0)),
    GpuModel("GB200", "blackwell", (10, 0)),
    GpuModel("B300", "blackwell", (10, 3)),
    GpuModel("RTX PRO 4500", "blackwell", (12, 0)),
    GpuModel("RTX PRO 6000", "blackwell", (12, 0)),
)
ARCHITECTURES: tuple[str, ...] = tuple(dict.fromkeys(model.architecture for model in MODELS))
CAPABILITIES: tuple[str, ...] = tuple(
    f"{major}.{minor}" for major, minor in sorted({model.compute_capability for model in MODELS})
)
# Other names of architectures and words of a model's name that tell nothing apart: EC2 calls the RTX PRO 6000
# Blackwell Server Edition "RTX PRO Server 6000".
_ARCHITECTURE_NAMES = {"lovelace": "ada", "adalovelace": "ada"}
_NOISE = ("nvidia", "tesla", "server", "edition", "blackwell", "gpu")
# What vendors call the memory of a GPU, in GiB. EC2's figure is up to 7% below it (22888 MiB of an L4's 24 GiB).
_NOMINAL_GIB = (3, 6, 12, 16, 24, 32, 40, 48, 80, 96, 141, 192, 288)
_BELOW_NOMINAL = 0.93


def model_key(text: str) -> str:
    """A model's name without what people write differently: `RTX-PRO-6000` is `rtxpro6000`."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return "".join(word for word in words if word not in _NOISE)


_BY_KEY = {model_key(model.name): model for model in MODELS}


def model_named(text: str) -> GpuModel | None:
    """The model that a person or EC2 means; None when it is not in the table."""
    return _BY_KEY.get(model_key(text))


def architecture_named(text: str) -> str:
    """The architecture that a person means; empty when it is none."""
    word = re.sub(r"[^a-z0-9]", "", text.lower())
    word = _ARCHITECTURE_NAMES.get(word, word)
    return word if word in ARCHITECTURES else ""


def nominal_gib(memory_mib: int) -> float:
    """The memory of a GPU as its vendor calls it, in GiB; EC2's own figure when no vendor calls it anything."""
    gib = memory_mib / 1024
    return next((float(size) for size in _NOMINAL_GIB if size * _BELOW_NOMINAL <= gib <= size), round(gib, 1))


def gpu_words(machine: MachineType) -> str:
    """A machine's GPUs as a person says them: `4 x A10G 24 GiB`."""
    if not machine.gpu_count:
        return "no GPU"
    share = f"1/{1 / machine.gpu_fraction:.0f} " if machine.gpu_fraction < 1 else ""
    model = model_named(machine.gpu_name)
    name = model.name if model else machine.gpu_name.removeprefix("NVIDIA ")
    return f"{machine.gpu_count} x {share}{name} {nominal_gib(machine.gpu_memory_mib):g} GiB"
