# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control plane under /_sandbox/: for tests and demos, never used by the collection."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.answers import Answer, plain_json, plain_text
from sandbox.call import Environ

PREFIX = "/_sandbox/"

Route = Callable[[Environ], Answer]

# "GET name" to what answers it.
Routes = Mapping[str, Route]


class Control:
    """Answers the control requests that it was given routes for."""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes

    def answer(self, environ: Environ) -> Answer:
        """Answer one control request."""
        name = environ["PATH_INFO"].removeprefix(PREFIX)
        route = self._routes.get(f"{environ['REQUEST_METHOD']} {name}")
        if route is None:
            known = ", ".join(key.replace(" ", f" {PREFIX}") for key in self._routes)
            return plain_json({"error": f"Unknown control request. Known: {known}"}, 404)
        return route(environ)


def show(read: Callable[[], Any]) -> Route:
    """Return the route that answers with what ``read`` returns."""
    return lambda _: plain_json(read())


def empty(forget: Callable[[], None]) -> Route:
    """Return the route that forgets a list and answers with an empty one."""

    def route(_: Environ) -> Answer:
        forget()
        return plain_json([])

    return route


def put(replace: Callable[[Any], None]) -> Route:
    """Return the route that hands the request's JSON to ``replace``; its ValueError and TypeError answer 400."""

    def route(environ: Environ) -> Answer:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            value = json.loads(body)
            replace(value)
        except (ValueError, TypeError) as error:
            return plain_json({"error": str(error)}, 400)
        return plain_json(value)

    return route


def caller_address(environ: Environ) -> Answer:
    """Answer with the caller's address as text."""
    return plain_text(environ["REMOTE_ADDR"])
