# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam to the machine: files, program folders and a bounded run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu import host as host_module
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.host import (
    STATUS_TIMED_OUT,
    Completed,
    Host,
    default_folders,
    local_host,
    run_program,
)

MakeHost = Callable[..., Host]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo out; echo err >&2; exit 9", Completed(9, "out\n", "err\n")),
        ("printf '%s' \"$LC_ALL\"", Completed(0, "C", "")),
        ("cat", Completed(0, "", "")),
        ("printf 'a\\377'", Completed(0, "a\N{REPLACEMENT CHARACTER}", "")),
    ],
    ids=["streams_and_status", "c_locale", "no_input_to_wait_for", "bytes_that_are_no_text"],
)
def test_run_program(script: str, expected: Completed) -> None:
    assert run_program(["/bin/sh", "-c", script]) == expected


def test_run_program_ends_one_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host_module, "COMMAND_TIMEOUT_SECONDS", 0.2)
    done = run_program(["tail", "-f", "/dev/null"])
    assert (done.status, done.text) == (STATUS_TIMED_OUT, "no answer within 0.2 s")


def test_run_program_that_cannot_start(tmp_path: Path) -> None:
    assert run_program([str(tmp_path)]).status == 126


def test_text_joins_both_streams_on_one_line() -> None:
    assert Completed(1, "a\nb\n", " c\n").text == "a b c"


def test_program_takes_the_first_folder_and_only_what_may_run(make_host: MakeHost) -> None:
    host = make_host(files={"/usr/local/bin/nvcc": "text"}, programs={"/usr/bin/nvcc": {}})
    assert host.program("nvcc") == "/usr/bin/nvcc"
    assert host.program("nvidia-smi") is None


def test_names_match_whole_names_in_order(make_host: MakeHost) -> None:
    host = make_host(files={f"/dev/{name}": "" for name in ("nvidia1", "nvidia0", "nvidiactl", "xnvidia0")})
    assert host.names("/dev", r"nvidia[0-9]+") == ("nvidia0", "nvidia1")
    assert host.names("/absent", r".*") is None


def test_read_gives_none_for_what_is_not_a_readable_file(make_host: MakeHost) -> None:
    host = make_host(files={"/sys/version": "580.105.08\n"})
    host.path("/sys/bytes").write_bytes(b"580\xff")
    assert host.read("/sys/bytes") == "580\N{REPLACEMENT CHARACTER}"
    assert (host.read("/sys/version"), host.read("/sys"), host.read("/absent")) == ("580.105.08", None, None)


def test_folders_are_the_absolute_ones_of_path_then_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/opt/cuda/bin:relative::/usr/bin")
    folders = default_folders()
    assert folders[:2] == ("/opt/cuda/bin", "/usr/bin")
    assert "relative" not in folders
    assert folders.count("/usr/bin") == 1
    assert {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/sbin", "/bin"} < set(folders)
    assert local_host() == Host(Path("/"), folders, run_program)
