# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One AWS call as the sandbox sees it, read from the HTTP request without changing it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Environ = dict[str, Any]

# The REST service that is called where its signing name isn't the name of its model.
REST_MODELS = {"aws-marketplace": "marketplace-discovery"}


@dataclass(frozen=True)
class Call:
    """What was called, where, by which key id, and with which parameters."""

    service: str
    action: str
    region: str
    access_key_id: str | None
    protocol: str
    params: dict[str, Any] = field(default_factory=dict)


def read(environ: Environ) -> Call:
    """Describe the request; its body stays readable for whoever handles it next."""
    body = _body(environ)
    access_key_id, region, service = _credential_scope(environ.get("HTTP_AUTHORIZATION", ""))
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return Call(service, target.rpartition(".")[2], region, access_key_id, "json", _json(body))
    form = _form(environ, body)
    if "Action" in form:
        action = form.pop("Action")
        form.pop("Version", None)
        protocol = "ec2" if service == "ec2" else "query"
        return Call(service, action, region, access_key_id, protocol, dict(form))
    protocol = "rest-xml" if service == "s3" else "rest-json"
    return Call(service, _rest_action(environ, service), region, access_key_id, protocol, _json(body))


def _body(environ: Environ) -> bytes:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _credential_scope(authorization: str) -> tuple[str | None, str, str]:
    """Return (access key id, region, service) of a SigV4 header, or (None, "", "") where unsigned.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
    """
    _, _, credential = authorization.partition("Credential=")
    scope = credential.split(",")[0].split("/")
    if len(scope) != 5:
        return None, "", ""
    return scope[0], scope[2], scope[3]


def _form(environ: Environ, body: bytes) -> dict[str, str]:
    query = environ.get("QUERY_STRING", "")
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        query = body.decode("utf-8", "replace")
    return dict(parse_qsl(query, keep_blank_values=True))


def _json(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _rest_action(environ: Environ, service: str) -> str:
    """Name a REST call by its operation, or by method and path where moto knows no such operation."""
    from moto.core.request import Request
    from moto.core.routing import NotFound, get_service_router

    fallback = f"{environ.get('REQUEST_METHOD')} {environ.get('PATH_INFO')}"
    if not service or service == "s3":
        return fallback
    try:
        operation, _ = get_service_router(REST_MODELS.get(service, service)).match(Request(environ))
    except (NotFound, NotImplementedError, KeyError):
        return fallback
    return str(operation.name)
