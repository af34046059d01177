# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam between the sandbox server and the hosts behind its instances."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, cast

from sandbox.gpu.catalog import PretendGpu

Exit = Literal["poweroff", "reboot", "died", "stopped"]

BACKENDS: Mapping[str, str] = {
    "process": "sandbox.hosts.process",
    "container": "sandbox.hosts.container",
    "none": "sandbox.hosts.none",
}


class HostError(Exception):
    """A host can't be made or doesn't boot; the text says why and what to do next."""


@dataclass(frozen=True)
class HostSpec:
    """Everything that a host needs to know of its instance.

    The folder ``state_dir`` belongs to this host alone. Under it the server may write, at any time:

    * ``control/metadata.json``: object of IMDS path to text, laid over ``metadata`` at each request;
      ``{"spot/instance-action": "..."}`` announces a spot interruption, a null removes a path;
    * ``control/gpu.json``: failures of the pretend GPU, read at each call (see sandbox/gpu/faults.py).
    """

    instance_id: str
    hostname: str
    address: str
    """Loopback address of the host alone, 127.77.x.y."""
    port: int
    """TCP port of its sshd."""
    login_user: str
    public_keys: tuple[str, ...]
    user_data: bytes
    image_family: str
    """'deep-learning', 'nvidia-marketplace', 'windows' or the name of a Linux distribution."""
    gpu: PretendGpu | None
    metadata: Mapping[str, str]
    """IMDS path below /latest/meta-data/ to text, such as {'instance-id': 'i-...'}."""
    imds_token_required: bool
    state_dir: Path
    environment: Mapping[str, str]
    """Variables seen by login sessions and user data."""

    @property
    def control_dir(self) -> Path:
        """Folder of the files by which the server speaks to a running host."""
        return self.state_dir / "control"


class Host(Protocol):
    """One machine behind one instance. Calls of one host never run at the same time."""

    def start(self) -> None:
        """Boot, for the first time or after stop(); return when sshd answers.

        Raises:
            HostError: the host didn't boot; nothing of it is left running.
        """

    def stop(self) -> None:
        """Power off from outside; keeps the disk. Harmless when not running."""

    def destroy(self) -> None:
        """Kill everything that runs and remove the disk. Harmless when repeated."""

    def wait(self) -> Exit:
        """Block until the host has ended and say how.

        A reboot inside the guest restarts it with the same disk and address, and is not an end:
        wait() goes on. 'reboot' is returned only by backends that can't restart by themselves;
        call start() then.
        """

    def console(self) -> str:
        """What the console has shown so far, as cloud-init prints it."""

    def pids(self) -> tuple[int, ...]:
        """Process ids of the host as the desk sees them; empty when it doesn't run."""


class Backend(Protocol):
    """What each module named in BACKENDS offers."""

    def make(self, spec: HostSpec) -> Host:
        """Return a host that isn't started yet."""


def make_host(backend: str, spec: HostSpec) -> Host:
    """Return the host of an instance, not started yet.

    Raises:
        HostError: no such backend, or this machine lacks what the backend needs.
    """
    if backend not in BACKENDS:
        raise HostError(f"Failed to make a host: no backend named {backend!r}. Use one of {', '.join(BACKENDS)}.")
    return cast(Backend, importlib.import_module(BACKENDS[backend])).make(spec)
