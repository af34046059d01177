# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an instance: pending while its host boots, running, and ended with its host.

Threads wait for hosts and only post what they saw; ``settle`` applies it. The gate calls ``settle`` inside
its lock before each call, so moto's state changes in one thread at a time and a call sees a consistent world.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import BoundedSemaphore, Lock, Thread
from typing import Any

from sandbox.hosts.base import Host, HostError

LOG = logging.getLogger(__name__)

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html
STATES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html
REASONS = {
    "Client.UserInitiatedShutdown": "User initiated shutdown",
    "Client.InstanceInitiatedShutdown": "Instance initiated shutdown",
    "Server.InternalError": "Internal error on launch",
    "Server.ScheduledStop": "The capacity block ends",
}

# Hosts that boot at once; more would only slow each other down.
BOOTS_AT_ONCE = 8


@dataclass
class Machine:
    """One instance and, unless the sandbox is API only, the host of its present boot."""

    instance: Any
    host: Host | None = None
    address: str | None = None
    lock: Lock = field(default_factory=Lock)
    over: bool = False


class Lifecycle:
    """Moves instances through their states as their hosts boot, stop and die."""

    def __init__(
        self,
        make_host: Callable[[Any], tuple[Host | None, str | None]],
        give_back: Callable[[str], None],
        finish: Callable[[str, Any], None],
        boot_seconds: float,
    ) -> None:
        """Take what differs between backends.

        Args:
            make_host: returns the host of an instance and its address, or nothing where the API is all there is.
            give_back: returns an address to the pool.
            finish: runs moto's own "stop" or "terminate" on an instance whose host has ended.
            boot_seconds: how long a boot takes at least.
        """
        self._make_host = make_host
        self._give_back = give_back
        self._finish = finish
        self._boot_seconds = boot_seconds
        self._machines: dict[str, Machine] = {}
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._events_lock = Lock()
        self._slots = BoundedSemaphore(BOOTS_AT_ONCE)

    def machine(self, instance_id: str) -> Machine | None:
        """Return the machine of an instance, or None."""
        return self._machines.get(instance_id)

    def settle(self) -> None:
        """Apply everything that has happened by now."""
        now = time.monotonic()
        while True:
            with self._events_lock:
                if not self._events or self._events[0][0] > now:
                    return
                _, _, apply = heapq.heappop(self._events)
            apply()

    def boot(self, instance: Any) -> None:
        """Bring an instance from ``pending`` to ``running``."""
        set_state(instance, "pending")
        machine = self._machines.setdefault(instance.id, Machine(instance))
        machine.host, machine.address = self._make_host(instance)
        if machine.host is None:
            self._post(lambda: self._ready(machine), self._boot_seconds)
        else:
            self._start(machine, machine.host)

    def stop(self, instance: Any) -> None:
        """Bring a running instance to ``stopped``; its disk stays."""
        set_state(instance, "stopping", "Client.UserInitiatedShutdown")
        self._end(self._machines[instance.id], "stop")

    def terminate(self, instance: Any, reason: str = "Client.UserInitiatedShutdown") -> None:
        """Bring an instance to ``terminated``, for a reason of REASONS; nothing of its host stays."""
        if instance.state in ("shutting-down", "terminated"):
            return
        set_state(instance, "shutting-down", reason)
        self._end(self._machines[instance.id], "terminate")

    def reboot(self, instance: Any) -> None:
        """Restart the host of a running instance; the instance stays ``running``."""
        machine = self._machines[instance.id]
        host = machine.host
        if host is not None:
            _in_background(lambda: self._restart(machine, host))

    def hosts_pids(self) -> list[int]:
        """Return the process ids of every host."""
        hosts = [machine.host for machine in self._machines.values()]
        return [pid for host in hosts if host is not None for pid in host.pids()]

    def close(self) -> None:
        """End every host; used when the sandbox goes down."""
        threads = [_in_background(partial(self._destroy, machine)) for machine in self._machines.values()]
        for thread in threads:
            thread.join()

    def _start(self, machine: Machine, host: Host) -> None:
        _in_background(lambda: self._run(machine, host))

    def _run(self, machine: Machine, host: Host) -> None:
        """Boot a host and wait for its end; runs in a thread of its own."""
        begun = time.monotonic()
        try:
            with self._slots, machine.lock:
                if machine.over:
                    return
                host.start()
            self._post(lambda: self._ready(machine), begun + self._boot_seconds - time.monotonic())
            ended = host.wait()
        except HostError as error:
            message = str(error)
            self._post(lambda: self._failed(machine, message))
        except Exception as error:  # Whatever breaks here must fail the instance, or its owner waits for ever.
            LOG.exception("the host of %s failed", machine.instance.id)
            message = f"{type(error).__name__}: {error}"
            self._post(lambda: self._failed(machine, message))
        else:
            self._post(lambda: self._ended(machine, ended))

    def _restart(self, machine: Machine, host: Host) -> None:
        with machine.lock:
            host.stop()
        self._run(machine, host)

    def _end(self, machine: Machine, verb: str) -> None:
        if verb == "terminate":
            machine.over = True
        host = machine.host
        if host is None:
            self._post(lambda: self._gone(machine, verb))
        else:
            _in_background(lambda: self._end_host(machine, host, verb))

    def _end_host(self, machine: Machine, host: Host, verb: str) -> None:
        if verb == "terminate":
            self._destroy(machine)
        else:
            with machine.lock:
                host.stop()
        self._post(lambda: self._gone(machine, verb))

    def _destroy(self, machine: Machine) -> None:
        machine.over = True
        with machine.lock:
            if machine.host is not None:
                machine.host.destroy()

    def _ready(self, machine: Machine) -> None:
        if machine.instance.state == "pending":
            set_state(machine.instance, "running")

    def _failed(self, machine: Machine, message: str) -> None:
        if machine.instance.state in ("shutting-down", "terminated"):
            return
        self._finish("terminate", machine.instance)
        set_state(machine.instance, "terminated", "Server.InternalError", message)
        self._release(machine)
        _in_background(lambda: self._destroy(machine))

    def _ended(self, machine: Machine, ended: str) -> None:
        """Act on a host that ended by itself; an end from outside is the caller's to finish."""
        instance = machine.instance
        if instance.state not in ("pending", "running") or ended == "stopped":
            return
        if ended == "reboot" and machine.host is not None:
            self._start(machine, machine.host)
        elif ended == "died":
            self._failed(machine, "the host died")
        elif instance.instance_initiated_shutdown_behavior == "terminate":
            set_state(instance, "shutting-down", "Client.InstanceInitiatedShutdown")
            self._end(machine, "terminate")
        else:
            set_state(instance, "stopping", "Client.InstanceInitiatedShutdown")
            self._gone(machine, "stop")

    def _gone(self, machine: Machine, verb: str) -> None:
        """Finish a stop or termination whose host has ended."""
        reason = machine.instance.state_reason.code
        self._finish(verb, machine.instance)
        set_state(machine.instance, "stopped" if verb == "stop" else "terminated", reason)
        self._release(machine)

    def _release(self, machine: Machine) -> None:
        if machine.address is not None:
            self._give_back(machine.address)
            machine.address = None

    def _post(self, apply: Callable[[], None], delay: float = 0.0) -> None:
        with self._events_lock:
            heapq.heappush(self._events, (time.monotonic() + delay, next(self._order), apply))


def set_state(instance: Any, name: str, reason: str | None = None, detail: str = "") -> None:
    """Put a moto instance in a state; ``reason`` is a code of REASONS."""
    from moto.ec2.models.instances import InstanceState, StateReason

    instance._state = InstanceState(name, STATES[name])
    if reason is None:
        instance.state_reason = StateReason()
        instance._reason = ""
        return
    text = f"{reason}: {detail or REASONS[reason]}"
    instance.state_reason = StateReason(text, reason)
    instance._reason = transition(reason, text, instance._reason)


def transition(reason: str, text: str, before: str) -> str:
    """Return the StateTransitionReason: for what a user did through the API, since when, as EC2 words it.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html
    """
    words = "User initiated"
    if reason != "Client.UserInitiatedShutdown":
        return text
    since = before if before.startswith(words) else f"{words} ({time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime())} GMT)"
    return since.replace(" UTC)", " GMT)")  # moto's word for the same


def _in_background(work: Callable[[], None]) -> Thread:
    thread = Thread(target=work, daemon=True)
    thread.start()
    return thread
