# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from sandbox import launcher
from tests.sandbox.cloud import Cloud


@pytest.fixture(scope="session")
def _cloud() -> Iterator[Cloud]:
    record = launcher.start(f"test-{os.getpid()}", "none", 0.0)
    yield Cloud(record)
    launcher.end(record)


@pytest.fixture
def cloud(_cloud: Cloud) -> Iterator[Cloud]:
    """An API-only sandbox as it starts, shared by the tests of one process; what a test controls ends with it."""
    yield _cloud
    for part in ("faults", "stock", "denied"):
        _cloud.control("PUT", part, [])
    for part in ("clock", "lag", "quotas", "roles"):
        _cloud.control("PUT", part, {})
