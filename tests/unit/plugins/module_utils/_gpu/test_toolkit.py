# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CUDA toolkits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.host import Completed, Host
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.toolkit import (
    Toolkit,
    parse_nvcc_version,
    read_toolkits,
)


def nvcc(version: str) -> Mapping[str, Completed]:
    """A compiler of one version."""
    return {"--version": Completed(0, f"Cuda compilation tools, release {version}, V{version}.88\n")}


@pytest.mark.parametrize(("text", "expected"), [("release 12.9, V12.9.86", "12.9"), ("nvcc fatal", None), ("", None)])
def test_nvcc_version_forms(text: str, expected: str | None) -> None:
    assert parse_nvcc_version(text) == expected


def test_nvcc_version_of_the_recorded_answer(recorded: Callable[[str], str]) -> None:
    assert parse_nvcc_version(recorded("nvcc_13.txt")) == "13.0"


@pytest.mark.parametrize(
    ("programs", "expected"),
    [
        ({}, ()),
        ({"/usr/bin/nvcc": nvcc("12.0")}, (Toolkit("/usr/bin/nvcc", "12.0"),)),
        ({"/usr/bin/nvcc": {"--version": Completed(1, "")}}, (Toolkit("/usr/bin/nvcc", None),)),
        (
            {"/usr/local/cuda-9.2/bin/nvcc": nvcc("9.2"), "/usr/local/cuda-13.0/bin/nvcc": nvcc("13.0")},
            (Toolkit("/usr/local/cuda-13.0/bin/nvcc", "13.0"), Toolkit("/usr/local/cuda-9.2/bin/nvcc", "9.2")),
        ),
        (
            {
                "/usr/local/cuda-13.0/bin/nvcc": {"--version": Completed(1, "")},
                "/usr/local/cuda-9.2/bin/nvcc": nvcc("9.2"),
            },
            (Toolkit("/usr/local/cuda-9.2/bin/nvcc", "9.2"), Toolkit("/usr/local/cuda-13.0/bin/nvcc", None)),
        ),
        (
            {"/usr/bin/nvcc": nvcc("12.0"), "/usr/local/cuda-13.0/bin/nvcc": nvcc("13.0")},
            (Toolkit("/usr/bin/nvcc", "12.0"), Toolkit("/usr/local/cuda-13.0/bin/nvcc", "13.0")),
        ),
    ],
    ids=["none", "on_path", "silent", "newest_first_by_number", "silent_last", "path_before_newer"],
)
def test_toolkits(
    make_host: Callable[..., Host],
    programs: Mapping[str, Mapping[str, Completed]],
    expected: tuple[Toolkit, ...],
) -> None:
    assert read_toolkits(make_host(programs=programs)) == expected


def test_a_linked_toolkit_counts_once(make_host: Callable[..., Host]) -> None:
    host = make_host(
        programs={"/usr/local/cuda-13.0/bin/nvcc": nvcc("13.0")},
        links={"/usr/local/cuda": "cuda-13.0", "/usr/bin/nvcc": "../local/cuda-13.0/bin/nvcc"},
    )
    answers = nvcc("13.0")
    linked = Host(host.root, host.folders, run=lambda argv: answers[" ".join(argv[1:])])
    assert read_toolkits(linked) == (Toolkit("/usr/bin/nvcc", "13.0"),)
