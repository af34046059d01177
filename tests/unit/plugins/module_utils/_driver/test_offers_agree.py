# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The GPUs of the offers are those of the driver's facts."""

from __future__ import annotations

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._driver.facts import CAPABILITIES, GPUS_OF_EC2, Gpu
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.gpu_model import MODELS, model_named


@pytest.mark.parametrize("gpu", [gpu for gpu in GPUS_OF_EC2 if model_named(gpu.name)], ids=lambda gpu: gpu.name)
def test_offers_know_the_same_gpus(gpu: Gpu) -> None:
    model = model_named(gpu.name)
    capability = next(row for row in CAPABILITIES if row.version == gpu.capability)
    assert model is not None
    assert model in MODELS
    assert (".".join(map(str, model.compute_capability)), model.architecture) == (
        gpu.capability,
        capability.architecture,
    )
