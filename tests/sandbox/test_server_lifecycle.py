# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances and their hosts, with hosts that do what the test says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Queue
from threading import Event
from typing import Any

import pytest
from moto.ec2.models.instances import InstanceState, StateReason

from sandbox.hosts.base import Exit, HostError
from sandbox.lifecycle import BOOTS_AT_ONCE, Lifecycle


@dataclass
class Instance:
    """What the lifecycle needs of moto's instance."""

    instance_initiated_shutdown_behavior: str = "stop"
    id: str = "i-0123456789abcdef0"
    state_reason: Any = field(default_factory=StateReason)
    _state: Any = field(default_factory=InstanceState)

    @property
    def state(self) -> str:
        return str(self._state.name)


class ScriptedHost:
    """A host whose boot waits for the test and whose end is told by it."""

    def __init__(self) -> None:
        self.may_boot = Event()
        self.boot_error: Exception | None = None
        self.ends: Queue[Exit] = Queue()
        self.done: list[str] = []

    def start(self) -> None:
        assert self.may_boot.wait(10)
        self.done.append("start")
        if self.boot_error:
            raise self.boot_error

    def stop(self) -> None:
        self.done.append("stop")
        self.ends.put("stopped")

    def destroy(self) -> None:
        self.done.append("destroy")
        self.ends.put("stopped")

    def wait(self) -> Exit:
        return self.ends.get(timeout=10)

    def console(self) -> str:
        return ""

    def pids(self) -> tuple[int, ...]:
        return ()


class TellingLifecycle(Lifecycle):
    """A lifecycle that says when something has happened, so that a test needs no sleep."""

    def __init__(self, posted: Queue[None], **parts: Any) -> None:
        super().__init__(**parts)
        self._posted = posted

    def _post(self, apply: Callable[[], None], delay: float = 0.0) -> None:
        super()._post(apply, delay)
        self._posted.put(None)


class Desk:
    """A lifecycle with one instance, and what it did to the world."""

    def __init__(self, behavior: str = "stop") -> None:
        self.instance = Instance(behavior)
        self.host = ScriptedHost()
        self.finished: list[str] = []
        self.returned: list[str] = []
        self.posted: Queue[None] = Queue()
        self.lifecycle = TellingLifecycle(
            posted=self.posted,
            make_host=lambda _: (self.host, "127.77.9.9"),
            give_back=self.returned.append,
            finish=lambda verb, _: self.finished.append(verb),
            boot_seconds=0.0,
        )

    def boot(self) -> None:
        self.lifecycle.boot(self.instance)

    def booted(self) -> None:
        self.boot()
        self.host.may_boot.set()
        self.settle()

    def settle(self) -> str:
        """Wait for one thing to happen, apply it, and return the state."""
        self.posted.get(timeout=10)
        self.lifecycle.settle()
        return self.instance.state


def test_instance_is_pending_until_its_host_answers() -> None:
    desk = Desk()
    desk.boot()
    desk.lifecycle.settle()
    assert desk.instance.state == "pending"
    desk.host.may_boot.set()
    assert desk.settle() == "running"


@pytest.mark.parametrize(
    ("error", "words"),
    [(HostError("no sshd here"), "no sshd here"), (RuntimeError("a bug"), "RuntimeError: a bug")],
)
def test_host_that_does_not_boot_fails_its_instance_at_once(error: Exception, words: str) -> None:
    desk = Desk()
    desk.host.boot_error = error
    desk.boot()
    desk.host.may_boot.set()
    assert desk.settle() == "terminated"
    assert (desk.instance.state_reason.code, words in desk.instance.state_reason.message) == (
        "Server.InternalError",
        True,
    )
    assert desk.finished == ["terminate"]
    assert desk.returned == ["127.77.9.9"]


