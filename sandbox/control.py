# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control plane under /_sandbox/: for tests and demos, never used by the collection."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sandbox.answers import Answer, plain_json, plain_text
from sandbox.call import Environ
from sandbox.faults import FaultScript
from sandbox.journal import Journal


class Control:
    """Answers checkip, state, calls and faults."""

    def __init__(self, journal: Journal, faults: FaultScript, state: Callable[[], dict[str, Any]]) -> None:
        self._journal = journal
        self._faults = faults
        self._state = state
        self._routes: dict[tuple[str, str], Callable[[Environ], Answer]] = {
            ("GET", "/_sandbox/checkip"): lambda environ: plain_text(environ["REMOTE_ADDR"]),
            ("GET", "/_sandbox/state"): lambda _: plain_json(self._state()),
            ("GET", "/_sandbox/calls"): lambda _: plain_json(self._journal.entries()),
            ("DELETE", "/_sandbox/calls"): self._clear_calls,
            ("PUT", "/_sandbox/faults"): self._put_faults,
        }

    def answer(self, environ: Environ) -> Answer:
        """Answer one control request."""
        route = self._routes.get((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        if route is None:
            known = ", ".join(" ".join(pair) for pair in self._routes)
            return plain_json({"error": f"Unknown control request. Known: {known}"}, 404)
        return route(environ)

    def _clear_calls(self, _: Environ) -> Answer:
        self._journal.clear()
        return plain_json([])

    def _put_faults(self, environ: Environ) -> Answer:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            rules = json.loads(body)
            self._faults.replace(rules)
        except (ValueError, TypeError) as error:
            return plain_json({"error": str(error)}, 400)
        return plain_json(rules)
