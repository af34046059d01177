# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SANDBOX cloud-init: answers `cloud-init status [--wait] [--long]` and `cloud-init --version`.

https://docs.cloud-init.io/en/latest/reference/cli.html#status
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

RESULT = Path("/run/cloud-init/result.json")
VERSION = "/usr/bin/cloud-init SANDBOX"
_POLL_SECONDS = 0.1


def main(argv: list[str]) -> int:
    """Print the status; exit 0 when done, 1 when a part failed, 2 for anything else that is asked."""
    if "--version" in argv or "-v" in argv:
        print(VERSION)
        return 0
    if argv[1:2] != ["status"]:
        print(f"cloud-init: the sandbox has no subcommand {' '.join(argv[1:])!r}", file=sys.stderr)
        return 2
    while "--wait" in argv and not RESULT.exists():
        time.sleep(_POLL_SECONDS)
    errors = json.loads(RESULT.read_text(encoding="utf-8"))["v1"]["errors"] if RESULT.exists() else []
    status = ("error" if errors else "done") if RESULT.exists() else "running"
    print(f"status: {status}")
    for error in errors if "--long" in argv else []:
        print(f"\t- {error}")
    return 1 if errors else 0
