# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A script of faults: which call fails, how, and how often.

A rule is {"action": "RunInstances", "nth": 1|null, "times": 1|null, "match": {...}} and what happens:
"error": {"code", "message", "status"}, "lost_response": true (the call acts, its answer never arrives),
and/or "delay_seconds": x. ``match`` compares "service", "region" and parameters by their name on the wire
(``InstanceType``, ``Placement.AvailabilityZone``). ``nth`` counts matching calls from 1;
``times`` says on how many calls in a row the rule fires (without it: once where ``nth`` is given, else always).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sandbox.answers import AwsError
from sandbox.call import Call

FIELDS = {"action", "nth", "times", "match", "error", "lost_response", "delay_seconds"}
EFFECTS = {"error", "lost_response", "delay_seconds"}


@dataclass
class Fault:
    """One rule of the script, with the count of the calls it matched."""

    action: str
    nth: int | None = None
    times: int | None = None
    match: Mapping[str, Any] = field(default_factory=dict)
    error: AwsError | None = None
    lost_response: bool = False
    delay_seconds: float = 0.0
    seen: int = 0

    def fires(self, call: Call) -> bool:
        """Count a matching call and tell whether it is one of those that fail."""
        if not self._matches(call):
            return False
        self.seen += 1
        first = self.nth or 1
        times = self.times if self.times is not None else (1 if self.nth else None)
        return self.seen >= first and (times is None or self.seen < first + times)

    def _matches(self, call: Call) -> bool:
        if self.action != call.action:
            return False
        known = {**call.params, "service": call.service, "region": call.region}
        return all(known.get(key) == value for key, value in self.match.items())


class FaultScript:
    """The rules in force; the first that fires decides."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = Lock()

    def replace(self, rules: object) -> None:
        """Put a new script in force; raise ValueError, changing nothing, where a rule is malformed."""
        if not isinstance(rules, list):
            raise ValueError("The fault script is a JSON list of rules.")
        faults = [_parse(rule) for rule in rules]
        with self._lock:
            self._faults = faults

    def next_for(self, call: Call) -> Fault | None:
        """Return the rule that fires on this call, or None."""
        with self._lock:
            return next((fault for fault in self._faults if fault.fires(call)), None)


def _parse(rule: object) -> Fault:
    if not isinstance(rule, dict) or not isinstance(rule.get("action"), str):
        raise ValueError(f"A fault rule is an object with an action: {rule!r}")
    unknown = set(rule) - FIELDS
    if unknown:
        raise ValueError(f"Unknown fields {sorted(unknown)} in the fault rule for {rule['action']}.")
    if not EFFECTS & set(rule):
        raise ValueError(f"The fault rule for {rule['action']} needs one of {sorted(EFFECTS)}.")
    error = rule.get("error")
    return Fault(
        action=rule["action"],
        nth=rule.get("nth"),
        times=rule.get("times"),
        match=rule.get("match") or {},
        error=_parse_error(error) if error else None,
        lost_response=bool(rule.get("lost_response")),
        delay_seconds=float(rule.get("delay_seconds") or 0),
    )


def _parse_error(error: object) -> AwsError:
    if not isinstance(error, dict) or "code" not in error:
        raise ValueError(f"A fault's error is an object with a code: {error!r}")
    code = str(error["code"])
    return AwsError(
        code, str(error.get("message", f"{code} by the sandbox's fault script")), int(error.get("status", 400))
    )
