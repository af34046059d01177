# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module: its options reach the verdict, and its documentation is what it returns."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.observation import Observation
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.pci import PciGpu
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.smi import Gpu, SmiAnswer
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.toolkit import Toolkit
from ansible_collections.gpgpu.aws.plugins.modules import nvidia_gpu_info

RETURNED: Mapping[str, Any] = yaml.safe_load(nvidia_gpu_info.RETURN)
SAMPLE_GPU = RETURNED["gpus"]["sample"][0]
GPU = Gpu(**{**SAMPLE_GPU, "throttle_reasons": tuple(SAMPLE_GPU["throttle_reasons"])})
SEEN = Observation(
    pci=(PciGpu(**RETURNED["pci_gpus"]["sample"][0]),),
    kernel_version="580.105.08",
    library_version="580.105.08",
    smi=SmiAnswer(0, "", True, "580.105.08", "13.0", (GPU,)),
    device_files=("/dev/nvidia0",),
    toolkits=(Toolkit(**RETURNED["toolkits"]["sample"][0]),),
)


@contextmanager
def module_args(**options: object) -> Iterator[None]:
    """Options as Ansible hands them to a module."""
    with patch_module_args(options):
        yield


@pytest.fixture
def run_module(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Mapping[str, Any]]:
    """Run the module on a host with one H100 and return what it printed."""
    monkeypatch.setattr(nvidia_gpu_info, "observe", lambda _host: SEEN)

    def run(**options: object) -> Mapping[str, Any]:
        with module_args(**options), pytest.raises(SystemExit):
            nvidia_gpu_info.main()
        printed: Mapping[str, Any] = json.loads(capsys.readouterr().out)
        return printed

    return run


@pytest.mark.parametrize(
    ("options", "verdict", "passed"),
    [
        ({}, "ok", True),
        ({"expected_count": 1, "expected_memory_mib": 81920}, "ok", True),
        ({"expected_count": 2}, "missing_gpu", False),
        ({"expected_memory_mib": 22888}, "missing_gpu", False),
        ({"expected_count": 2, "_ansible_check_mode": True}, "missing_gpu", False),
    ],
)
def test_options_reach_the_verdict(
    run_module: Callable[..., Mapping[str, Any]], options: Mapping[str, object], verdict: str, passed: bool
) -> None:
    result = run_module(**options)
    assert (result["changed"], result["verdict"], result["passed"]) == (False, verdict, passed)


def test_a_wrong_option_fails(run_module: Callable[..., Mapping[str, Any]]) -> None:
    result = run_module(expected_count="many")
    assert result["failed"]
    assert "expected_count" in result["msg"]


def documented(entry: Mapping[str, Any]) -> set[str]:
    """Names of the keys under one documented value."""
    return set(entry.get("contains", {}))


def test_the_documentation_is_what_is_returned(run_module: Callable[..., Mapping[str, Any]]) -> None:
    result = run_module(expected_count=2)
    assert set(RETURNED) == set(result) - {"changed", "invocation"}
    for name, entry in RETURNED.items():
        value = result[name][0] if entry["type"] == "list" and entry["elements"] == "dict" else result[name]
        if isinstance(value, dict):
            assert documented(entry) == set(value), name


def test_the_sample_is_a_real_answer(run_module: Callable[..., Mapping[str, Any]]) -> None:
    result = run_module(expected_count=1)
    for name in ("summary", "driver", "toolkits", "pci_gpus", "gpus"):
        assert result[name] == RETURNED[name]["sample"], name


def test_arguments_are_the_documented_options() -> None:
    options = yaml.safe_load(nvidia_gpu_info.DOCUMENTATION)["options"]
    shown = {name: {"type": option["type"], "default": option["default"]} for name, option in options.items()}
    assert shown == nvidia_gpu_info.ARGUMENT_SPEC
