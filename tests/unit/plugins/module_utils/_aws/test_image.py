# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters of images and the allowed-images setting: what a refused call means for each."""

from __future__ import annotations

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import image
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError

from tests.unit.fakes.aws import FakeClient, aws_error


@pytest.mark.parametrize("code", ["ParameterNotFound", "AccessDeniedException"])
def test_an_alias_that_is_not_there_or_not_for_everyone(code: str) -> None:
    assert image.get_alias(FakeClient("ssm", get_parameter=aws_error(code)), "prod-a") == ""


def test_another_failure_of_the_alias_is_told() -> None:
    with pytest.raises(AwsCallError, match="read the image alias of Marketplace product prod-a"):
        image.get_alias(FakeClient("ssm", get_parameter=aws_error("InternalServerError")), "prod-a")


def test_parameter_names() -> None:
    client = FakeClient("ssm", get_parameters_by_path={"Parameters": [{"Name": "/aws/a"}, {"Name": "/aws/b"}]})
    assert image.list_parameter_names(client, "/aws/") == ["/aws/a", "/aws/b"]


def test_parameters_that_may_not_be_listed() -> None:
    client = FakeClient("ssm", get_parameters_by_path=aws_error("AccessDeniedException"))
    with pytest.raises(AwsCallError, match="list image parameters under /aws/"):
        image.list_parameter_names(client, "/aws/")


def test_a_setting_that_may_not_be_read_is_unknown() -> None:
    client = FakeClient(get_allowed_images_settings=aws_error("UnauthorizedOperation"))
    assert image.get_allowed_images_state(client) == ""
