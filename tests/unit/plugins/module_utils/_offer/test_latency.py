# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Round trips by TCP connect, on loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.latency import connect_ms, round_trips

ONE, TWO = "https://ec2.one.test", "https://ec2.two.test"


@pytest.fixture(autouse=True)
def _empty_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.fixture
def port() -> Iterator[int]:
    """A port on which something listens."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as server:
        yield server.getsockname()[1]


def test_a_round_trip_on_loopback_is_short(port: int) -> None:
    found = connect_ms(f"http://127.0.0.1:{port}")
    assert found is not None
    assert 0 <= found < 500


def test_where_nothing_listens_there_is_no_round_trip() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    assert connect_ms(f"http://127.0.0.1:{closed}") is None


def test_a_region_is_measured_once_in_some_minutes() -> None:
    asked: list[str] = []

    def measure(url: str) -> float | None:
        asked.append(url)
        return {ONE: 10.0}.get(url)

    regions = {"a": ONE, "b": ONE, "c": TWO}
    assert round_trips(regions, measure) == {"a": 10.0, "b": 10.0}
    assert round_trips(regions, measure) == {"a": 10.0, "b": 10.0}
    assert sorted(asked) == [ONE, TWO, TWO], "what can't be reached is asked again"
