# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How hosts end, fail to boot, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.gpu.catalog import pretend_gpu
from sandbox.hosts.base import HostError, make_host
from sandbox.hosts.life import CLONE
from tests.sandbox.hostlab import Lab, eventually, usable_backends


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("hosts"))


def gone(pids: tuple[int, ...]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


@pytest.mark.parametrize(
    "command",
    ["sudo shutdown -h now", "sudo systemctl poweroff"],
)
def test_power_off_inside_ends_the_host(lab: Lab, command: str) -> None:
    with lab.host() as (spec, host):
        pids = host.pids()
        lab.ssh(spec, command)
        assert host.wait() == "poweroff"
        assert gone(pids)


def test_power_off_by_user_data_ends_the_host(lab: Lab) -> None:
    with lab.host(user_data=b"#!/bin/sh\nshutdown -P now\n") as (_, host):
        assert host.wait() == "poweroff"


def test_a_cancelled_shutdown_does_not_happen(lab: Lab) -> None:
    with lab.host() as (spec, host):
        assert "Shutdown scheduled" in lab.ssh(spec, "sudo shutdown -P +1").stderr
        assert lab.ssh(spec, "sudo shutdown -c; sudo true").returncode == 0
        assert host.pids()


def test_a_halted_host_is_dead_but_on(lab: Lab) -> None:
    with lab.host() as (spec, host):
        lab.ssh(spec, "sudo halt")
        assert eventually(lambda: lab.ssh(spec, "true").returncode == 255)
        assert host.pids()


def test_a_killed_host_has_died(lab: Lab) -> None:
    with lab.host() as (_, host):
        os.kill(host.pids()[1], signal.SIGKILL)
        assert host.wait() == "died"


@pytest.mark.parametrize(
    ("port", "reason"),
    [(2222, "Address already in use"), (1338, "Address already in use")],
    ids=["ssh", "metadata"],
)
def test_a_host_whose_address_is_taken_fails_at_once(lab: Lab, port: int, reason: str) -> None:
    spec = lab.spec()
    host = make_host("process", spec)
    with socket.create_server((spec.address, port)):
        begun = time.monotonic()
        with pytest.raises(HostError, match=reason):
            host.start()
    assert time.monotonic() - begun < 10
    assert host.pids() == ()
    host.destroy()


def test_a_stock_image_has_a_gpu_on_the_bus_and_no_driver(lab: Lab) -> None:
    with lab.host(gpu=pretend_gpu("g6.xlarge", "ubuntu")) as (spec, _):
        seen = lab.ssh(spec, "cat /sys/bus/pci/devices/*/device; ls /dev/nvidia0 /proc/driver/nvidia; nvidia-smi")
    assert (seen.stdout, seen.returncode) == ("0x27b8\n", 127)


def test_a_type_without_gpu_has_none(lab: Lab) -> None:
    with lab.host(gpu=None, login_user="ec2-user") as (spec, _):
        seen = lab.ssh(spec, "whoami; ls /sys/bus/pci/devices; nvidia-smi")
    assert (seen.stdout, seen.returncode) == ("ec2-user\n", 127)


def test_failures_of_the_gpu_come_and_go_while_it_runs(lab: Lab) -> None:
    with lab.host() as (spec, _):
        faults = spec.control_dir / "gpu.json"
        seen = [lab.ssh(spec, "nvidia-smi -L").returncode]
        faults.write_text('{"driver_absent": true}', encoding="utf-8")
        seen.append(lab.ssh(spec, "nvidia-smi -L").returncode)
        faults.write_text('{"missing_gpu": [0]}', encoding="utf-8")
        seen.append(lab.ssh(spec, "nvidia-smi -L").returncode)
    assert seen == [0, 9, 6]


def test_several_hosts_boot_at_once(lab: Lab) -> None:
    specs = [lab.spec() for _ in range(4)]
    hosts = [make_host("process", spec) for spec in specs]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda host: host.start(), hosts))
        names = list(pool.map(lambda spec: lab.ssh(spec, "hostname").stdout.strip(), specs))
        pids = [pid for host in hosts for pid in host.pids()]
        list(pool.map(lambda host: host.destroy(), hosts))
    assert names == [spec.hostname for spec in specs]
    assert gone(tuple(pids))


@pytest.mark.parametrize("backend", usable_backends())
def test_every_backend_keeps_the_seam(lab: Lab, backend: str) -> None:
    with lab.host(backend, user_data=b"#cloud-config\nbootcmd: [[sh, -c, 'echo x >> /var/lib/boots']]\n") as (
        spec,
        host,
    ):
        seen = lab.ssh(spec, "sudo -n id -u; nvidia-smi -L | cut -c 1-14")
        user, gpu = seen.stdout.splitlines()
        assert (user, gpu) == ("0", "GPU 0: SANDBOX")
        lab.ssh(spec, "sudo reboot")
        assert eventually(lambda: lab.ssh(spec, "cat /var/lib/boots").stdout == "x\nx\n")
        lab.ssh(spec, "sudo shutdown -h now")
        assert host.wait() == "poweroff"
        host.start()
        assert lab.ssh(spec, "wc -l < /var/lib/boots").stdout == "3\n"
        assert "-----BEGIN SSH HOST KEY KEYS-----" in host.console()
        pids = host.pids()
    assert gone(pids)
    assert not spec.state_dir.exists()


def test_destroy_leaves_no_process_mount_or_file(lab: Lab) -> None:
    with lab.host() as (spec, host):
        lab.ssh(spec, "setsid sleep 1000 > /dev/null 2>&1 < /dev/null &")
        pids = host.pids()
        assert len(pids) > 4
        waiting = threading.Thread(target=host.wait)
        waiting.start()
    waiting.join(10)
    assert gone(pids)
    assert not spec.state_dir.exists()
    assert str(spec.state_dir) not in Path("/proc/self/mountinfo").read_text(encoding="utf-8")
    host.destroy()


SERVER = """
import sys
from pathlib import Path
from tests.sandbox.hostlab import Lab
from sandbox.hosts.base import make_host
lab = Lab(Path(sys.argv[1]))
host = make_host(sys.argv[2], lab.spec())
host.start()
print(*host.pids(), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("backend", usable_backends())
def test_hosts_end_with_a_server_that_is_killed(tmp_path: Path, backend: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(tmp_path), backend],
        cwd=CLONE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        pids = tuple(map(int, server.stdout.readline().split()))
        assert len(pids) > 3
        server.kill()
    assert eventually(lambda: gone(pids))
