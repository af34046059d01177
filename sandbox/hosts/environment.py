# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment of a host's sessions: the desk's network, a shared download cache, the metadata service."""

from __future__ import annotations

import configparser
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.guest.plan import IMDS_PORT, SYSTEM_PATH
from sandbox.hosts.layout import CACHE_TARGET

NETWORK_SETTINGS = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "PIP_CERT",
    "PIP_DEFAULT_TIMEOUT",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_INDEX_URL",
    "PIP_PROXY",
    "PIP_TRUSTED_HOST",
    "UV_DEFAULT_INDEX",
    "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS",
    "UV_INDEX",
    "UV_INDEX_URL",
    "UV_NATIVE_TLS",
)
"""Variables by which the desk reaches package registries."""

CACHE_SETTINGS: Mapping[str, str] = {
    "PIP_CACHE_DIR": f"{CACHE_TARGET}/pip",
    "UV_CACHE_DIR": f"{CACHE_TARGET}/uv",
    # The cache is another filesystem than the host's disk, so links into it are impossible.
    "UV_LINK_MODE": "copy",
}


def session_environment(address: str | None, given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of login sessions and user data of a host.

    Settings with a password in them stay on the desk.

    Args:
        address: loopback address at which its metadata service listens; None where that has its usual address.
        given: what the server asks for; it wins.
    """
    desk = {**_pip_config(Path.home()), **{name: os.environ[name] for name in NETWORK_SETTINGS if name in os.environ}}
    return {
        "PATH": SYSTEM_PATH,
        **{name: value for name, value in desk.items() if not _has_password(value)},
        **CACHE_SETTINGS,
        **({"AWS_EC2_METADATA_SERVICE_ENDPOINT": f"http://{address}:{IMDS_PORT}/"} if address else {}),
        **given,
    }


def _has_password(value: str) -> bool:
    return any(urlsplit(word).password for word in value.split() if "://" in word)


def _pip_config(home: Path) -> dict[str, str]:
    """Return the user's own pip settings as variables, since a host doesn't see the user's home.

    https://pip.pypa.io/en/stable/topics/configuration/
    """
    parser = configparser.RawConfigParser()
    parser.read([home / ".pip/pip.conf", home / ".config/pip/pip.conf"])
    return dict(_pip_variables(parser))


def _pip_variables(parser: configparser.RawConfigParser) -> Iterator[tuple[str, str]]:
    for name, value in parser.items("global") if parser.has_section("global") else ():
        variable = f"PIP_{name.upper().replace('-', '_')}"
        if variable in NETWORK_SETTINGS:
            yield variable, " ".join(value.split())
