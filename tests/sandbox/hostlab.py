# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A laboratory of hosts for tests: makes them, logs in to them, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sandbox.addresses import AddressPool
from sandbox.gpu.catalog import pretend_gpu
from sandbox.hosts.base import Host, HostSpec, make_host

PATIENCE_SECONDS = 20


def usable_backends() -> list[str]:
    """Return the backends with logins that this machine and user can run."""
    has_podman = os.geteuid() == 0 and shutil.which("podman") and shutil.which("runc")
    return ["process", "container"] if has_podman else ["process"]


class Lab:
    """Hosts of one test module."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = folder / "key"
        self.pool = AddressPool()
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.key)], check=True)

    def spec(self, **changes: Any) -> HostSpec:
        """Return the spec of one more host."""
        address = self.pool.take()
        number = int(address.rpartition(".")[2])
        spec = HostSpec(
            instance_id=f"i-{number:017x}",
            hostname=f"ip-10-0-0-{number}.us-west-2.compute.internal",
            address=address,
            port=2222,
            login_user="ubuntu",
            public_keys=(self.key.with_suffix(".pub").read_text(encoding="utf-8").strip(),),
            user_data=b"",
            image_family="deep-learning",
            gpu=pretend_gpu("g5.xlarge", "deep-learning"),
            metadata={"instance-type": "g5.xlarge", "placement/region": "us-west-2"},
            imds_token_required=True,
            state_dir=self.folder / f"host{number}",
            environment={"GREETING": 'say "hello"'},
        )
        return replace(spec, **changes)

    @contextmanager
    def host(self, backend: str = "process", **changes: Any) -> Iterator[tuple[HostSpec, Host]]:
        """Boot a host for the length of a block."""
        spec = self.spec(**changes)
        host = make_host(backend, spec)
        try:
            host.start()
            yield spec, host
        finally:
            host.destroy()

    def ssh(self, spec: HostSpec, command: str, *, terminal: bool = False) -> subprocess.CompletedProcess[str]:
        """Run a command in a host as its login user, at a terminal when asked."""
        options = (
            *("BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "ConnectTimeout=5"),
            # One connection for all commands of a host; it ends with the host.
            *("ControlMaster=auto", f"ControlPath={self.folder}/%h", "ControlPersist=60"),
        )
        return subprocess.run(
            [
                *("ssh", *(["-tt"] if terminal else []), "-q", "-F", "none", "-i", str(self.key), "-p", str(spec.port)),
                *(word for option in options for word in ("-o", option)),
                *(f"{spec.login_user}@{spec.address}", command),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )


def eventually(happened: Callable[[], bool]) -> bool:
    """Return whether something happens within the patience of a test."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    pause = threading.Event()
    while not happened():
        if time.monotonic() > give_up:
            return False
        pause.wait(0.02)
    return True
