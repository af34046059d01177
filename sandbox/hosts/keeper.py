# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep one container: run it in the foreground, and end it when the desk's server ends.

`keeper.py LIFELINE NAME COMMAND...`: a container is no child of those who start it, so somebody must
hold the lifeline for it. Exits as the container does. It stands alone, as podman's only child here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading

STOP_SECONDS = 3
"""How long systemd may take to stop its units."""


def end_with(lifeline: int, name: str) -> None:
    """Wait until the lifeline closes, then stop and remove the container."""
    os.read(lifeline, 1)
    podman = ("podman", "--cgroup-manager=cgroupfs")
    for command in (("stop", "-t", str(STOP_SECONDS), name), ("rm", "-f", "--ignore", name)):
        subprocess.run([*podman, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def main(argv: list[str]) -> int:
    """Run the container to its end."""
    os.environ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    with subprocess.Popen(argv[3:]) as container:
        threading.Thread(target=end_with, args=(int(argv[1]), argv[2]), daemon=True).start()
        return container.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv))
