# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The region is checked before anything else, without a call where botocore knows it; errors become fields."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError, GpuError, error_code, explain
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.module import GpuModule

from tests.unit.fakes.aws import FakeClient, call_error

REGIONS = {"Regions": [{"RegionName": name} for name in ("us-east-1", "us-west-2", "eu-west-1")]}


@pytest.fixture
def asked() -> FakeClient:
    """The client that tells the regions of the account."""
    return FakeClient(describe_regions=REGIONS)


@pytest.fixture
def make_module(monkeypatch: pytest.MonkeyPatch, asked: FakeClient) -> Iterator[Callable[..., GpuModule]]:
    """Make a module whose clients are fakes."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setattr(GpuModule, "make_client", lambda _self, _service, _region: asked)

    with ExitStack() as given:

        def make(**options: object) -> GpuModule:
            given.enter_context(patch_module_args(options))
            return GpuModule(argument_spec={}, supports_check_mode=True)

        yield make


def test_answers_of_aws_are_seldom_searched_for_garbage(make_module: Callable[..., GpuModule]) -> None:
    before = gc.get_threshold()
    gc.set_threshold(700)
    make_module()
    seldom = gc.get_threshold()
    gc.set_threshold(*before)
    assert seldom[0] > 10_000


@pytest.mark.parametrize("region", ["us-west-2", "eu-central-1", "cn-north-1", "us-gov-west-1"])
def test_a_known_region_costs_no_call(make_module: Callable[..., GpuModule], asked: FakeClient, region: str) -> None:
    assert make_module(region=region).clients().region == region
    assert asked.calls == []


def test_an_unknown_region_names_the_nearest(make_module: Callable[..., GpuModule], asked: FakeClient) -> None:
    with pytest.raises(GpuError) as refused:
        make_module(region="us-wset-2").clients()
    assert refused.value.code == "unknown_region"
    assert "Did you mean us-west-2? The account has: eu-west-1, us-east-1, us-west-2." in str(refused.value)
    assert asked.methods == ["describe_regions"]


def test_a_region_newer_than_botocore_is_taken(make_module: Callable[..., GpuModule], asked: FakeClient) -> None:
    asked._answers["describe_regions"] = {"Regions": [{"RegionName": "moon-north-1"}]}
    assert make_module(region="moon-north-1").clients().region == "moon-north-1"


def test_no_region_says_how_to_give_one(make_module: Callable[..., GpuModule]) -> None:
    with pytest.raises(GpuError, match=r"Set gpu_region .* or AWS_REGION") as refused:
        make_module().clients()
    assert refused.value.code == "no_region"


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_the_region_of_the_environment_is_used(
    make_module: Callable[..., GpuModule], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "eu-west-1")
    assert make_module().clients().region == "eu-west-1"


@pytest.mark.parametrize(
    ("error", "fields"),
    [
        (
            GpuError("It failed", "Do this.", "word", suggestion="g5.xlarge"),
            {"msg": "It failed. Do this.", "error_code": "word", "next_step": "Do this.", "suggestion": "g5.xlarge"},
        ),
        (
            call_error("VcpuLimitExceeded", "Too many."),
            {"error_code": "VcpuLimitExceeded", "failed": True},
        ),
    ],
)
def test_an_error_becomes_fields(
    make_module: Callable[..., GpuModule],
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    fields: dict[str, Any],
) -> None:
    with pytest.raises(SystemExit):
        make_module().fail_gpu(error)
    assert json.loads(capsys.readouterr().out).items() >= fields.items()


@pytest.mark.parametrize(
    ("options", "variables", "code"),
    [
        ({}, {"AWS_PROFILE": "nobody"}, "ProfileNotFound"),
        ({"profile": "nobody"}, {}, "ProfileNotFound"),
        ({"access_key": "AKIA7GPU2SANDBOX9KEY"}, {}, "PartialCredentialsError"),
    ],
)
def test_settings_that_can_not_be_used_are_explained(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, str], variables: dict[str, str], code: str
) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"AWS_CONFIG_FILE": "/dev/null", **variables}.items():
        monkeypatch.setenv(name, value)
    with patch_module_args({"region": "us-west-2", **options}), pytest.raises(AwsCallError) as failed:
        _ = GpuModule(argument_spec={}).clients().ec2
    assert error_code(failed.value) == code
    assert "AWS_PROFILE" in explain(failed.value).next_step


def test_an_error_that_is_not_ours_is_not_hidden(make_module: Callable[..., GpuModule]) -> None:
    with pytest.raises(KeyError):
        make_module().fail_gpu(KeyError("a bug"))


REGION_WORDS: dict[str, tuple[dict[str, str], list[str], tuple[str, ...]]] = {
    "none is the module's own": ({"region": "eu-west-1"}, [], ("eu-west-1",)),
    "named": ({"region": "eu-west-1"}, ["us-west-2", "us-east-1"], ("us-west-2", "us-east-1")),
    "named twice": ({}, ["us-west-2", "us-east-1", "us-west-2"], ("us-west-2", "us-east-1")),
    "all": ({"region": "eu-west-1"}, ["all"], ("eu-west-1", "us-east-1", "us-west-2")),
    "all among others, without a region": ({}, ["us-west-2", "all"], ("eu-west-1", "us-east-1", "us-west-2")),
}


@pytest.mark.parametrize(("options", "names", "regions"), REGION_WORDS.values(), ids=REGION_WORDS.keys())
def test_regions(
    make_module: Callable[..., GpuModule],
    asked: FakeClient,
    options: dict[str, str],
    names: list[str],
    regions: tuple[str, ...],
) -> None:
    assert make_module(**options).regions(names) == regions
    assert asked.methods == (["describe_regions"] if "all" in names else [])


def test_no_region_at_all_says_how_to_give_one(make_module: Callable[..., GpuModule]) -> None:
    with pytest.raises(GpuError, match=r"Set gpu_region"):
        make_module().regions([])


def test_clients_of_a_region_are_made_once(make_module: Callable[..., GpuModule], asked: FakeClient) -> None:
    asked._answers["describe_regions"] = {"Regions": [{"RegionName": "moon-north-1"}]}
    module = make_module(region="us-west-2")
    west, moon = module.clients_in("us-west-2"), module.clients_in("moon-north-1")
    assert (west.region, moon.region) == ("us-west-2", "moon-north-1")
    assert (module.clients_in("us-west-2"), module.clients_in("moon-north-1"), module.clients()) == (west, moon, west)
    assert asked.methods == ["describe_regions"], "a region is checked once"


@pytest.mark.parametrize(
    ("once", "attempts"), [(True, 1), (False, 11)], ids=["a purchase is sent once", "others as asked for"]
)
def test_a_purchase_is_not_repeated_by_settings_of_ones_own(
    monkeypatch: pytest.MonkeyPatch, once: bool, attempts: int
) -> None:
    """Nobody gives a second capacity block back, and its call has no client token."""
    for name in ("AWS_PROFILE", "AWS_MAX_ATTEMPTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    options = {"access_key": "test", "secret_key": "test", "aws_config": {"retries": {"max_attempts": 10}}}
    with patch_module_args(options):
        module = GpuModule(argument_spec={}, supports_check_mode=True)
        client = module.make_client("ec2", "us-west-2", once=once)
    assert client.meta.config.retries["total_max_attempts"] == attempts
