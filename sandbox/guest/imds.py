# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instance metadata service of one guest.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
"""

from __future__ import annotations

import base64
import json
import secrets
import socket
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any

from sandbox.guest.plan import CONTROL_DIR, BootPlan, read_plan

TTL_HEADER = "X-aws-ec2-metadata-token-ttl-seconds"
TOKEN_HEADER = "X-aws-ec2-metadata-token"
MAX_TTL_SECONDS = 21600

_META, _USER, _DOCUMENT = "meta-data", "user-data", "dynamic/instance-identity/document"


class Metadata:
    """The tree of paths below /latest/, and the tokens that open it."""

    def __init__(self, plan: BootPlan, control: Path = CONTROL_DIR) -> None:
        self._plan = plan
        self._control = control
        self._tokens: dict[str, float] = {}

    def issue(self, ttl: str | None, forwarded: bool) -> tuple[int, str]:
        """Return status and token; a forwarded request gets none."""
        if forwarded:
            return 403, ""
        if ttl is None or not ttl.isdigit() or not 1 <= int(ttl) <= MAX_TTL_SECONDS:
            return 400, ""
        token = secrets.token_urlsafe(42)
        self._tokens[token] = time.monotonic() + int(ttl)
        return 200, token

    def answer(self, path: str, token: str | None) -> tuple[int, str]:
        """Return status and text of a path below /latest/."""
        if token is None and self._plan.imds_token_required:
            return 401, ""
        if token is not None and self._tokens.get(token, 0) < time.monotonic():
            return 401, ""
        tree = self._tree()
        name = path.strip("/")
        if name in tree:
            return 200, tree[name]
        children = _children(tree, name)
        return (200, "\n".join(children)) if children else (404, "")

    def _tree(self) -> Mapping[str, str]:
        meta = {**self._defaults(), **self._plan.metadata, **self._overrides()}
        tree = {f"{_META}/{path}": text for path, text in meta.items() if text is not None}
        tree[_DOCUMENT] = json.dumps(_document(meta), indent=2)
        if self._plan.user_data_base64:
            tree[_USER] = base64.b64decode(self._plan.user_data_base64).decode("utf-8", "replace")
        return tree

    def _defaults(self) -> dict[str, str | None]:
        plan = self._plan
        keys = {f"public-keys/{number}/openssh-key": key for number, key in enumerate(plan.public_keys)}
        return {
            "instance-id": plan.instance_id,
            "hostname": plan.hostname,
            "local-hostname": plan.hostname,
            "local-ipv4": plan.address,
            **keys,
        }

    def _overrides(self) -> dict[str, str | None]:
        """What the desk has changed since boot; a null takes a path away."""
        try:
            values: dict[str, str | None] = json.loads((self._control / "metadata.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return values


def _children(tree: Mapping[str, str], name: str) -> list[str]:
    prefix = f"{name}/" if name else ""
    below = [path[len(prefix) :] for path in tree if path.startswith(prefix)]
    return sorted({head + ("/" if slash else "") for head, slash, _ in (path.partition("/") for path in below)})


def _document(meta: Mapping[str, str | None]) -> dict[str, Any]:
    """The instance identity document; unsigned, since nobody could check the signature."""
    return {
        "accountId": meta.get("owner-id"),
        "architecture": meta.get("architecture", "x86_64"),
        "availabilityZone": meta.get("placement/availability-zone"),
        "imageId": meta.get("ami-id"),
        "instanceId": meta.get("instance-id"),
        "instanceType": meta.get("instance-type"),
        "privateIp": meta.get("local-ipv4"),
        "region": meta.get("placement/region"),
        "version": "2017-09-30",
    }


class _Handler(BaseHTTPRequestHandler):
    server_version = "EC2ws"
    metadata: Metadata

    def do_PUT(self) -> None:
        """Issue a token."""
        if self.path != "/latest/api/token":
            self._send(404, "")
            return
        ttl = self.headers.get(TTL_HEADER)
        status, token = self.metadata.issue(ttl, "X-Forwarded-For" in self.headers)
        self._send(status, token, {TTL_HEADER: ttl} if status == 200 and ttl else {})

    def do_GET(self) -> None:
        """Answer a path."""
        path = self.path.partition("?")[0]
        if path in ("", "/"):
            self._send(200, "latest")
        elif path.startswith("/latest"):
            self._send(*self.metadata.answer(path[len("/latest") :], self.headers.get(TOKEN_HEADER)))
        else:
            self._send(404, "")

    def _send(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": "text/plain", "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Requests aren't shown on the console."""


class _Server(ThreadingMixIn, HTTPServer):
    daemon_threads = True


def serve(listener: socket.socket, metadata: Metadata) -> None:
    """Answer requests on a listening socket, for ever."""
    handler = type("Handler", (_Handler,), {"metadata": metadata})
    server = _Server(listener.getsockname(), handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.serve_forever()


def main(argv: list[str]) -> int:
    """Serve on the listening socket whose descriptor is the only argument."""
    serve(socket.socket(fileno=int(argv[1])), Metadata(read_plan()))
    return 0
