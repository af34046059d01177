# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images, and the parameters that name them."""

from __future__ import annotations

import pytest

from sandbox.images.catalog import IMAGES
from sandbox.services.marketplace_products import NVIDIA_GPU, NVIDIA_RTX
from tests.sandbox.cloud import Cloud, Row

BASE = "/aws/service/deeplearning/ami/{}/base-oss-nvidia-driver-gpu-{}/latest/ami-id"
CANONICAL = "/aws/service/canonical/ubuntu/server/{}/stable/current/{}/hvm/{}/ami-id"
DEBIAN = "/aws/service/debian/release/{}/latest/{}"
WINDOWS = "/aws/service/ami-windows-latest/Windows_Server-{}-Base"
FRAMEWORK = "/aws/service/deeplearning/ami/{}/oss-nvidia-driver-gpu-{}/latest/ami-id"
AMAZON = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-{}-{}"


@pytest.mark.parametrize(
    ("parameter", "owner", "root", "architecture"),
    [
        (BASE.format("x86_64", "ubuntu-22.04"), "898082745236", "/dev/sda1", "x86_64"),
        (BASE.format("x86_64", "ubuntu-24.04"), "898082745236", "/dev/sda1", "x86_64"),
        (BASE.format("arm64", "ubuntu-24.04"), "898082745236", "/dev/sda1", "arm64"),
        (BASE.format("x86_64", "amazon-linux-2023"), "898082745236", "/dev/xvda", "x86_64"),
        (CANONICAL.format("22.04", "amd64", "ebs-gp2"), "099720109477", "/dev/sda1", "x86_64"),
        (CANONICAL.format("24.04", "arm64", "ebs-gp3"), "099720109477", "/dev/sda1", "arm64"),
        (AMAZON.format("default", "x86_64"), "137112412989", "/dev/xvda", "x86_64"),
        (AMAZON.format("6.18", "arm64"), "137112412989", "/dev/xvda", "arm64"),
        (CANONICAL.format("26.04", "amd64", "ebs-gp3"), "099720109477", "/dev/sda1", "x86_64"),
        (DEBIAN.format("12", "amd64"), "136693071363", "/dev/xvda", "x86_64"),
        (DEBIAN.format("trixie", "arm64"), "136693071363", "/dev/xvda", "arm64"),
        (WINDOWS.format("2019-English-Full"), "801119661308", "/dev/sda1", "x86_64"),
        (WINDOWS.format("2022-Japanese-Full"), "801119661308", "/dev/sda1", "x86_64"),
        (WINDOWS.format("2025-English-Core"), "801119661308", "/dev/sda1", "x86_64"),
        (FRAMEWORK.format("x86_64", "pytorch-2.10-ubuntu-24.04"), "898082745236", "/dev/sda1", "x86_64"),
        (FRAMEWORK.format("arm64", "pytorch-2.12-ubuntu-24.04"), "898082745236", "/dev/sda1", "arm64"),
        (FRAMEWORK.format("x86_64", "tensorflow-2.18-amazon-linux-2023"), "898082745236", "/dev/xvda", "x86_64"),
        (f"/aws/service/marketplace/{NVIDIA_GPU.id}/latest", "679593333241", "/dev/sda1", "x86_64"),
        (f"/aws/service/marketplace/{NVIDIA_RTX.id}/latest", "679593333241", "/dev/sda1", "x86_64"),
    ],
)
def test_parameter_names_an_image(cloud: Cloud, parameter: str, owner: str, root: str, architecture: str) -> None:
    (image,) = cloud.client("ec2").describe_images(ImageIds=[cloud.image(parameter)])["Images"]
    assert (image["OwnerId"], image["RootDeviceName"], image["Architecture"]) == (owner, root, architecture)
    assert image["VirtualizationType"] == "hvm"
    assert image["EnaSupport"]
    assert image["State"] == "available"
    assert image["BlockDeviceMappings"][0]["DeviceName"] == root


