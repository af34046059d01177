# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process host seen from outside, by the ssh client that Ansible uses."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.hosts.base import Host, HostSpec
from sandbox.hosts.life import CLONE
from tests.sandbox.hostlab import Lab, eventually

MULTIPART = b"""MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="==edge=="

--==edge==
Content-Type: text/cloud-config

#cloud-config
bootcmd:
  - echo booted >> /var/lib/boots
write_files:
  - path: /etc/gpgpu/lease
    permissions: '0640'
    encoding: b64
    content: bGVhc2U=
runcmd:
  - [sh, -c, 'id -u > /var/lib/who; echo run >> /var/lib/runs']
--==edge==
Content-Type: text/x-shellscript

#!/bin/sh
echo "a script says $GREETING"
exit 3
--==edge==--
"""

SERVICE = "${AWS_EC2_METADATA_SERVICE_ENDPOINT}latest"
TOKEN = f"$(curl -s -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' {SERVICE}/api/token)"
METADATA = f"{SERVICE}/meta-data"

Booted = tuple[Lab, HostSpec, Host]


@pytest.fixture(scope="module")
def booted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Booted]:
    lab = Lab(tmp_path_factory.mktemp("hosts"))
    with lab.host(user_data=MULTIPART) as (spec, host):
        lab.ssh(spec, "cloud-init status --wait")
        yield lab, spec, host


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("whoami; id -u", "ubuntu\n1000"),
        ("hostname", r"ip-10-0-0-\d+\.us-west-2\.compute\.internal"),
        ("sudo -n id -u", "0"),
        ("sudo -H -S -n -u root /bin/sh -c 'echo BECOME-SUCCESS && whoami'", "BECOME-SUCCESS\nroot"),
        ("sudo A=1 sh -c 'echo $A $HOME'", "1 /root"),
        ("sudo sh -c 'exit 7'; echo $?", "7"),
        ("echo $GREETING; sudo grep -c hello /etc/environment", 'say "hello"\n1'),
        (
            "echo $PIP_CACHE_DIR; touch $UV_CACHE_DIR/$$ && rm $UV_CACHE_DIR/$$ && echo ok",
            "/var/cache/gpgpu-sandbox/pip\nok",
        ),
        ("sudo sh -c 'echo x > /usr/local/bin/tool && echo y > /etc/tool && echo z > /opt/tool' && echo ok", "ok"),
        ("sudo cp /etc/hosts /etc/hosts.new && sudo mv /etc/hosts.new /etc/hosts && echo ok", "ok"),
        ("cat /proc/1/comm", "python3"),
        ("test -d /run/systemd/system || echo none", "none"),
        ("test -w /tmp && echo ok", "ok"),
        ("python3 -c 'import ssl, sqlite3; print(1)'", "1"),
        ("sudo cat /etc/gpgpu/lease; sudo stat -c %a /etc/gpgpu/lease", "lease640"),
        ("cat /var/lib/who", "0"),
        ("cloud-init status --wait; echo $?", "status: error\n1"),
        ("cat /var/lib/cloud/instance/boot-finished", r"[0-9.]+ - .*SANDBOX"),
        ("cat /run/cloud-init/result.json", r"(?s).*part-001.*exit status 3.*"),
        ("ls /sys/bus/pci/devices; cat /sys/bus/pci/devices/*/device", "0000:00:1e.0\n0x2237"),
        ("test -c /dev/nvidia0 -a -c /dev/nvidiactl && echo ok", "ok"),
        ("cat /proc/driver/nvidia/version", "(?s)NVRM version: .*595.91.07.*SANDBOX.*"),
        ("cat /proc/driver/nvidia/gpus/*/information", "(?s)Model: .*SANDBOX NVIDIA A10G.*"),
        ("nvidia-smi --query-gpu=name,memory.total --format=csv,noheader", "SANDBOX NVIDIA A10G, 22888 MiB"),
        ("sudo dmesg | head -1", ".*SANDBOX.*"),
        (f"curl -s -o /dev/null -w '%{{http_code}}' {METADATA}/instance-id", "401"),
        (f'curl -s -H "X-aws-ec2-metadata-token: {TOKEN}" {METADATA}/instance-type', "g5.xlarge"),
        ("systemctl status ssh; echo $?", "1"),
        ("poweroff; echo $?", "1"),
    ],
)
def test_a_booted_host_answers(booted: Booted, command: str, expected: str) -> None:
    lab, spec, _ = booted
    done = lab.ssh(spec, command)
    assert re.fullmatch(expected, done.stdout.strip()), done


