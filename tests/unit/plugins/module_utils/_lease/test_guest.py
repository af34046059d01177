# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The timer inside the machine, run by a real shell in a folder of its own with a clock of its own."""

from __future__ import annotations

import configparser
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._lease.guest import arm_script

from tests.unit.fakes.rows import END

BORN_END = int(END.timestamp())
GUARD = "usr/local/sbin/gpgpu-lease"
STORED = "etc/gpgpu/lease-end"
UNITS = "etc/systemd/system/gpgpu-lease"
# Programs of the machine. Each writes down how it was called; `sleep` moves the clock and ends its loop at the stop.
SHIMS = {
    "date": "cat $ROOT/clock",
    "sleep": "now=$(($(cat $ROOT/clock) + $1)); echo $now >$ROOT/clock; [ $now -lt $(cat $ROOT/stop) ] || kill $PPID",
    "setsid": 'echo "$3" >$ROOT/loop',
    "systemctl": 'echo "$(cat $ROOT/clock) systemctl $*" >>$ROOT/log; exit $SYSTEMCTL',
    "poweroff": 'echo "$(cat $ROOT/clock) poweroff $*" >>$ROOT/log; [ "$1" = -f ] || exit $POWEROFF',
}

# All else that the scripts may call: a machine under test must never find this machine's own `poweroff`.
TOOLS = ("cat", "chmod", "mkdir", "sh")


@dataclass
class Machine:
    """A folder that stands for a machine's root; the script's own paths lead into it."""

    root: Path
    now: int = BORN_END - 3600
    instance_id: str = "i-1"
    systemctl: int = 0
    poweroff: int = 0

    def write(self, name: str, text: str) -> Path:
        """Write a file of the machine."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def read(self, name: str) -> str:
        """Read a file of the machine; empty when it is not there."""
        path = self.root / name
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def here(self, script: str) -> str:
        """A script with its paths inside the folder."""
        for folder in ("/etc/", "/usr/local/", "/run/"):
            script = script.replace(folder, f"{self.root}{folder}")
        return script

    def sh(self, script: str) -> None:
        """Run a script with the shims, at the machine's present time."""
        self.write("clock", f"{self.now}\n")
        environment = {
            "PATH": str(self.root / "bin"),
            "ROOT": str(self.root),
            "INSTANCE_ID": self.instance_id,
            "SYSTEMCTL": str(self.systemctl),
            "POWEROFF": str(self.poweroff),
        }
        subprocess.run(["sh", "-c", script], env=environment, check=False, timeout=20, stderr=subprocess.DEVNULL)

    def boot(self) -> None:
        """Run the script as a boot does, until what it left in the background has begun."""
        self.sh(self.here(arm_script(END)) + "wait\n")

    def look(self) -> list[str]:
        """Let the timer look at the clock; what it called since the boot."""
        self.sh(str(self.root / GUARD))
        return [line.partition(" ")[2].strip() for line in self.read("log").splitlines()]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    for name, body in SHIMS.items():
        made.write(f"bin/{name}", f"#!/bin/sh\n{body}\n").chmod(0o755)
    for name in TOOLS:
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
    return made


def test_the_scripts_are_clean_and_never_halt(machine: Machine) -> None:
    machine.boot()
    for script in (arm_script(END), machine.read(GUARD)):
        subprocess.run(["sh", "-n", "-c", script], check=True, timeout=20)
        assert "halt" not in script
    assert machine.read(GUARD).startswith("#!/bin/sh\n")


def test_a_boot_stores_the_end_and_a_later_one_keeps_it(machine: Machine) -> None:
    machine.boot()
    assert machine.read(STORED) == f"{BORN_END}\n"
    machine.write(STORED, f"{BORN_END + 7200}\n")
    machine.boot()
    assert machine.read(STORED) == f"{BORN_END + 7200}\n"


def test_an_image_made_from_a_leased_machine_does_not_carry_its_end(machine: Machine) -> None:
    machine.instance_id = "i-earlier"
    machine.boot()
    machine.write(STORED, f"{BORN_END - 86400}\n")
    machine.instance_id = "i-later"
    machine.boot()
    assert machine.read(STORED) == f"{BORN_END}\n"
    assert machine.look() == []


