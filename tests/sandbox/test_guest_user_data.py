# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""User data: what is understood of it, and what it does."""

from __future__ import annotations

import base64
import gzip
import os
import pwd
from pathlib import Path
from typing import Any

import pytest

from sandbox.guest.cloud_init import shell_script, write_file
from sandbox.guest.plan import UserData
from sandbox.hosts.user_data import parse_user_data

CONFIG = """#cloud-config
ssh_deletekeys: true
ssh_keys: {ed25519_private: PRIVATE, ed25519_public: PUBLIC}
write_files: [{path: /a, content: b}]
bootcmd: [[echo, one]]
runcmd: [echo two]
"""
PARSED = UserData(
    ssh_keys={"ed25519_private": "PRIVATE", "ed25519_public": "PUBLIC"},
    write_files=[{"path": "/a", "content": "b"}],
    bootcmd=[["echo", "one"]],
    runcmd=["echo two"],
)
SCRIPT = "#!/bin/sh\necho script\n"


def multipart(*parts: tuple[str, str]) -> str:
    body = "".join(f"--edge\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts)
    return f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="edge"\n\n{body}--edge--\n'


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("", UserData()),
        (CONFIG, PARSED),
        (SCRIPT, UserData(scripts=[SCRIPT])),
        (multipart(("text/cloud-config", CONFIG)), PARSED),
        (multipart(("text/plain", CONFIG)), PARSED),
        (
            multipart(("text/x-shellscript", SCRIPT), ("text/x-shellscript", "#!/bin/sh\ntrue\n")),
            UserData(scripts=[SCRIPT, "#!/bin/sh\ntrue\n"]),
        ),
    ],
    ids=["empty", "config", "script", "multipart-config", "multipart-plain", "multipart-scripts"],
)
def test_user_data_is_parsed(data: str, expected: UserData) -> None:
    parsed = parse_user_data(data.encode())
    # Mail turns the last line break of a part into part of the edge.
    parsed.scripts = [script.rstrip("\n") + "\n" for script in parsed.scripts]
    assert parsed == expected
    assert parse_user_data(gzip.compress(data.encode())).problems == expected.problems


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\xff\xfe", "neither text nor gzip"),
        (b"hello", "unhandled user data"),
        (b"#include\nhttp://x", "unhandled user data"),
        (b"#cloud-config\n[1, 2]", "not a mapping"),
        (b"#cloud-config\na: [", "not YAML"),
        (b"#cloud-config\npackages: [vim]", "no cloud-config key 'packages'"),
        (b"#cloud-config\nruncmd: echo", "'runcmd' is not a list"),
    ],
)
def test_what_is_not_understood_is_said_and_boots_anyway(data: bytes, problem: str) -> None:
    parsed = parse_user_data(data)
    assert [problem in text for text in parsed.problems] == [True]
    assert (parsed.scripts, parsed.runcmd) == ([], [])


@pytest.mark.parametrize(
    ("entry", "content", "mode"),
    [
        ({"content": "plain\n"}, b"plain\n", 0o644),
        ({"content": base64.b64encode(b"\0bin").decode(), "encoding": "b64"}, b"\0bin", 0o644),
        ({"content": base64.b64encode(gzip.compress(b"zip")).decode(), "encoding": "gz+b64"}, b"zip", 0o644),
        ({"content": "x", "permissions": "0600"}, b"x", 0o600),
        ({"content": "x", "permissions": 0o755}, b"x", 0o755),
        ({"content": "more", "append": True}, b"oldmore", 0o644),
    ],
)
def test_files_are_written(tmp_path: Path, entry: dict[str, Any], content: bytes, mode: int) -> None:
    path = tmp_path / "folder/file"
    path.parent.mkdir()
    path.write_text("old", encoding="ascii")
    write_file({"path": str(path), "owner": pwd.getpwuid(os.geteuid()).pw_name, **entry})
    assert (path.read_bytes(), path.stat().st_mode & 0o7777) == (content, mode)


@pytest.mark.parametrize(
    ("entry", "error"),
    [({"content": "x"}, KeyError), ({"path": "x", "encoding": "rot13"}, KeyError)],
)
def test_a_file_that_makes_no_sense_is_refused(entry: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        write_file(entry)


def test_commands_become_one_script() -> None:
    commands = [["echo", "a b", 1], "echo c > d", "false"]
    assert shell_script(commands) == "#!/bin/sh\necho 'a b' 1\necho c > d\nfalse\n"