def test_parameters_are_listed_by_path(cloud: Cloud) -> None:
    path = "/aws/service/deeplearning/ami/"
    pages = cloud.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=path, Recursive=True)
    rows = [row for page in pages for row in page["Parameters"]]
    names = {row["Name"].split("/")[6] for row in rows}
    assert len(rows) == 20
    assert {"base-oss-nvidia-driver-gpu-ubuntu-24.04", "oss-nvidia-driver-gpu-pytorch-2.7-ubuntu-22.04"} <= names
    assert all(row["Value"].startswith("ami-") for row in rows)


@pytest.mark.parametrize(
    ("request_", "count"),
    [
        ({"IncludeDeprecated": True}, len(IMAGES)),
        ({}, len(IMAGES) - 1),
        ({"Owners": ["self"]}, 0),
        ({"Owners": ["aws-marketplace"]}, 4),
        ({"Owners": ["898082745236"]}, 20),
        ({"Owners": ["309956199498"]}, 4),
        ({"Owners": ["792107900819"]}, 2),
        ({"Filters": [{"Name": "name", "Values": [f"*{NVIDIA_GPU.id}*"]}]}, 1),
        ({"Filters": [{"Name": "product-code.type", "Values": ["marketplace"]}]}, 4),
        ({"Filters": [{"Name": "product-code", "Values": [NVIDIA_GPU.code]}]}, 1),
        ({"Filters": [{"Name": "platform", "Values": ["windows"]}]}, 10),
        ({"Filters": [{"Name": "boot-mode", "Values": ["legacy-bios"]}]}, 2),
        ({"Filters": [{"Name": "public-ssm-parameter-name", "Values": [DEBIAN.format("12", "amd64")]}]}, 1),
        ({"Filters": [{"Name": "virtualization-type", "Values": ["paravirtual"]}]}, 1),
        ({"Filters": [{"Name": "architecture", "Values": ["i386"]}]}, 1),
        ({"Filters": [{"Name": "architecture", "Values": ["arm64"]}]}, 15),
    ],
)
def test_images_are_found(cloud: Cloud, request_: Row, count: int) -> None:
    assert len(cloud.client("ec2").describe_images(**request_)["Images"]) == count


def test_ids_are_stable_and_belong_to_one_region(cloud: Cloud) -> None:
    here = {image.image_id("us-west-2") for image in IMAGES}
    there = {image.image_id("eu-west-1") for image in IMAGES}
    listed = cloud.client("ec2").describe_images(IncludeDeprecated=True)["Images"]
    shown = {image["ImageId"] for image in listed}
    assert shown == here
    assert not here & there
    assert len(here) == len(IMAGES)


@pytest.mark.parametrize(
    ("parameter", "fields"),
    [
        (
            WINDOWS.format("2025-English-Full"),
            {"Platform": "windows", "PlatformDetails": "Windows", "UsageOperation": "RunInstances:0002"},
        ),
        (WINDOWS.format("2022-English-Full"), {"Platform": "windows", "BootMode": None, "ImdsSupport": None}),
        (BASE.format("x86_64", "ubuntu-24.04"), {"ImdsSupport": "v2.0", "ProductCodes": [], "ImageAllowed": True}),
        (
            f"/aws/service/marketplace/{NVIDIA_GPU.id}/latest",
            {"ProductCodes": [{"ProductCodeId": NVIDIA_GPU.code, "ProductCodeType": "marketplace"}], "Platform": None},
        ),
        (DEBIAN.format("13", "amd64"), {"BootMode": "uefi-preferred", "DeprecationTime": None, "Platform": None}),
    ],
)
def test_image_shows_what_a_launch_must_know(cloud: Cloud, parameter: str, fields: Row) -> None:
    (image,) = cloud.client("ec2").describe_images(ImageIds=[cloud.image(parameter)])["Images"]
    assert {name: image.get(name) for name in fields} == fields
    assert image["PublicSsmParameterName"] == parameter
