# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a host whatever it is made of: boots, reboots, ends, and what is left of it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import sandbox
from sandbox.guest.accounts import LOGIN_ID
from sandbox.hosts.base import Exit, HostError, HostSpec
from sandbox.hosts.disk import remove
from sandbox.hosts.image import shared_image
from sandbox.hosts.layout import Desk, StateDir
from sandbox.hosts.machine import explain_refusal, is_root
from sandbox.hosts.processes import descendants

BOOT_TIMEOUT_SECONDS = 120
STOP_TIMEOUT_SECONDS = 10
_POLL_SECONDS = 0.02

CLONE = Path(sandbox.__file__).resolve().parent.parent
IMAGE_CACHE = CLONE / ".build/cache/image"
PACKAGE_CACHE = CLONE / ".build/cache/packages"


class LivingHost(ABC):
    """A host that runs below one process of the desk, its launcher; see sandbox.hosts.base.Host."""

    exits: ClassVar[Mapping[int, Exit]]
    """Exit status of the launcher to how the host has ended; any other means that it died."""

    def __init__(self, spec: HostSpec) -> None:
        self._spec = spec
        self._state = StateDir(spec.state_dir)
        self._root = is_root()
        self._launcher: subprocess.Popen[bytes] | None = None
        self._lifeline = -1
        self._stopping = False
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._exit: Exit = "stopped"

    def start(self) -> None:
        """Boot and return when sshd answers."""
        self._stopping = False
        try:
            self._state.control.mkdir(parents=True, exist_ok=True)
            self._state.control.chmod(0o755)
            launcher = self._launch()
        except OSError as error:
            raise HostError(f"Failed to make the host of {self._spec.instance_id}: {error}") from error
        self._ended.clear()
        threading.Thread(target=self._watch, args=(launcher,), daemon=True).start()
        try:
            self._await_ssh()
        except HostError:
            self.stop()
            raise

    def stop(self) -> None:
        """Power off; the guest gets a moment to end its processes."""
        with self._lock:
            self._stopping = True
            self._cut_lifeline()
            launcher = self._launcher
        if launcher is None:
            return
        if not self._ended.wait(STOP_TIMEOUT_SECONDS):
            self._kill()
            self._ended.wait()

    def destroy(self) -> None:
        """Kill everything at once and remove the disk."""
        with self._lock:
            self._stopping = True
            launcher = self._launcher
        if launcher is not None:
            if launcher.poll() is None:
                self._kill()
            self._ended.wait()
        remove(self._state)

    def wait(self) -> Exit:
        """Block until the host has ended; reboots in between aren't an end."""
        self._ended.wait()
        return self._exit

    def console(self) -> str:
        """Return what the console has shown."""
        try:
            return self._state.console.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""

    def pids(self) -> tuple[int, ...]:
        """Return the launcher's id and all below it."""
        launcher = self._launcher
        return descendants(launcher.pid) if launcher is not None and launcher.poll() is None else ()

    @abstractmethod
    def _command(self, lifeline: int) -> list[str]:
        """Prepare a boot and return the command of the launcher, which ends when the lifeline closes."""

    @abstractmethod
    def _kill(self) -> None:
        """Kill the host at once; its launcher ends by that."""

    def _launch(self) -> subprocess.Popen[bytes]:
        reader, writer = os.pipe()
        command = self._command(reader)
        with self._state.console.open("ab") as console:
            launcher = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                env={},
                pass_fds=(reader,),
                start_new_session=True,
            )
        os.close(reader)
        self._lifeline, self._launcher = writer, launcher
        return launcher

    def _desk(self) -> Desk:
        """Return what hosts of this sandbox share, made now if need be."""
        packages = self._package_cache()
        return Desk(shared_image(IMAGE_CACHE), packages, not self._root, (CLONE, Path.home()))

    def _package_cache(self) -> Path:
        for name in ("pip", "uv"):
            folder = PACKAGE_CACHE / name
            folder.mkdir(parents=True, exist_ok=True)
            if self._root:
                # pip uses a cache only if it belongs to the one who runs it.
                os.chown(folder, LOGIN_ID, LOGIN_ID)
        return PACKAGE_CACHE

    def _watch(self, launcher: subprocess.Popen[bytes]) -> None:
        """Follow the host through its reboots to its end."""
        while True:
            ended: Exit = self.exits.get(launcher.wait(), "died")
            with self._lock:
                self._cut_lifeline()
                if self._stopping or ended != "reboot":
                    self._exit = "stopped" if self._stopping else ended
                    self._ended.set()
                    return
                launcher = self._launch()

    def _cut_lifeline(self) -> None:
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1

    def _await_ssh(self) -> None:
        give_up = time.monotonic() + BOOT_TIMEOUT_SECONDS
        while time.monotonic() < give_up:
            if self._ended.wait(_POLL_SECONDS):
                raise HostError(f"Failed to boot {self._spec.instance_id}: {explain_refusal(self.console())}")
            if _answers_ssh(self._spec.address, self._spec.port):
                return
        raise HostError(
            f"Failed to boot {self._spec.instance_id}: no ssh on {self._spec.address}:{self._spec.port}"
            f" after {BOOT_TIMEOUT_SECONDS} s. Its console ends: {self.console()[-400:]}"
        )


def _answers_ssh(address: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((address, port), timeout=1) as connection:
        return connection.recv(4) == b"SSH-"
    return False
