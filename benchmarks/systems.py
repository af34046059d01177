# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The systems that are compared: the commands that rent machines, and those that remove them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

PLAYBOOK = str(Path(sys.executable).with_name("ansible-playbook"))
TASKS = ("launch", "teardown")


@dataclass(frozen=True)
class System:
    """One way to do the work.

    Parameters:
        name: short, for the table.
        launch, teardown: words of a command, in which {run}, {count} and {key} (a private key file) are filled in.
    """

    name: str
    launch: tuple[str, ...]
    teardown: tuple[str, ...]

    def command(self, task: str, run: str, count: int, key: Path) -> list[str]:
        """Return the command for a task, to be run in the clone."""
        words = self.launch if task == "launch" else self.teardown
        return [word.format(run=run, count=count, key=key) for word in words]


WANTED = "gpu_count={count} gpu_instance_types=g5.xlarge gpu_wait_for=running gpu_key_file={key}"
TEARDOWN = (PLAYBOOK, "playbooks/teardown.yml", "-e", "gpu_run_id={run} gpu_region=us-west-2")
OURS = System(
    "gpgpu.aws",
    (PLAYBOOK, "playbooks/launch.yml", "-e", "gpu_run_id={run}", "-e", WANTED),
    TEARDOWN,
)
LEAN = System(
    "gpgpu.aws lean",
    (*OURS.launch, "-e", "gpu_preflight=false"),
    TEARDOWN,
)
FLOOR = System(
    "boto3",
    (sys.executable, "benchmarks/floor/launch.py", "{run}", "{count}", "{key}.pub"),
    (sys.executable, "benchmarks/floor/teardown.py", "{run}"),
)
PLAIN = System(
    "amazon.aws",
    (PLAYBOOK, "benchmarks/plain/launch.yml", "-e", "run_id={run} count={count} key_file={key}.pub"),
    (PLAYBOOK, "benchmarks/plain/teardown.yml", "-e", "run_id={run}"),
)
SYSTEMS = (OURS, LEAN, FLOOR, PLAIN)
