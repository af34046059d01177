# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import botocore.loaders
import pytest

from sandbox import environment, record
from tests.integration.desk import CLONE, Desk
from tests.sandbox.cloud import Cloud

# What a test may change, as it is at the start.
USUAL: dict[str, Any] = {"faults": [], "stock": [], "quotas": {}, "denied": [], "marketplace": {"agreements": []}}


@pytest.fixture(scope="session")
def _cloud() -> Iterator[Cloud]:
    name = f"integration-{os.getpid()}"
    command = [sys.executable, "-m", "sandbox"]
    subprocess.run([*command, "up", "--name", name, "--backend", "none"], cwd=CLONE, check=True, timeout=90)
    found = record.load_alive(name)
    assert found is not None
    yield Cloud(found)
    subprocess.run([*command, "down", "--name", name], cwd=CLONE, check=True, timeout=90)


@pytest.fixture(scope="session")
def _models() -> Iterator[None]:
    """Read botocore's models once, not once for each client of each module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.session.create_loader", functools.cache(botocore.loaders.create_loader))
        yield


@pytest.fixture
def desk(_cloud: Cloud, _models: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Desk]:
    """A desk with an empty home, and a sandbox that has everything and refuses nothing."""
    for name, value in environment.applied(os.environ, _cloud.record.endpoint).items():
        monkeypatch.setenv(name, value)
    for name in environment.REMOVED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    # The client's own pauses between attempts; that it repeats a call is still seen.
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _seconds: None))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    yield Desk(_cloud)
    for name, usual in USUAL.items():
        _cloud.control("PUT", name, usual)
