# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images, checks of types, drivers and terms in one answer, and the same in lines for people."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._image.family import NVIDIA_PRODUCT
from ansible_collections.gpgpu.aws.plugins.module_utils._image.report import Question, answer
from ansible_collections.gpgpu.aws.plugins.module_utils._image.summary import image_summary

from tests.unit.fakes.aws import FakeClient, aws_error, clients_of
from tests.unit.fakes.rows import NOW

PARAMS: dict[str, Any] = {
    "image": "ubuntu",
    "image_os": "",
    "image_user": "",
    "instance_types": [],
    "architecture": "x86_64",
    "cuda": "",
    "driver_branch": "",
}


def type_row(name: str) -> dict[str, Any]:
    """A row of DescribeInstanceTypes."""
    arm = name.startswith("g5g")
    return {
        "InstanceType": name,
        "VCpuInfo": {"DefaultVCpus": 4},
        "MemoryInfo": {"SizeInMiB": 16384},
        "ProcessorInfo": {"SupportedArchitectures": ["arm64" if arm else "x86_64"]},
        "SupportedBootModes": ["uefi"] if arm else ["legacy-bios", "uefi"],
    }


def image_row(image_id: str) -> dict[str, Any]:
    """A row of DescribeImages; that of `ami-arm64` is for arm64, that of `ami-market` has terms."""
    market = [{"ProductCodeId": "6fd3yd", "ProductCodeType": "marketplace"}] if image_id == "ami-market" else []
    return {
        "ImageId": image_id,
        "Name": f"NVIDIA GPU-Optimized AMI-{NVIDIA_PRODUCT}" if market else "ubuntu-noble",
        "Architecture": "arm64" if image_id == "ami-arm64" else "x86_64",
        "VirtualizationType": "hvm",
        "State": "available",
        "EnaSupport": True,
        "RootDeviceName": "/dev/sda1",
        "BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 8}}],
        "ProductCodes": market,
        "DeprecationTime": "2026-01-01T00:00:00.000Z",
    }


def parameter(**asked: str) -> dict[str, Any]:
    """The answer of GetParameter."""
    return {"Parameter": {"Value": "ami-arm64" if "/arm64/" in asked["Name"] else "ami-x86"}}


def ask(ssm: FakeClient | None = None, **params: Any) -> tuple[dict[str, Any], FakeClient]:
    """The answer to a question, and EC2's client."""
    ec2 = FakeClient(
        describe_instance_types=lambda **asked: {"InstanceTypes": list(map(type_row, asked["InstanceTypes"]))},
        describe_images=lambda **asked: {"Images": list(map(image_row, asked["ImageIds"]))},
        get_allowed_images_settings={"State": "disabled"},
    )
    parameters = ssm or FakeClient("ssm", get_parameter=parameter)
    denied = aws_error("AccessDeniedException")
    clients = clients_of(
        ec2=ec2,
        ssm=parameters,
        marketplace_agreement=FakeClient("marketplace-agreement", search_agreements=denied),
        marketplace_discovery=FakeClient("marketplace-discovery", list_purchase_options=denied),
    )
    return answer(clients, Question.from_params({**PARAMS, **params}), NOW), ec2


def test_one_image_for_each_architecture() -> None:
    found, ec2 = ask(instance_types=["g6.xlarge", "g5g.xlarge", "g6.xlarge", "g6.2xlarge"])
    assert [row["image_id"] for row in found["images"]] == ["ami-x86", "ami-arm64"]
    assert [(row["instance_type"], row["image_id"], row["problems"]) for row in found["checks"]] == [
        ("g6.xlarge", "ami-x86", []),
        ("g5g.xlarge", "ami-arm64", []),
        ("g6.2xlarge", "ami-x86", []),
    ]
    assert len(ec2.sent("describe_instance_types")) == 1


def test_without_types_the_architecture_decides() -> None:
    found, ec2 = ask(architecture="arm64")
    assert ([row["image_id"] for row in found["images"]], found["checks"]) == (["ami-arm64"], [])
    assert ec2.methods == ["describe_images"]


@pytest.mark.parametrize(
    ("instance_type", "cuda", "branch", "driver", "problem"),
    [
        ("g6.xlarge", "", "", "580", ""),
        ("g6.xlarge", "13.3", "", "620", ""),
        ("p3dn.24xlarge", "13", "", "", "CUDA 13.0 dropped the V100"),
        ("g6.xlarge", "13.0", "570", "", "CUDA 13.0 needs driver 580 at least, not 570."),
        ("g6f.large", "", "595", "", "AWS's GRID driver for g6f is version 18.4 to 19.5"),
        ("m5.large", "13.0", "", "", "Instance family m5 has no NVIDIA GPU."),
        ("m5.large", "", "", "", ""),
    ],
)
def test_the_driver_of_a_type(instance_type: str, cuda: str, branch: str, driver: str, problem: str) -> None:
    found, _ec2 = ask(instance_types=[instance_type], cuda=cuda, driver_branch=branch)
    (check,) = found["checks"]
    assert check["driver"]["branch"] == driver
    assert bool(check["problems"]) == bool(problem)
    assert all(problem in text for text in check["problems"])


def test_an_architecture_without_an_image_leaves_the_others() -> None:
    found, _ec2 = ask(image="windows", instance_types=["g6.xlarge", "g5g.xlarge"])
    assert [row["image_id"] for row in found["images"]] == ["ami-x86"]
    assert found["checks"][1]["image_id"] == ""
    assert found["checks"][1]["problems"][0].startswith("Image family windows (windows-2022) has no image for arm64")


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"image": "windows", "instance_types": ["g5g.xlarge"]}, "image_not_found"),
        ({"image": "beos"}, "unknown_image_family"),
        ({"cuda": "13.0"}, "bad_input"),
        ({"driver_branch": "580"}, "bad_input"),
    ],
)
def test_refused(params: dict[str, Any], code: str) -> None:
    with pytest.raises(GpuError) as refused:
        ask(**params)
    assert refused.value.code == code


def test_terms_are_told_and_left_alone() -> None:
    ssm = FakeClient("ssm", get_parameter={"Parameter": {"Value": "ami-market"}})
    found, _ec2 = ask(ssm, image="nvidia-marketplace", instance_types=["g6.xlarge"])
    (row,) = found["images"]
    assert (row["terms"]["agreed"], row["terms"]["free"]) == (None, False)
    assert image_summary(found)[-1] == (
        "Terms of ami-market: charge not known; accept them at "
        "https://aws.amazon.com/marketplace/pp/prodview-7ikjtg3um26wq"
    )


def test_the_summary() -> None:
    found, _ec2 = ask(instance_types=["g6.xlarge", "g6f.large", "p3dn.24xlarge"], cuda="13.0")
    assert image_summary(found) == [
        "Image    Name          System        Architecture  Login   Root disk        Driver  Terms",
        "ami-x86  ubuntu-noble  ubuntu-24.04  x86_64        ubuntu  /dev/sda1 8 GiB  no      none",
        "",
        "Type           Starts  Driver    Modules  CUDA",
        "g6.xlarge      yes     580       open     13.0",
        "g6f.large      yes     580 GRID  open     13.0",
        "p3dn.24xlarge  no      -         -        -",
        "p3dn.24xlarge: CUDA 13.0 dropped the V100 (compute capability 7.0): 12.9 is its last. "
        "What would work: driver 580 with proprietary modules and CUDA 12.9.",
        "Note: Image ami-x86 (ubuntu-noble) is deprecated since 2026-01-01: its owner recommends a newer one.",
    ]
