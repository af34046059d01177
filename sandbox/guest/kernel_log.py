# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SANDBOX dmesg: what the guest's own kernel would have said of its GPU; the desk's log is not shown."""

from __future__ import annotations

import sys

from sandbox.gpu.state import current_gpu


def main(_argv: list[str]) -> int:
    """Print the driver's messages, one Xid line for each one that is set to have happened."""
    gpu = current_gpu()
    print("[    0.000000] SANDBOX: this kernel log is made up")
    if gpu is None or gpu.driver_version is None:
        return 0
    print(f"[    4.200000] nvidia: loading NVIDIA UNIX Open Kernel Module  {gpu.driver_version}  SANDBOX")
    for bus_id, number in gpu.xids:
        print(f"[   60.000000] NVRM: Xid (PCI:{bus_id.lower()}): {number}, SANDBOX")
    sys.stdout.flush()
    return 0
