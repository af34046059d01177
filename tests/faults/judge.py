# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The invariants, judged by the sandbox's own state and by nothing of the collection."""

from __future__ import annotations

import base64
import gzip
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.faults.cloud import Cloud, Truth

KINDS = ("leaks", "doubles", "unnamed")
"""A thing without the run's tag or an armed end, one left after a proof, or one of somebody else that was touched;
more machines than asked for; a thing that a failed teardown did not name."""

# The longest lease of the schedules, with what a slow machine adds, in seconds.
LEASE_SECONDS = 9 * 3600
END = re.compile(r"echo (\d{10}) >/etc/gpgpu/lease-end")
ARMED = "systemctl start --no-block gpgpu-lease.timer"


@dataclass
class Judge:
    """Watches one run.

    Parameters:
        count: machines that were asked for.
        before: the world before the run.
        findings: (kind, what was seen), each once.
    """

    cloud: Cloud
    run_id: str
    count: int
    before: Truth
    findings: dict[tuple[str, str], None] = field(default_factory=dict)

    def look(self) -> None:
        """Judge this instant."""
        truth = self.cloud.truth()
        new = {key: row for key, row in truth.items() if key not in self.before}
        for key, row in new.items():
            if row["tags"].get("gpgpu:run") != self.run_id:
                self._find("leaks", f"{_name(key)} exists without the run's tag")
        for key, row in self.before.items():
            if truth.get(key) != row:
                self._find("leaks", f"{_name(key)} of somebody else was touched")
        machines = {key: row for key, row in new.items() if key[1] == "instances" and row["state"] != "shutting-down"}
        if len(machines) > self.count:
            self._find("doubles", f"{len(machines)} machines where {self.count} were asked for")
        for key, row in machines.items():
            if row["shutdown_behavior"] != "terminate" or not armed(self.cloud.user_data(key[2])):
                self._find("leaks", f"{_name(key)} has no armed end")

    def launched(self, result: Mapping[str, Any] | None) -> None:
        """Judge a launch: one that succeeded has exactly its machines, and tells them."""
        if result is None or result.get("failed"):
            return
        told = sorted(host["instance_id"] for host in result["hosts"])
        there = sorted(key[2] for key in self._left() if key[1] == "instances")
        if told != there or len(told) != self.count:
            self._find("doubles", f"a launch of {self.count} told {told} where there were {there}")

    def removed(self, result: Mapping[str, Any] | None) -> None:
        """Judge a teardown: after a proof nothing is left, and a failure names all that is."""
        if result is None:
            return
        left = self._left()
        if not result.get("failed"):
            for key in left:
                self._find("leaks", f"{_name(key)} was left by a teardown that proved zero")
        elif "proof" in result:
            named = {row["id"] for row in result["proof"]["left"]}
            for key in left:
                if key[2] not in named and key[0] not in result["unread"]:
                    self._find("unnamed", f"{_name(key)} was left and not named")

    def ended(self, result: Mapping[str, Any] | None) -> None:
        """Judge the last teardown, which nothing disturbed."""
        self.removed(result)
        if result is None or result.get("failed"):
            told = result["msg"] if result else "it died"
            self._find("leaks", f"an undisturbed teardown did not succeed: {told}")

    def _left(self) -> Truth:
        return {key: row for key, row in self.cloud.truth().items() if key not in self.before}

    def _find(self, kind: str, text: str) -> None:
        self.findings.setdefault((kind, text))


def armed(user_data: str) -> bool:
    """Whether a machine born with this (base64) starts a timer that ends it within its lease."""
    raw = base64.b64decode(user_data)
    text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()
    if not text.startswith("#cloud-config\n"):
        return False
    script = " ".join(json.loads(text.partition("\n")[2]).get("bootcmd", [[""]])[0])
    end = END.search(script)
    return bool(end) and ARMED in script and 0 < int(end[1]) - time.time() < LEASE_SECONDS if end else False


def _name(key: tuple[str, str, str]) -> str:
    return f"{key[1]} {key[2]} in {key[0]}"