def test_login_gets_a_terminal(booted: Booted) -> None:
    lab, spec, _ = booted
    assert lab.ssh(spec, "test -t 0 && echo terminal", terminal=True).stdout.strip() == "terminal"


@pytest.mark.parametrize(
    "path",
    [
        str(CLONE / "sandbox"),
        str(Path.home() / ".ssh"),
        str(Path.home() / ".aws"),
        "/etc/ssh/ssh_host_rsa_key",
        "/etc/shadow-",
        "/var/log/dpkg.log",
        "/var/lib/postgresql/data",
        "/dev/vda",
        "/dev/mem",
        "/dev/kmsg",
        "/sys/fs/cgroup",
    ],
)
def test_nothing_else_of_the_desk_is_visible(booted: Booted, path: str) -> None:
    lab, spec, _ = booted
    assert lab.ssh(spec, f"sudo ls -d {path}").returncode != 0


def test_processes_of_the_desk_are_not_visible(booted: Booted) -> None:
    lab, spec, _ = booted
    assert lab.ssh(spec, "cat /proc/[0-9]*/comm | grep -c pytest").stdout.strip() == "0"


def test_the_desk_kernel_settings_are_read_only(booted: Booted) -> None:
    lab, spec, _ = booted
    assert lab.ssh(spec, "sudo sh -c 'echo 1 > /proc/sys/vm/swappiness'").returncode != 0


def test_the_console_shows_the_host_key_and_the_failed_script(booted: Booted) -> None:
    lab, spec, host = booted
    key = lab.ssh(spec, "cat /etc/ssh/ssh_host_ed25519_key.pub").stdout.strip()
    console = host.console()
    assert f"-----BEGIN SSH HOST KEY KEYS-----\n{key}\n-----END SSH HOST KEY KEYS-----" in console
    assert 'a script says say "hello"' in console
    assert "Failed to run part-001" in console


def test_stop_and_start_keep_the_disk_and_run_the_boot_commands_again(booted: Booted) -> None:
    lab, spec, host = booted
    lab.ssh(spec, "echo kept > note; sudo touch /usr/local/bin/kept")
    before = lab.ssh(spec, "cat /proc/sys/kernel/random/boot_id").stdout
    host.stop()
    assert (host.wait(), host.pids()) == ("stopped", ())
    host.start()
    lab.ssh(spec, "cloud-init status --wait")
    after = lab.ssh(spec, "cat note; ls /usr/local/bin/kept; wc -l < /var/lib/boots; wc -l < /var/lib/runs")
    assert after.stdout.split() == ["kept", "/usr/local/bin/kept", "2", "1"]
    assert lab.ssh(spec, "cat /proc/sys/kernel/random/boot_id").stdout != before


def test_a_reboot_restarts_the_guest_with_its_disk_and_address(booted: Booted) -> None:
    lab, spec, host = booted
    lab.ssh(spec, "echo kept > reboots")
    pids = set(host.pids())
    lab.ssh(spec, "sudo reboot")
    assert eventually(lambda: bool(host.pids()) and not pids & set(host.pids()))
    assert eventually(lambda: lab.ssh(spec, "cat reboots").stdout == "kept\n")


def test_the_host_listens_on_its_own_address_only(booted: Booted) -> None:
    _, spec, _ = booted
    sockets = Path("/proc/net/tcp").read_text(encoding="ascii")
    address = "".join(f"{int(part):02X}" for part in reversed(spec.address.split(".")))
    assert f"{address}:{spec.port:04X}" in sockets
    assert os.path.isdir(spec.state_dir)
