# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A laboratory of hosts for tests: makes them, logs in to them, and leaves nothing behind."""

from __future__ import annotations

import itertools
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sandbox.gpu.catalog import pretend_gpu
from sandbox.hosts.base import Host, HostSpec, make_host

PATIENCE_SECONDS = 20
_NUMBERS = itertools.count(1)


def free_network() -> str:
    """Return the first three bytes of a loopback range that no other test run uses now."""
    # An ephemeral port is the kernel's, so two runs at once get different ones.
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"127.78.{probe.getsockname()[1] % 254 + 1}"


class Lab:
    """Hosts of one test module."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = folder / "key"
        self.network = free_network()
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.key)], check=True)

    def spec(self, **changes: Any) -> HostSpec:
        """Return the spec of one more host."""
        number = next(_NUMBERS)
        spec = HostSpec(
            instance_id=f"i-{number:017x}",
            hostname=f"ip-10-0-0-{number}.us-west-2.compute.internal",
            address=f"{self.network}.{number}",
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
    def host(self, **changes: Any) -> Iterator[tuple[HostSpec, Host]]:
        """Boot a host for the length of a block."""
        spec = self.spec(**changes)
        host = make_host("process", spec)
        try:
            host.start()
            yield spec, host
        finally:
            host.destroy()

    def ssh(self, spec: HostSpec, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in a host as its login user."""
        options = ("BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "ConnectTimeout=5")
        return subprocess.run(
            [
                *("ssh", "-q", "-F", "none", "-i", str(self.key), "-p", str(spec.port)),
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
