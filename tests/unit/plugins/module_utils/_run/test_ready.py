# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for machines: until they run, until SSH answers, or until it is known that they won't."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._run import ready
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ready import (
    ssh_answers,
    tunnel_answers,
    wait_running,
    wait_ssh,
)

from tests.unit.fakes.aws import FakeClient, FakeClock, aws_error, clients_of
from tests.unit.fakes.rows import instance

IDS = ["i-1", "i-2"]


def answer(*rows: Any) -> dict[str, Any]:
    return {"Reservations": [{"Instances": list(rows)}]}


def wait(clock: FakeClock, *answers: Any) -> list[str]:
    """The machines that run after these answers."""
    client = FakeClient(describe_instances=list(answers))
    return [row["InstanceId"] for row in wait_running(clients_of(ec2=client), IDS, 60, clock)]


@pytest.mark.parametrize(
    ("answers", "reads"),
    [
        pytest.param([answer(instance(1), instance(2))], 1, id="at once"),
        pytest.param([answer(instance(1), instance(2, "pending")), answer(instance(1), instance(2))], 2, id="later"),
        pytest.param([answer(instance(1)), answer(instance(1), instance(2))], 2, id="one invisible at first"),
        pytest.param(
            [aws_error("InvalidInstanceID.NotFound"), answer(instance(1), instance(2))], 2, id="all invisible"
        ),
    ],
)
def test_machines_run(answers: list[Any], reads: int) -> None:
    clock = FakeClock()
    assert wait(clock, *answers) == IDS
    assert len(clock.pauses) == reads - 1


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (
            instance(2, "terminated", StateReason={"Message": "Server.InternalError: no host"}),
            "i-2 is terminated: Server.InternalError: no host",
        ),
        (
            instance(2, "shutting-down", StateTransitionReason="User initiated (2026-11-23 12:00:00 GMT)"),
            "i-2 is shutting-down: User initiated (2026-11-23 12:00:00 GMT)",
        ),
        (instance(2, "stopped"), "i-2 is stopped: no reason given"),
    ],
)
def test_a_machine_that_ended_is_told_at_once_with_its_reason(row: Any, text: str) -> None:
    clock = FakeClock()
    with pytest.raises(GpuError) as refused:
        wait(clock, answer(instance(1), row))
    assert str(refused.value) == (
        f"Machines ended before they could be used: {text}. "
        "Tear the run down, then launch again: another zone or type may do better."
    )
    assert (refused.value.code, refused.value.details) == ("machine_ended", {"instance_ids": ["i-2"]})
    assert clock.pauses == []


@pytest.mark.parametrize(
    ("rows", "states"),
    [([instance(1), instance(2, "pending")], "i-1 running, i-2 pending"), ([], "not visible")],
)
def test_running_out_of_time_tells_the_last_states(rows: list[Any], states: str) -> None:
    clock = FakeClock()
    with pytest.raises(GpuError) as refused:
        wait(clock, answer(*rows))
    assert str(refused.value) == (
        f"The machines did not run within 60 s ({states}). The machines bill until their lease ends: "
        "launch again to go on waiting, or tear the run down now."
    )
    assert (refused.value.code, refused.value.details) == ("launch_timeout", {"instance_ids": IDS})
    assert clock.seconds == 60


class Doors:
    """Addresses whose SSH answers after so many knocks."""

    def __init__(self, **needed: int) -> None:
        self.needed = {f"192.0.2.{number.removeprefix('at')}": knocks for number, knocks in needed.items()}
        self.knocks: list[str] = []

    def answers(self, address: str, port: int) -> bool:
        assert port == 2222
        self.knocks.append(address)
        return self.knocks.count(address) >= self.needed[address]


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch) -> Doors:
    made = Doors(at1=1, at2=3)
    monkeypatch.setattr(ready, "ssh_answers", made.answers)
    return made


def test_ssh_is_asked_only_where_it_has_not_answered(doors: Doors) -> None:
    clock = FakeClock()
    wait_ssh([instance(1), instance(2)], 2222, 60, clock)
    assert sorted(doors.knocks) == ["192.0.2.1", *["192.0.2.2"] * 3]
    assert clock.pauses == [1, 1.3]


def test_silent_machines_are_named(doors: Doors) -> None:
    doors.needed["192.0.2.2"] = 1000
    with pytest.raises(GpuError) as refused:
        wait_ssh([instance(1), instance(2)], 2222, 60, FakeClock())
    assert str(refused.value).startswith("SSH (port 2222) did not answer within 60 s on i-2 (192.0.2.2). ")
    assert (refused.value.code, refused.value.details) == ("launch_timeout", {"instance_ids": ["i-2"]})


@contextmanager
def server(greeting: bytes) -> Iterator[int]:
    """A server on loopback that greets once; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            connection, _peer = listener.accept()
            with connection:
                connection.sendall(greeting)

        thread = Thread(target=greet)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(timeout=10)


@pytest.mark.parametrize(
    ("greeting", "answered"), [(b"SSH-2.0-OpenSSH_9.6\r\n", True), (b"HTTP/1.1 400\r\n", False), (b"", False)]
)
def test_only_an_ssh_server_greets_as_one(greeting: bytes, answered: bool) -> None:
    with server(greeting) as port:
        assert ssh_answers("127.0.0.1", port) is answered


def test_a_closed_port_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert ssh_answers("127.0.0.1", port) is False


def speaking(*words: str) -> list[str]:
    """A command that says something and goes on until its input ends, as a tunnel does."""
    lines = [f"sys.stdout.write({word!r})" for word in words]
    return [sys.executable, "-c", "\n".join(["import sys", *lines, "sys.stdout.flush()", "sys.stdin.read()"])]


@pytest.mark.parametrize(
    ("command", "answered"),
    [
        (speaking("SSH-2.0-OpenSSH_9.6\r\n"), True),
        (speaking("Starting session\n"), False),
        ([sys.executable, "-c", "raise SystemExit(255)"], False),
        (["/no/such/command"], False),
    ],
)
def test_only_an_ssh_server_at_the_end_of_a_tunnel_greets_as_one(command: list[str], answered: bool) -> None:
    assert tunnel_answers(command) is answered


def test_a_tunnel_that_says_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "TUNNEL_SECONDS", 0.2)
    start = time.monotonic()
    assert tunnel_answers(speaking()) is False
    assert time.monotonic() - start < 10


def test_machines_behind_tunnels_are_asked_through_them(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answers(command: list[str]) -> bool:
        asked.append(" ".join(command))
        return len(asked) > 1

    monkeypatch.setattr(ready, "tunnel_answers", answers)
    wait_ssh([instance(1), instance(3)], 2222, 60, FakeClock(), {"i-3": ["reach", "i-3"]})
    assert (doors.knocks, asked) == (["192.0.2.1"], ["reach i-3"] * 2)


def test_a_silent_tunnel_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "tunnel_answers", lambda _command: False)
    with pytest.raises(GpuError, match=r"did not answer within 60 s on i-3 \(reach i-3\)"):
        wait_ssh([instance(3)], 22, 60, FakeClock(), {"i-3": ["reach", "i-3"]})
