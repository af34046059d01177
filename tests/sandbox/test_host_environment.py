# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment of a host's sessions, and what keeps a user from making hosts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sandbox.hosts import machine
from sandbox.hosts.base import HostError
from sandbox.hosts.environment import NETWORK_SETTINGS, session_environment


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in NETWORK_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("HTTPS_PROXY", "http://proxy:3128", "http://proxy:3128"),
        ("PIP_INDEX_URL", "https://mirror/simple", "https://mirror/simple"),
        ("HTTPS_PROXY", "http://me:secret@proxy:3128", None),
        ("PIP_EXTRA_INDEX_URL", "https://a/simple https://token:x@b/simple", None),
        ("AWS_SECRET_ACCESS_KEY", "secret", None),
        ("PIP_CACHE_DIR", "/desk/cache", "/var/cache/gpgpu-sandbox/pip"),
    ],
)
def test_the_desks_network_is_passed_on_without_secrets(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str | None
) -> None:
    monkeypatch.setenv(name, value)
    assert session_environment("127.77.1.1", {}).get(name) == expected


def test_pip_settings_of_the_user_become_variables(desk: Path) -> None:
    (desk / ".config/pip").mkdir(parents=True)
    (desk / ".config/pip/pip.conf").write_text(
        "[global]\nextra-index-url =\n  https://a\n  https://b\nrequire-virtualenv = true\n"
    )
    environment = session_environment("127.77.1.1", {})
    assert environment["PIP_EXTRA_INDEX_URL"] == "https://a https://b"
    assert "PIP_REQUIRE_VIRTUALENV" not in environment


@pytest.mark.usefixtures("desk")
def test_what_the_server_asks_for_wins() -> None:
    assert session_environment("127.77.1.1", {"UV_LINK_MODE": "hardlink"})["UV_LINK_MODE"] == "hardlink"


@pytest.mark.parametrize(("setting", "value", "better"), machine.REFUSALS)
def test_a_refusal_names_the_setting_and_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, setting: str, value: str, better: str
) -> None:
    monkeypatch.setattr(machine, "is_root", lambda: False)
    path = tmp_path / setting.replace(".", "/")
    path.parent.mkdir()
    path.write_text(f"{value}\n")
    assert f"sudo sysctl -w {setting}={better}" in machine.explain_refusal("bwrap: no\n", tmp_path)


def test_a_missing_program_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_args, **_options: None)
    with pytest.raises(HostError, match="openssh-server"):
        machine.require("sshd")
