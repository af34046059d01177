# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A missing prerequisite is named with the command that installs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.shipped import ROOT

TOOLS = ("sh", "id", "sort", "tr", "basename")
PROGRAMS = ("git", "make", "ssh", "ssh-keygen", "sshd", "python3")
WORKING = "#!/bin/sh\nexit 0\n"
OLD_PYTHON = '#!/bin/sh\n[ "$1" = -V ] && echo Python 3.9.18 && exit 0\nexit 1\n'
PYTHON_WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\n'
SUDO = "" if os.getuid() == 0 else "sudo "

MISSING = {
    "git": ("git", "", "apt-get", "git", "apt-get install git\n"),
    "make on Fedora": ("make", "", "dnf", "make", "dnf install make\n"),
    "client": ("ssh", "", "apt-get", "OpenSSH client", "apt-get install openssh-client\n"),
    "client on Fedora": ("ssh-keygen", "", "dnf", "OpenSSH client", "dnf install openssh-clients\n"),
    "server": ("sshd", "", "apt-get", "OpenSSH server", "apt-get install openssh-server\n"),
    "Python": ("python3", "", "apt-get", "Python 3.11 or newer (python3)", "apt-get install python3 python3-venv\n"),
    "newer Python": ("python3", OLD_PYTHON, "dnf", "python3 is Python 3.9.18", "dnf install python3.12\n"),
    "venv": ("python3", PYTHON_WITHOUT_VENV, "apt-get", "Python's venv", "apt-get install python3-venv\n"),
}


def write_program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Make a folder for PATH that has everything, and nothing of the real machine but a few tools."""
    for tool in TOOLS:
        (tmp_path / tool).symlink_to(str(shutil.which(tool)))
    for program in PROGRAMS:
        write_program(tmp_path / program, WORKING)
    return tmp_path


def check(machine: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(machine), "SBIN": "", **variables}
    command = [machine / "sh", ROOT / "tools/check_prerequisites"]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_complete_machine_passes_in_silence(machine: Path) -> None:
    done = check(machine)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(("program", "instead", "manager", "name", "command"), MISSING.values(), ids=MISSING.keys())
def test_missing_program_is_named(
    machine: Path, program: str, instead: str, manager: str, name: str, command: str
) -> None:
    write_program(machine / manager, WORKING)
    (machine / program).unlink()
    if instead:
        write_program(machine / program, instead)
    done = check(machine)
    assert done.returncode == 1
    assert name in done.stderr
    assert done.stderr.endswith(f"Install with:  {SUDO}{command}")


def test_all_that_is_missing_is_one_command(machine: Path) -> None:
    write_program(machine / "apt-get", WORKING)
    for program in ("git", "ssh", "ssh-keygen", "sshd"):
        (machine / program).unlink()
    assert "apt-get install git openssh-client openssh-server\n" in check(machine).stderr


def test_unknown_package_manager_gets_names(machine: Path) -> None:
    (machine / "sshd").unlink()
    assert "(on Fedora: openssh-server)" in check(machine).stderr


def test_server_is_found_outside_path(machine: Path) -> None:
    sbin = machine / "sbin"
    sbin.mkdir()
    (machine / "sshd").rename(sbin / "sshd")
    assert check(machine, SBIN=str(sbin)).returncode == 0


def test_other_python_may_be_named(machine: Path) -> None:
    (machine / "python3").unlink()
    assert check(machine, PYTHON=sys.executable).returncode == 0
