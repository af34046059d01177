# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far away a region is: round trips of TCP connections to its EC2 endpoint."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from statistics import median
from urllib.parse import urlsplit

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.hints import recall, remember

ATTEMPTS = 5
TIMEOUT_SECONDS = 2.0


def round_trips(endpoints: Mapping[str, str], measure: Callable[[str], float | None]) -> dict[str, float]:
    """Milliseconds to each region, measured side by side, or as they were some minutes ago.

    Parameters:
        endpoints: region and the URL of its endpoint.
        measure: measures one URL; None when it can't be reached.

    Returns:
        the regions that could be reached.
    """
    known = recall("latency")
    fresh = [url for url in dict.fromkeys(endpoints.values()) if url not in known]
    measured = dict(zip(fresh, in_parallel(partial(measure, url) for url in fresh)))
    found = {url: ms for url, ms in measured.items() if ms is not None}
    if found:
        remember("latency", found)
    known.update(found)
    return {region: known[url] for region, url in endpoints.items() if url in known}


def connect_ms(url: str) -> float | None:
    """Median time of several TCP connects to a URL's host in milliseconds; None when none succeeds.

    The name is resolved before, so that the name server's time does not count.
    """
    parts = urlsplit(url)
    port = parts.port or (80 if parts.scheme == "http" else 443)
    try:
        address = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        return None
    times = [ms for ms in (_connect(address[0], address[4]) for _attempt in range(ATTEMPTS)) if ms is not None]
    return round(median(times), 1) if times else None


def _connect(family: int, address: tuple[object, ...]) -> float | None:
    with closing(socket.socket(family, socket.SOCK_STREAM)) as connection:
        connection.settimeout(TIMEOUT_SECONDS)
        start = time.perf_counter()
        try:
            connection.connect(address)
        except OSError:
            return None
        return (time.perf_counter() - start) * 1000
