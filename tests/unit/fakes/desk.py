# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller of a launch as tests need it: keys without OpenSSH's work, and time that passes only in pauses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._run.desk import Desk

from tests.unit.fakes.aws import FakeClock


def keygen(words: list[str]) -> tuple[int, str, str]:
    """Make a key pair of words."""
    path = Path(words[words.index("-f") + 1])
    path.write_text("private")
    path.chmod(0o600)
    path.with_name(f"{path.name}.pub").write_text("ssh-ed25519 AAAA comment\n")
    return 0, "", ""


def desk(address: str = "192.0.2.7", wait_for: str = "ssh", say: Callable[[str], None] | None = None) -> Desk:
    """A controller with an address."""
    told: dict[str, Any] = {"say": say} if say else {}
    return Desk(keygen, lambda: address, 22, wait_for, 60, FakeClock(), **told)
