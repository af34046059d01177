# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks as a person runs them: an error reaches the screen, and a failed launch leaves nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.desk import Desk, refusal


def test_a_failed_launch_leaves_nothing(desk: Desk) -> None:
    run_id = desk.cloud.name()
    before = set(desk.truth())
    desk.faults(refusal("RunInstances", "InsufficientInstanceCapacity", "We have no capacity."))
    done = desk.playbook("launch", gpu_run_id=run_id, gpu_wait_for="running")
    assert done.returncode != 0
    assert "InsufficientInstanceCapacity: We have no capacity. Choose another zone" in " ".join(done.stdout.split())
    assert set(desk.truth()) == before


def test_bad_input_reaches_the_screen(desk: Desk) -> None:
    before = set(desk.truth())
    done = desk.playbook("launch", gpu_run_id="my run", gpu_instance_types="g2.2xlarge")
    assert done.returncode != 0
    assert "Run id 'my run' is not usable" in " ".join(done.stdout.split())
    assert set(desk.truth()) == before


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"gpu_budjet_usd": 5}, "Nothing reads gpu_budjet_usd"),
        ({"gpu_region": "us-west-2", "gpu_regions": "eu-west-1,us-east-1"}, "gpu_region is us-west-2 and not among"),
    ],
)
def test_variables_that_would_be_ignored_are_refused(desk: Desk, variables: dict[str, Any], words: str) -> None:
    before = set(desk.truth())
    done = desk.playbook("launch", gpu_run_id=desk.cloud.name(), **variables)
    assert done.returncode != 0
    assert words in " ".join(done.stdout.split())
    assert set(desk.truth()) == before