@pytest.mark.parametrize(
    ("behavior", "ended", "states", "reason", "finished"),
    [
        ("stop", "poweroff", ["stopped"], "Client.InstanceInitiatedShutdown", ["stop"]),
        ("terminate", "poweroff", ["shutting-down", "terminated"], "Client.InstanceInitiatedShutdown", ["terminate"]),
        ("stop", "died", ["terminated"], "Server.InternalError", ["terminate"]),
        ("terminate", "died", ["terminated"], "Server.InternalError", ["terminate"]),
    ],
)
def test_host_that_ends_by_itself(
    behavior: str, ended: Exit, states: list[str], reason: str, finished: list[str]
) -> None:
    desk = Desk(behavior)
    desk.booted()
    desk.host.ends.put(ended)
    assert [desk.settle() for _ in states] == states
    assert desk.instance.state_reason.code == reason
    assert desk.finished == finished
    assert desk.returned == ["127.77.9.9"]


def test_host_that_cannot_reboot_by_itself_is_started_again() -> None:
    desk = Desk()
    desk.booted()
    desk.host.ends.put("reboot")
    assert desk.settle() == "running"
    assert desk.settle() == "running"
    assert desk.host.done == ["start", "start"]


def test_reboot_restarts_the_host_and_keeps_the_instance_running() -> None:
    desk = Desk()
    desk.booted()
    desk.lifecycle.reboot(desk.instance)
    assert desk.settle() == "running"
    assert desk.settle() == "running"
    assert desk.host.done == ["start", "stop", "start"]


def test_stop_ends_with_the_host_and_start_boots_it_again() -> None:
    desk = Desk()
    desk.booted()
    desk.lifecycle.stop(desk.instance)
    assert desk.instance.state == "stopping"
    while desk.settle() == "stopping":
        pass
    assert desk.instance.state == "stopped"
    desk.boot()
    assert desk.instance.state == "pending"
    while desk.settle() == "pending":
        pass
    assert desk.instance.state == "running"
    assert desk.host.done == ["start", "stop", "start"]


def test_machine_terminated_while_it_boots_never_runs() -> None:
    desk = Desk()
    desk.boot()
    desk.lifecycle.terminate(desk.instance)
    assert desk.instance.state == "shutting-down"
    desk.host.may_boot.set()
    seen = set()
    while desk.instance.state != "terminated":
        seen.add(desk.settle())
    assert seen <= {"shutting-down", "terminated"}
    assert desk.host.done[-1] == "destroy"


def test_machine_terminated_before_its_turn_never_boots() -> None:
    desk = Desk()
    desk.host.may_boot.set()
    for _ in range(BOOTS_AT_ONCE):
        desk.lifecycle._slots.acquire()
    others = set(threading.enumerate())
    desk.boot()
    waiting = set(threading.enumerate()) - others
    desk.lifecycle.terminate(desk.instance)
    assert desk.settle() == "terminated"
    desk.lifecycle._slots.release()
    for thread in waiting:
        thread.join(10)
    assert desk.host.done == ["destroy"]


@pytest.mark.parametrize(("boot_seconds", "state"), [(0.0, "running"), (3600.0, "pending")])
def test_api_only_instance_boots_for_as_long_as_it_is_told(boot_seconds: float, state: str) -> None:
    lifecycle = Lifecycle(
        make_host=lambda _: (None, None),
        give_back=lambda _: None,
        finish=lambda *_: None,
        boot_seconds=boot_seconds,
    )
    instance = Instance()
    lifecycle.boot(instance)
    assert instance.state == "pending"
    lifecycle.settle()
    assert instance.state == state
    lifecycle.terminate(instance)
    lifecycle.settle()
    assert instance.state == "terminated"


def test_second_termination_changes_nothing() -> None:
    desk = Desk()
    desk.booted()
    for _ in range(2):
        desk.lifecycle.terminate(desk.instance)
    while desk.instance.state != "terminated":
        desk.settle()
    desk.lifecycle.terminate(desk.instance)
    assert desk.instance.state == "terminated"
    assert desk.finished == ["terminate"]


def test_close_destroys_every_host() -> None:
    desk = Desk()
    desk.booted()
    desk.lifecycle.close()
    assert desk.host.done == ["start", "destroy"]
