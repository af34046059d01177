# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reading modules tell of a real API."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.gpgpu.aws.plugins.modules import (
    ec2_gpu_image_info,
    ec2_gpu_run_info,
)

from tests.integration.desk import Desk


@pytest.fixture(autouse=True)
def _nothing_is_made(desk: Desk) -> Any:
    """Reading makes nothing."""
    before = set(desk.truth())
    yield
    assert set(desk.truth()) == before


@pytest.mark.parametrize(
    ("options", "user", "driver", "system"),
    [
        ({}, "ubuntu", True, "ubuntu-24.04"),
        ({"image_os": "ubuntu-22.04"}, "ubuntu", True, "ubuntu-22.04"),
        ({"image_os": "amazon-linux-2023"}, "ec2-user", True, "amazon-linux-2023"),
        ({"image": "deep-learning-pytorch"}, "ubuntu", True, "ubuntu-24.04"),
        ({"image": "deep-learning-pytorch-2.8"}, "ubuntu", True, "ubuntu-24.04"),
        ({"image": "deep-learning-pytorch", "image_os": "amazon-linux-2023"}, "ec2-user", True, "amazon-linux-2023"),
        ({"image": "deep-learning-tensorflow"}, "ubuntu", True, "ubuntu-22.04"),
        ({"image": "nvidia-marketplace"}, "ubuntu", True, "ubuntu"),
        ({"image": "nvidia-rtx-windows"}, "Administrator", True, "windows-2022"),
        ({"image": "ubuntu"}, "ubuntu", False, "ubuntu-24.04"),
        ({"image": "ubuntu", "image_os": "ubuntu-22.04"}, "ubuntu", False, "ubuntu-22.04"),
        ({"image": "ubuntu", "image_os": "ubuntu-26.04"}, "ubuntu", False, "ubuntu-26.04"),
        ({"image": "debian"}, "admin", False, "debian-13"),
        ({"image": "rhel"}, "ec2-user", False, "rhel-9"),
        ({"image": "rhel", "image_os": "rhel-10"}, "ec2-user", False, "rhel-10"),
        ({"image": "rocky"}, "rocky", False, "rocky-9"),
        ({"image": "windows", "image_os": "windows-2025-japanese"}, "Administrator", False, "windows-2025-japanese"),
        ({"image": "amazon-linux"}, "ec2-user", False, "amazon-linux-2023"),
        ({"image": "amazon-linux", "instance_types": ["g5g.xlarge"]}, "ec2-user", False, "amazon-linux-2023"),
        ({"instance_types": ["g5g.xlarge"]}, "ubuntu", True, "ubuntu-24.04"),
    ],
)
def test_every_family(desk: Desk, options: dict[str, Any], user: str, driver: bool, system: str) -> None:
    result = desk.run(ec2_gpu_image_info, **{"instance_types": ["g5.xlarge"], **options})
    (found,), (check,) = result["images"], result["checks"]
    assert (found["user"], found["driver"], found["system"], check["problems"]) == (user, driver, system, [])
    (truth,) = desk.cloud.client("ec2").describe_images(ImageIds=[found["image_id"]])["Images"]
    arm = check["instance_type"].startswith("g5g")
    assert truth["Architecture"] == found["architecture"] == ("arm64" if arm else "x86_64")
    assert set(found) == set(yaml.safe_load(ec2_gpu_image_info.RETURN)["images"]["contains"])


def test_terms_that_are_not_accepted(desk: Desk) -> None:
    result = desk.run(ec2_gpu_image_info, image="nvidia-marketplace")
    terms = result["images"][0]["terms"]
    assert (terms["agreed"], terms["free"], terms["charges"]) == (False, True, [])
    assert any(line.endswith(f"accept them at {terms['url']}") for line in result["summary"])


@pytest.mark.parametrize(
    ("pattern", "instance_type", "word"),
    [
        ("*trusty-14.04-pv-*", "g5.xlarge", "is paravirtual"),
        ("*trusty-14.04-i386-*", "g5.xlarge", "is built for i386"),
        ("ubuntu/*noble*arm64*", "g5.xlarge", "is built for arm64, and g5.xlarge is x86_64"),
        ("ubuntu/*noble*amd64*", "g5g.xlarge", "is built for x86_64, and g5g.xlarge is arm64"),
    ],
)
def test_an_image_that_does_not_fit(desk: Desk, pattern: str, instance_type: str, word: str) -> None:
    result = desk.run(ec2_gpu_image_info, image=desk.cloud.image_like(pattern), instance_types=[instance_type])
    assert not result.get("failed")
    assert any(word in problem for problem in result["checks"][0]["problems"])


def test_the_driver_of_a_family_that_can_not_work(desk: Desk) -> None:
    result = desk.run(ec2_gpu_image_info, instance_types=["g6f.xlarge", "g6.xlarge"])
    told = {check["instance_type"]: check["problems"] for check in result["checks"]}
    assert "only AWS's GRID driver drives" in told["g6f.xlarge"][0]
    assert told["g6.xlarge"] == []


def test_a_custom_image_needs_no_instance_type(desk: Desk) -> None:
    result = desk.run(ec2_gpu_image_info, image=desk.cloud.image_like("*trusty-14.04-pv-*"))
    (found,) = result["images"]
    assert (found["family"], found["user"], result["checks"]) == ("custom", "ubuntu", [])


def test_runs(desk: Desk) -> None:
    first, second = sorted([desk.cloud.name(), desk.cloud.name()])
    rented = desk.rent(first, count=2, owner="ada")
    desk.rent(second, owner="bob")
    runs = {run["run_id"]: run for run in desk.run(ec2_gpu_run_info)["runs"]}
    assert (runs[first]["owner"], runs[second]["owner"]) == ("ada", "bob")
    (run,) = desk.run(ec2_gpu_run_info, run_id=first)["runs"]
    assert run["hosts"] == rented["hosts"]
    assert (run["overdue"], run["lease_end"]) == (False, rented["lease_end"])
    assert run["running_usd_per_hour"] == pytest.approx(rented["cost"]["running_usd_per_hour"], abs=1e-5)
    assert set(run) == set(yaml.safe_load(ec2_gpu_run_info.RETURN)["runs"]["contains"])
    desk.remove(first)
    desk.remove(second)
    assert desk.run(ec2_gpu_run_info, run_id=first) | {"invocation": None} == {
        "changed": False,
        "runs": [],
        "unread": [],
        "summary": ["Nothing is rented here."],
        "invocation": None,
    }


@pytest.mark.parametrize("variables", [{}, {"AWS_ACCESS_KEY_ID": "AKIA7GPU2NOBODY9KEY9"}])
def test_what_may_not_be_read_is_no_success(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    """Credentials that AWS does not know make an empty region look like one without runs, unless the call fails."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    result = desk.run(ec2_gpu_run_info, run_id=desk.cloud.name())
    assert result.get("failed", False) is bool(variables)
