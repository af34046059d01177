# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images, and the parameters that name them."""

from __future__ import annotations

import pytest

from sandbox.images.catalog import IMAGES, NVIDIA_PRODUCT
from tests.sandbox.cloud import Cloud, Row

BASE = "/aws/service/deeplearning/ami/{}/base-oss-nvidia-driver-gpu-{}/latest/ami-id"
CANONICAL = "/aws/service/canonical/ubuntu/server/{}/stable/current/{}/hvm/{}/ami-id"
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
        (f"/aws/service/marketplace/{NVIDIA_PRODUCT}/latest", "679593333241", "/dev/sda1", "x86_64"),
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
    assert len(rows) == 6
    assert all(row["Value"].startswith("ami-") for row in rows)


@pytest.mark.parametrize(
    ("request_", "count"),
    [
        ({}, len(IMAGES)),
        ({"Owners": ["self"]}, 0),
        ({"Owners": ["aws-marketplace"]}, 1),
        ({"Owners": ["898082745236"]}, 6),
        ({"Filters": [{"Name": "name", "Values": [f"*{NVIDIA_PRODUCT}*"]}]}, 1),
        ({"Filters": [{"Name": "product-code.type", "Values": ["marketplace"]}]}, 1),
        ({"Filters": [{"Name": "virtualization-type", "Values": ["paravirtual"]}]}, 1),
        ({"Filters": [{"Name": "architecture", "Values": ["i386"]}]}, 1),
        ({"Filters": [{"Name": "architecture", "Values": ["arm64"]}]}, 6),
    ],
)
def test_images_are_found(cloud: Cloud, request_: Row, count: int) -> None:
    assert len(cloud.client("ec2").describe_images(**request_)["Images"]) == count


def test_ids_are_stable_and_belong_to_one_region(cloud: Cloud) -> None:
    here = {image.image_id("us-west-2") for image in IMAGES}
    there = {image.image_id("eu-west-1") for image in IMAGES}
    shown = {image["ImageId"] for image in cloud.client("ec2").describe_images()["Images"]}
    assert shown == here
    assert not here & there
    assert len(here) == len(IMAGES)
