# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An image is found by its family's parameter, by its name, or by its id."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._image.family import NVIDIA_PRODUCT, RTX_PRODUCT
from ansible_collections.gpgpu.aws.plugins.module_utils._image.find import find_image
from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import Image

from tests.unit.fakes.aws import FakeClient, aws_error, clients_of

CANONICAL = "099720109477"


def row(image_id: str, **fields: Any) -> dict[str, Any]:
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
    names: Any = (),
    setting: Any = "disabled",
) -> tuple[Image, FakeClient, FakeClient]:
    """What is found, and the clients that were asked; `names` are the published parameters."""
    answer = rows if isinstance(rows, Exception) else {"Images": [row("ami-1")] if rows is None else rows}
    parameter = value if isinstance(value, Exception) else {"Parameter": {"Value": value}}
    listed = [{"Name": name} for name in names]
    ec2 = FakeClient(
        describe_images=answer,
        get_allowed_images_settings=setting if isinstance(setting, Exception) else {"State": setting},
    )
    ssm = FakeClient("ssm", get_parameter=parameter, get_parameters_by_path={"Parameters": listed})
    return find_image(clients_of(ec2=ec2, ssm=ssm), image, system, architecture, user), ec2, ssm


def test_by_the_parameter_of_the_family() -> None:
    found, ec2, ssm = find("ubuntu", system="ubuntu-22.04", architecture="arm64")
    name = "/aws/service/canonical/ubuntu/server/22.04/stable/current/arm64/hvm/ebs-gp2/ami-id"
    assert ssm.calls == [("get_parameter", {"Name": name})]
    assert ec2.calls == [("describe_images", {"ImageIds": ["ami-1"]})]
    assert (found.image_id, found.family, found.system, found.user) == ("ami-1", "ubuntu", "ubuntu-22.04", "ubuntu")


@pytest.mark.parametrize("alias", [aws_error("ParameterNotFound"), aws_error("AccessDeniedException")])
def test_by_name_the_newest(alias: Exception) -> None:
    rows = [
        row("ami-1", CreationDate="2025-01-01T00:00:00.000Z"),
        row("ami-3", CreationDate="2026-09-28T08:00:00.000Z"),
        row("ami-2", CreationDate="2025-12-31T00:00:00.000Z"),
    ]
    found, ec2, ssm = find("nvidia-marketplace", rows=rows, value=alias)
    assert (found.image_id, found.driver) == ("ami-3", True)
    assert ssm.calls == [("get_parameter", {"Name": f"/aws/service/marketplace/{NVIDIA_PRODUCT}/latest"})]
    (asked,) = ec2.sent("describe_images")
    filters = {one["Name"]: one["Values"] for one in asked["Filters"]}
    assert asked["Owners"] == ["aws-marketplace"]
    assert filters == {
        "name": [f"*{NVIDIA_PRODUCT}*"],
        "architecture": ["x86_64"],
        "state": ["available"],
        "virtualization-type": ["hvm"],
    }


def test_by_the_alias_of_the_product() -> None:
    found, ec2, ssm = find("nvidia-rtx-windows", value="ami-7", rows=[row("ami-7", Platform="Windows")])
    assert ssm.calls == [("get_parameter", {"Name": f"/aws/service/marketplace/{RTX_PRODUCT}/latest"})]
    assert ec2.calls == [("describe_images", {"ImageIds": ["ami-7"]})]
    assert (found.user, found.platform, found.system) == ("Administrator", "windows", "windows-2022")


@pytest.mark.parametrize(
    ("image", "system", "owner", "name"),
    [
        ("rhel", "", "309956199498", "RHEL-9.*_HVM-*-Hourly2-GP3"),
        ("rhel", "rhel-10", "309956199498", "RHEL-10.*_HVM-*-Hourly2-GP3"),
        ("rocky", "rocky-10", "792107900819", "Rocky-10-EC2-Base-10.*"),
    ],
)
def test_by_owner_and_name(image: str, system: str, owner: str, name: str) -> None:
    _found, ec2, ssm = find(image, system=system, architecture="arm64")
    (asked,) = ec2.sent("describe_images")
    assert (asked["Owners"], asked["Filters"][0]["Values"], ssm.calls) == ([owner], [name], [])


def slugs(*words: str) -> list[str]:
    """The parameters of these Deep Learning images, among others."""
    path = "/aws/service/deeplearning/ami/x86_64"
    named = [f"{path}/oss-nvidia-driver-gpu-{word}/latest/ami-id" for word in words]
    return [*named, f"{path}/base-oss-nvidia-driver-gpu-ubuntu-24.04/latest/ami-id", f"{path}/x/latest/ami-name"]


PYTORCH = slugs(
    *("pytorch-2.9-ubuntu-24.04", "pytorch-2.12-ubuntu-24.04", "pytorch-2.10-amazon-linux-2023"),
    *("pytorch-2.13-ubuntu-26.04", "tensorflow-2.18-ubuntu-22.04"),
)