def test_an_end_that_could_not_be_stored_is_stored_by_the_next_boot(machine: Machine) -> None:
    machine.write(STORED, "")
    machine.boot()
    assert machine.read(STORED) == f"{BORN_END}\n"


@pytest.mark.parametrize(
    ("now", "stored", "calls"),
    [
        pytest.param(BORN_END - 1, None, [], id="a second before"),
        pytest.param(BORN_END, None, ["systemctl poweroff"], id="to the second"),
        pytest.param(BORN_END + 86400, None, ["systemctl poweroff"], id="slept through it"),
        pytest.param(BORN_END + 1, f"{BORN_END + 60}\n", [], id="extended"),
        pytest.param(BORN_END - 60, f"{BORN_END - 120}\n", ["systemctl poweroff"], id="shortened"),
        pytest.param(0, None, [], id="the clock is not set yet"),
        # A damaged end must not make the lease endless, nor end a machine at once.
        pytest.param(BORN_END, "tomorrow\n", ["systemctl poweroff"], id="damaged, over"),
        pytest.param(BORN_END - 1, "tomorrow\n", [], id="damaged, not over"),
        pytest.param(BORN_END, "", ["systemctl poweroff"], id="emptied, over"),
        pytest.param(BORN_END - 1, "", [], id="emptied, not over"),
    ],
)
def test_the_machine_is_powered_off_when_its_lease_is_over(
    machine: Machine, now: int, stored: str | None, calls: list[str]
) -> None:
    machine.boot()
    if stored is not None:
        machine.write(STORED, stored)
    machine.now = now
    assert machine.look() == calls


def test_a_lost_end_counts_as_the_first_one(machine: Machine) -> None:
    machine.boot()
    (machine.root / STORED).unlink()
    assert machine.look() == []
    machine.now = BORN_END
    assert machine.look() == ["systemctl poweroff"]


@pytest.mark.parametrize(
    ("systemctl", "poweroff", "calls"),
    [
        (0, 0, ["systemctl poweroff"]),
        (1, 0, ["systemctl poweroff", "poweroff"]),
        (1, 1, ["systemctl poweroff", "poweroff", "poweroff -f"]),
    ],
)
def test_a_way_that_fails_is_followed_by_a_harder_one(
    machine: Machine, systemctl: int, poweroff: int, calls: list[str]
) -> None:
    machine.boot()
    machine.now, machine.systemctl, machine.poweroff = BORN_END, systemctl, poweroff
    assert machine.look() == calls


def test_without_systemd_a_loop_looks_at_the_clock(machine: Machine) -> None:
    machine.boot()
    machine.now = BORN_END - 60
    machine.write("stop", str(BORN_END + 30))
    machine.sh(machine.read("loop"))
    times = [int(line.split()[0]) for line in machine.read("log").splitlines()]
    assert BORN_END <= times[0] <= BORN_END + 30
    assert not (machine.root / UNITS).with_suffix(".timer").exists()


def test_with_systemd_a_timer_looks_at_the_clock(machine: Machine) -> None:
    machine.write("run/systemd/system/.keep", "")
    machine.write(f"{UNITS}.timer", "")
    machine.boot()
    service, timer = (configparser.ConfigParser(interpolation=None) for _unit in range(2))
    service.read_string(machine.read(f"{UNITS}.service"))
    timer.read_string(machine.read(f"{UNITS}.timer"))
    assert shlex.split(service["Service"]["ExecStart"]) == [str(machine.root / GUARD)]
    assert (timer["Timer"]["OnActiveSec"], timer["Timer"]["OnUnitActiveSec"]) == ("1s", "30s")
    assert timer["Install"]["WantedBy"] == "timers.target"
    assert [line.partition(" ")[2] for line in machine.read("log").splitlines()] == [
        "systemctl daemon-reload",
        "systemctl enable gpgpu-lease.timer",
        "systemctl start --no-block gpgpu-lease.timer",
    ]
    assert machine.read("loop") == ""
