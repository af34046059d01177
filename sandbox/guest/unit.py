# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the units of a guest with systemd run: `early` before its ssh server, `late` beside it."""

from __future__ import annotations

import os
import subprocess

from sandbox.guest.cloud_init import Stage
from sandbox.guest.plan import PROC_DIR, BootPlan, read_plan
from sandbox.guest.settings import settle

PROC_BINDS = {"driver": "/proc/driver", "boot_id": "/proc/sys/kernel/random/boot_id"}


def early(plan: BootPlan) -> None:
    """Show the pretend driver, write the settings, carry out the early user data."""
    for name, target in PROC_BINDS.items():
        subprocess.run(["mount", "--bind", str(PROC_DIR / name), target], check=True)
    settle(plan)
    Stage(plan).early()


def late(plan: BootPlan) -> None:
    """Carry out the late user data."""
    Stage(plan).late()


def main(argv: list[str]) -> int:
    """Run the stage named by the only argument."""
    os.umask(0o022)
    {"early": early, "late": late}[argv[1]](read_plan())
    return 0
