# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result that the module documents is the one that it gives."""

from __future__ import annotations

from typing import Any

import yaml
from ansible_collections.gpgpu.aws.plugins.module_utils._driver.resolve import resolve
from ansible_collections.gpgpu.aws.plugins.module_utils._image.terms import Terms
from ansible_collections.gpgpu.aws.plugins.modules import ec2_gpu_image_info

from tests.unit.fakes.rows import image

RETURN: dict[str, Any] = yaml.safe_load(ec2_gpu_image_info.RETURN)
IMAGE = RETURN["images"]["contains"]
CHECK = RETURN["checks"]["contains"]


def test_every_field_of_an_image_is_documented() -> None:
    assert set(IMAGE) == {*image().as_result(), "warnings", "terms"}


def test_every_field_of_terms_is_documented() -> None:
    assert set(IMAGE["terms"]["contains"]) == set(Terms("prod-a", "code", "https://example.com").as_result())


def test_every_field_of_a_driver_is_documented() -> None:
    assert set(CHECK["driver"]["contains"]) == set(resolve(gpu="T4").as_result())
