# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from sandbox import record

NAME = f"cli-{os.getpid()}"


def sandbox(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sandbox", *arguments]
    return subprocess.run(command, cwd=record.STATE_ROOT.parents[1], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def up() -> Iterator[str]:
    done = sandbox("up", "--name", NAME, "--backend", "none")
    assert done.returncode == 0, done.stderr
    yield done.stdout
    sandbox("down", "--name", NAME)


def test_up_says_how_to_go_on(up: str) -> None:
    assert "http://127.0.0.1:" in up
    assert f"python -m sandbox down --name {NAME}" in up


@pytest.mark.usefixtures("up")
def test_second_up_says_it_already_runs() -> None:
    done = sandbox("up", "--name", NAME, "--backend", "none")
    assert done.returncode == 0
    assert "already runs" in done.stdout


@pytest.mark.usefixtures("up")
def test_status_is_a_table() -> None:
    lines = sandbox("status").stdout.splitlines()
    assert lines[0].split() == ["NAME", "STATE", "BACKEND", "ENDPOINT", "PID", "INSTANCES"]
    (row,) = [line.split() for line in lines if line.startswith(f"{NAME} ")]
    assert row[1:3] == ["up", "none"]


@pytest.mark.usefixtures("up")
def test_env_can_be_evaluated_and_shuts_real_accounts_out() -> None:
    lines = sandbox("env", "--name", NAME).stdout
    script = f"export AWS_PROFILE=real\n{lines}\nenv"
    shown = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout
    values = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
    assert values["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    assert values["AWS_SHARED_CREDENTIALS_FILE"] == values["AWS_CONFIG_FILE"] == "/dev/null"
    assert values["GPU_SSH_PORT"] == "2222"
    assert "AWS_PROFILE" not in values


@pytest.mark.usefixtures("up")
def test_exec_runs_a_command_and_returns_its_status() -> None:
    assert sandbox("exec", "--name", NAME, "--", "sh", "-c", "echo $AWS_REGION").stdout == "us-west-2\n"
    assert sandbox("exec", "--name", NAME, "--", "sh", "-c", "exit 7").returncode == 7


@pytest.mark.usefixtures("up")
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("env", "--name", "nobody"), "No sandbox 'nobody' runs. Start it"),
        (("exec", "--name", "nobody", "--", "true"), "No sandbox 'nobody' runs. Start it"),
        (("exec", "--name", NAME), "exec needs a command"),
        (("exec", "--name", NAME, "--", "no-such-program"), "Can't run no-such-program"),
        (("up", "--name", "Bad Name"), "Bad sandbox name 'Bad Name'"),
    ],
)
def test_misuse_is_one_clear_line(arguments: tuple[str, ...], complaint: str) -> None:
    done = sandbox(*arguments)
    assert done.returncode == 1
    assert done.stderr.startswith(f"sandbox: {complaint}")
    assert len(done.stderr.splitlines()) == 1


def test_down_of_nothing_is_no_error() -> None:
    done = sandbox("down", "--name", "nobody")
    assert (done.returncode, done.stdout) == (0, "No sandbox 'nobody' runs.\n")


@pytest.mark.usefixtures("up")
def test_two_sandboxes_run_side_by_side_and_end_apart() -> None:
    other = f"{NAME}-b"
    assert sandbox("up", "--name", other, "--backend", "none").returncode == 0
    assert sandbox("down", "--name", other).returncode == 0
    assert record.load(other) is None
    found = record.load_alive(NAME)
    assert found is not None


def test_killed_sandbox_is_shown_dead_and_can_be_started_again() -> None:
    name = f"{NAME}-k"
    sandbox("up", "--name", name, "--backend", "none")
    first = record.load_alive(name)
    assert first is not None
    descriptor = os.pidfd_open(first.pid)
    os.kill(first.pid, signal.SIGKILL)
    select.select([descriptor], [], [])
    os.close(descriptor)
    (row,) = [line.split() for line in sandbox("status").stdout.splitlines() if line.startswith(f"{name} ")]
    assert row[1] == "dead"
    assert sandbox("up", "--name", name, "--backend", "none").returncode == 0
    second = record.load_alive(name)
    assert second is not None
    assert second.pid != first.pid
    sandbox("down", "--name", name)
    assert record.load(name) is None
