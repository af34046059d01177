# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel module, userspace library and device files."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.driver import (
    parse_proc_version,
    read_device_files,
    read_kernel_version,
    read_library_version,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.host import Host

MakeHost = Callable[..., Host]
MODULE_VERSION = "/sys/module/nvidia/version"
PROC_VERSION = "/proc/driver/nvidia/version"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("proc_version_open.txt", "580.105.08"), ("proc_version_proprietary.txt", "525.147.05")],
)
def test_proc_version_of_both_module_flavours(recorded: Callable[[str], str], name: str, expected: str) -> None:
    assert parse_proc_version(recorded(name)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NVRM version: NVIDIA UNIX x86_64 Kernel Module  418.226  Mon", "418.226"),
        ("NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  595.91.07  Release Build  (b)", "595.91.07"),
        ("", None),
        ("GCC version:  gcc version 13.3.0 (Ubuntu)", None),
    ],
)
def test_proc_version_forms(text: str, expected: str | None) -> None:
    assert parse_proc_version(text) == expected


@pytest.mark.parametrize(
    ("sysfs", "proc", "expected"),
    [
        ("595.91.07\n", "proc_version_open.txt", "595.91.07"),
        (None, "proc_version_open.txt", "580.105.08"),
        (None, None, None),
    ],
    ids=["sysfs_first", "proc_without_sysfs", "no_module"],
)
def test_kernel_version(
    make_host: MakeHost, recorded: Callable[[str], str], sysfs: str | None, proc: str | None, expected: str | None
) -> None:
    files = {MODULE_VERSION: sysfs, PROC_VERSION: proc and recorded(proc)}
    assert read_kernel_version(make_host(files={name: text for name, text in files.items() if text})) == expected


@pytest.mark.parametrize(
    "folder", ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"]
)
def test_library_version_is_that_of_the_link_not_of_a_leftover(make_host: MakeHost, folder: str) -> None:
    files = {f"{folder}/libnvidia-ml.so.{version}": "" for version in ("535.183.01", "580.105.08")}
    host = make_host(files=files, links={f"{folder}/libnvidia-ml.so.1": "libnvidia-ml.so.580.105.08"})
    assert read_library_version(host) == "580.105.08"


def test_no_library(make_host: MakeHost) -> None:
    assert read_library_version(make_host()) is None


def test_device_files_are_those_of_gpus(make_host: MakeHost) -> None:
    names = ("nvidia0", "nvidia10", "nvidiactl", "nvidia-uvm", "nvidia-modeset", "nvidia-caps")
    host = make_host(files={f"/dev/{name}": "" for name in names})
    assert read_device_files(host) == ("/dev/nvidia0", "/dev/nvidia10")
