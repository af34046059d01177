# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The NVIDIA driver in its two halves: the loaded kernel module and the userspace library.

Both must carry the same version; an upgrade that moved only one of them is the most common
reason for a GPU that worked yesterday.
Source: https://download.nvidia.com/XFree86/Linux-x86_64/580.105.08/README/
"""

from __future__ import annotations

import os
import re

from .host import Host

MODULE_VERSION = "/sys/module/nvidia/version"
PROC_VERSION = "/proc/driver/nvidia/version"
LIBRARY = "libnvidia-ml.so.1"
LIBRARY_FOLDERS = (
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
)

_VERSION = r"[0-9]+(?:\.[0-9]+){1,2}"


def parse_proc_version(text: str) -> str | None:
    """Version in ``/proc/driver/nvidia/version``, whose words differ between module flavours."""
    found = re.search(rf"Kernel Module\b.*?\s({_VERSION})\s", text)
    return found.group(1) if found else None


def read_kernel_version(host: Host) -> str | None:
    """Version of the loaded kernel module, or None where none is loaded."""
    return host.read(MODULE_VERSION) or parse_proc_version(host.read(PROC_VERSION) or "")


def read_library_version(host: Host) -> str | None:
    """Version of the installed NVML library, read from the file its link leads to, or None."""
    for folder in LIBRARY_FOLDERS:
        file_name = os.path.realpath(host.path(f"{folder}/{LIBRARY}"))
        found = re.search(rf"libnvidia-ml\.so\.({_VERSION})$", file_name)
        if found:
            return found.group(1)
    return None


def read_device_files(host: Host) -> tuple[str, ...]:
    """Paths of the GPUs' device files, without those of the driver itself (nvidiactl, nvidia-uvm)."""
    return tuple(f"/dev/{name}" for name in host.names("/dev", r"nvidia[0-9]+") or ())