@pytest.mark.parametrize(
    ("image", "system", "version", "chosen"),
    [
        ("deep-learning-pytorch", "", "2.12", "ubuntu-24.04"),
        ("deep-learning-pytorch", "ubuntu-26.04", "2.13", "ubuntu-26.04"),
        ("deep-learning-pytorch", "amazon-linux-2023", "2.10", "amazon-linux-2023"),
        ("deep-learning-pytorch-2.9", "", "2.9", "ubuntu-24.04"),
        ("deep-learning-pytorch-2.13", "", "2.13", "ubuntu-26.04"),
        ("deep-learning-tensorflow", "", "2.18", "ubuntu-22.04"),
    ],
)
def test_the_newest_version_of_a_framework(image: str, system: str, version: str, chosen: str) -> None:
    found, _ec2, ssm = find(image, system=system, names=PYTORCH)
    (asked,) = ssm.sent("get_parameters_by_path")
    assert asked == {"Path": "/aws/service/deeplearning/ami/x86_64/", "Recursive": True}
    assert (found.version, found.system, found.modules) == (version, chosen, "open")
    assert f"-{version}-{chosen}/latest/ami-id" in ssm.sent("get_parameter")[0]["Name"]


def test_a_version_and_a_system_need_no_list() -> None:
    found, _ec2, ssm = find("deep-learning-pytorch-2.12", system="ubuntu-24.04")
    assert ssm.methods == ["get_parameter"]
    assert found.version == "2.12"


@pytest.mark.parametrize("system", ["", "ubuntu-22.04"])
def test_an_unpublished_version_names_those_that_are(system: str) -> None:
    with pytest.raises(GpuError) as refused:
        find("deep-learning-pytorch-2.1", system=system, names=PYTORCH, value=aws_error("ParameterNotFound"))
    assert refused.value.code == "image_not_found"
    assert refused.value.next_step == (
        "Choose one of deep-learning-pytorch-2.13 (ubuntu-26.04), deep-learning-pytorch-2.12 (ubuntu-24.04), "
        "deep-learning-pytorch-2.10 (amazon-linux-2023), deep-learning-pytorch-2.9 (ubuntu-24.04)."
    )


def test_no_version_at_all() -> None:
    with pytest.raises(GpuError, match="Choose deep-learning, which brings the driver alone"):
        find("deep-learning-tensorflow", names=())


@pytest.mark.parametrize(
    ("setting", "allowed", "audited"),
    [
        ("enabled", False, False),
        ("audit-mode", True, True),
        (aws_error("UnauthorizedOperation"), False, False),
    ],
)
def test_an_image_outside_the_allowed_ones(setting: Any, allowed: bool, audited: bool) -> None:
    found, _ec2, _ssm = find("ubuntu", rows=[row("ami-1", ImageAllowed=False)], setting=setting)
    assert (found.allowed, found.audited) == (allowed, audited)


@pytest.mark.parametrize("image", ["ami-9", "nvidia-marketplace"])
def test_a_setting_that_hides_images_is_named(image: str) -> None:
    with pytest.raises(GpuError, match="ask your administrator to allow the image's owner"):
        find(image, rows=[], value=aws_error("ParameterNotFound"), setting="enabled")


@pytest.mark.parametrize(
    ("fields", "login"),
    [
        ({"OwnerId": "309956199498"}, "ec2-user"),
        ({"OwnerId": "792107900819"}, "rocky"),
        ({"OwnerId": "801119661308"}, "Administrator"),
        ({"OwnerId": "111122223333", "Platform": "windows"}, "Administrator"),
        ({"OwnerId": "898082745236", "Name": "Deep Learning Base AMI (Ubuntu 24.04) 20261009"}, "ubuntu"),
        ({"OwnerId": "898082745236", "Name": "Deep Learning Base AMI (Amazon Linux 2023) 20261008"}, "ec2-user"),
        (
            {
                "OwnerId": "679593333241",
                "Name": f"NVIDIA GPU-Optimized AMI 26.09.1-{NVIDIA_PRODUCT}",
                "ProductCodes": [{"ProductCodeId": "abc", "ProductCodeType": "marketplace"}],
            },
            "ubuntu",
        ),
    ],
)
def test_login_user_of_an_id(fields: dict[str, Any], login: str) -> None:
    assert find("ami-9", rows=[row("ami-9", **fields)])[0].user == login


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
        pytest.param(
            {"image": "deep"},
            "unknown_image_family",
            "There is no image family deep. Did you mean deep-learning? Use one of",
            id="unknown family",
        ),
        pytest.param(
            {"image": "windows", "architecture": "arm64"},
            "image_not_found",
            "Image family windows (windows-2022) has no image for arm64 in us-west-2. Choose another family",
            id="no Windows for arm64",
        ),
    ],
)
def test_what_is_not_found(arguments: dict[str, Any], code: str, text: str) -> None:
    with pytest.raises(GpuError) as refused:
        find(**arguments)
    assert refused.value.code == code
    assert str(refused.value).startswith(text)
