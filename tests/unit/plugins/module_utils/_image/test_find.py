# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An image is found by its family's parameter, by its name, or by its id."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._image.family import NVIDIA_PRODUCT
from ansible_collections.gpgpu.aws.plugins.module_utils._image.find import find_image
from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import Image

from tests.unit.fakes.aws import FakeClient, aws_error, clients_of

CANONICAL = "099720109477"


def row(image_id: str, **fields: str) -> dict[str, Any]:
    """A row of DescribeImages."""
    return {"ImageId": image_id, "Architecture": "x86_64", "VirtualizationType": "hvm", "State": "available", **fields}


def find(
    image: str,
    *,
    rows: Any = None,
    value: Any = "ami-1",
    system: str = "",
    architecture: str = "x86_64",
    user: str = "",
) -> tuple[Image, FakeClient, FakeClient]:
    """What is found, and the clients that were asked."""
    answer = rows if isinstance(rows, Exception) else {"Images": [row("ami-1")] if rows is None else rows}
    parameter = value if isinstance(value, Exception) else {"Parameter": {"Value": value}}
    ec2, ssm = FakeClient(describe_images=answer), FakeClient("ssm", get_parameter=parameter)
    return find_image(clients_of(ec2=ec2, ssm=ssm), image, system, architecture, user), ec2, ssm


def test_by_the_parameter_of_the_family() -> None:
    found, ec2, ssm = find("ubuntu", system="ubuntu-22.04", architecture="arm64")
    name = "/aws/service/canonical/ubuntu/server/22.04/stable/current/arm64/hvm/ebs-gp2/ami-id"
    assert ssm.calls == [("get_parameter", {"Name": name})]
    assert ec2.calls == [("describe_images", {"ImageIds": ["ami-1"]})]
    assert (found.image_id, found.family, found.system, found.user) == ("ami-1", "ubuntu", "ubuntu-22.04", "ubuntu")


def test_by_name_the_newest() -> None:
    rows = [
        row("ami-1", CreationDate="2025-01-01T00:00:00.000Z"),
        row("ami-3", CreationDate="2026-09-28T08:00:00.000Z"),
        row("ami-2", CreationDate="2025-12-31T00:00:00.000Z"),
    ]
    found, ec2, ssm = find("nvidia-marketplace", rows=rows)
    assert (found.image_id, found.driver, ssm.calls) == ("ami-3", True, [])
    (asked,) = ec2.sent("describe_images")
    filters = {one["Name"]: one["Values"] for one in asked["Filters"]}
    assert asked["Owners"] == ["aws-marketplace"]
    assert filters == {
        "name": [f"*{NVIDIA_PRODUCT}*"],
        "architecture": ["x86_64"],
        "state": ["available"],
        "virtualization-type": ["hvm"],
    }


def test_by_id_even_when_deprecated() -> None:
    found, ec2, ssm = find("ami-9", rows=[row("ami-9", OwnerId=CANONICAL)])
    assert (found.image_id, found.family, found.driver, ssm.calls) == ("ami-9", "custom", None, [])
    assert ec2.calls == [("describe_images", {"ImageIds": ["ami-9"], "IncludeDeprecated": True})]


@pytest.mark.parametrize(
    ("image", "owner", "user", "login"),
    [
        ("ami-9", CANONICAL, "", "ubuntu"),
        ("ami-9", "137112412989", "", "ec2-user"),
        ("ami-9", "136693071363", "", "admin"),
        ("ami-9", CANONICAL, "ada", "ada"),
        ("ami-9", "111122223333", "ada", "ada"),
        ("ubuntu", CANONICAL, "ada", "ada"),
    ],
)
def test_login_user(image: str, owner: str, user: str, login: str) -> None:
    assert find(image, rows=[row("ami-9", OwnerId=owner)], user=user)[0].user == login


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        pytest.param(
            {"image": "ami-9", "rows": []},
            "image_not_found",
            "Image ami-9 does not exist in us-west-2, or you may not use it. Image ids belong to one region: ",
            id="unknown id",
        ),
        pytest.param(
            {"image": "ami-nonsense", "rows": aws_error("InvalidAMIID.Malformed")},
            "image_not_found",
            "Image ami-nonsense does not exist in us-west-2",
            id="malformed id",
        ),
        pytest.param(
            {"image": "ami-9", "rows": [row("ami-9", OwnerId="111122223333")]},
            "unknown_login_user",
            "The login user of image ami-9 is not known. Set gpu_image_user (for example ubuntu or ec2-user).",
            id="unknown owner",
        ),
        pytest.param(
            {"image": "deep-learning", "value": aws_error("ParameterNotFound")},
            "image_not_found",
            "Image family deep-learning (ubuntu-24.04) has no image for x86_64 in us-west-2. Choose another family",
            id="region without the parameter",
        ),
        pytest.param(
            {"image": "nvidia-marketplace", "architecture": "arm64", "rows": []},
            "image_not_found",
            "Image family nvidia-marketplace (ubuntu) has no image for arm64 in us-west-2. Choose another family",
            id="family without the architecture",
        ),
        pytest.param({"image": "deep"}, "unknown_image_family", "There is no image family deep", id="unknown family"),
    ],
)
def test_what_is_not_found(arguments: dict[str, Any], code: str, text: str) -> None:
    with pytest.raises(GpuError) as refused:
        find(**arguments)
    assert refused.value.code == code
    assert str(refused.value).startswith(text)
