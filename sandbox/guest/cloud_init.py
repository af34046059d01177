# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry out user data as cloud-init does on EC2, in two stages.

`early` runs at every boot before sshd: bootcmd, and at the first boot write_files and host keys.
`late` runs beside sshd: at the first boot scripts and runcmd. A command that fails is shown on the
console and never keeps anyone from logging in.
https://docs.cloud-init.io/en/latest/explanation/boot.html
"""

from __future__ import annotations

import base64
import gzip
import json
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sandbox.guest.plan import SYSTEM_PATH, BootPlan, read_plan

INSTANCE = Path("/var/lib/cloud/instance")
RUN_DIR = Path("/run/cloud-init")
SSH_DIR = Path("/etc/ssh")
KEY_TYPES = ("ed25519", "ecdsa", "rsa")


def say(text: str) -> None:
    """Print a line on the console."""
    print(text, flush=True)


class Stage:
    """One stage of one boot: what it found wrong ends in result.json."""

    def __init__(self, plan: BootPlan) -> None:
        self.plan = plan
        self.data = plan.user_data
        self.instance = INSTANCE.parent / "instances" / plan.instance_id
        self.errors: list[str] = []

    def early(self) -> None:
        """Everything that must have happened before anyone can log in."""
        _announce("init")
        (self.instance / "scripts").mkdir(parents=True, exist_ok=True)
        (self.instance / "sem").mkdir(exist_ok=True)
        if not INSTANCE.is_symlink():
            INSTANCE.symlink_to(self.instance)
        for problem in self.data.problems:
            self._fail("user-data", problem)
        if self.data.bootcmd:
            self._run("bootcmd", shell_script(self.data.bootcmd))
        if self._once("config_write_files"):
            for entry in self.data.write_files:
                self._attempt(f"write_files {entry.get('path')}", partial(write_file, entry))
        if self._once("config_ssh"):
            self._attempt("ssh keys", lambda: install_host_keys(self.data.ssh_deletekeys, self.data.ssh_keys))
        show_host_keys()
        self._keep_errors()

    def late(self) -> None:
        """Everything that may take its time."""
        _announce("modules:final")
        self.errors = json.loads((RUN_DIR / "errors.json").read_text(encoding="utf-8"))
        if self._once("config_scripts_user"):
            for number, script in enumerate(self.data.scripts, 1):
                self._run(f"part-{number:03d}", script)
            if self.data.runcmd:
                self._run("runcmd", shell_script(self.data.runcmd))
        self._finish()

    def _once(self, name: str) -> bool:
        """True at the first boot of the instance only."""
        semaphore = self.instance / "sem" / name
        first = not semaphore.exists()
        semaphore.touch()
        return first

    def _run(self, name: str, script: str) -> None:
        path = self.instance / "scripts" / name
        path.write_text(script, encoding="utf-8")
        path.chmod(0o700)
        environment = {**self.plan.environment, "PATH": SYSTEM_PATH, "HOME": "/root"}
        environment["INSTANCE_ID"] = self.plan.instance_id  # as cloud-init gives it to its commands
        run = partial(subprocess.run, [str(path)], stdin=subprocess.DEVNULL, env=environment, cwd="/", check=True)
        self._attempt(name, run)

    def _attempt(self, name: str, action: Callable[[], object]) -> None:
        try:
            action()
        except (OSError, ValueError, KeyError, LookupError, subprocess.CalledProcessError) as error:
            self._fail(name, str(error))

    def _fail(self, name: str, text: str) -> None:
        say(f"{time.strftime('%Y-%m-%d %H:%M:%S,000')} - cloud_init.py[WARNING]: Failed to run {name}: {text}")
        self.errors.append(f"{name}: {text}")

    def _keep_errors(self) -> None:
        RUN_DIR.mkdir(parents=True, exist_ok=True)
        (RUN_DIR / "errors.json").write_text(json.dumps(self.errors), encoding="utf-8")

    def _finish(self) -> None:
        up = time.clock_gettime(time.CLOCK_BOOTTIME)
        stamp = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
        say(f"Cloud-init v. SANDBOX finished at {stamp}. Datasource DataSourceEc2Local.  Up {up:.2f} seconds")
        (INSTANCE / "boot-finished").write_text(f"{up:.2f} - {stamp} - v. SANDBOX\n", encoding="utf-8")
        result = {"v1": {"datasource": "DataSourceEc2Local", "errors": self.errors}}
        draft = RUN_DIR / "result.json.draft"
        draft.write_text(json.dumps(result, indent=1), encoding="utf-8")
        draft.replace(RUN_DIR / "result.json")


def shell_script(commands: list[Any]) -> str:
    """Return commands as one script: a list is run as it stands, a string by the shell."""
    lines = [shlex.join(map(str, item)) if isinstance(item, list) else str(item) for item in commands]
    return "\n".join(["#!/bin/sh", *lines, ""])


_DECODERS: Mapping[str, Callable[[str], bytes]] = {
    "text/plain": lambda text: text.encode(),
    "b64": base64.b64decode,
    "base64": base64.b64decode,
    "gz+b64": lambda text: gzip.decompress(base64.b64decode(text)),
    "gz+base64": lambda text: gzip.decompress(base64.b64decode(text)),
}


def write_file(entry: Mapping[str, Any]) -> None:
    """Write one file of write_files.

    Raises:
        KeyError: no path, or an encoding that doesn't exist.
        LookupError: its owner doesn't exist.
    """
    path = Path(entry["path"])
    content = _DECODERS[entry.get("encoding", "text/plain")](entry.get("content", ""))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab" if entry.get("append") else "wb") as file:
        file.write(content)
    mode = entry.get("permissions", 0o644)
    path.chmod(mode if isinstance(mode, int) else int(mode, 8))
    user, _, group = entry.get("owner", "root:root").partition(":")
    shutil.chown(path, user, group or user)


def install_host_keys(delete: bool, given: Mapping[str, str]) -> None:
    """Install the host keys of user data, or make one where none is given or found.

    Raises:
        subprocess.CalledProcessError: ssh-keygen failed.
    """
    for old in SSH_DIR.glob("ssh_host_*key*") if delete else ():
        old.unlink()
    for kind in KEY_TYPES:
        for part, suffix, mode in (("private", "", 0o600), ("public", ".pub", 0o644)):
            text = given.get(f"{kind}_{part}")
            if text:
                path = SSH_DIR / f"ssh_host_{kind}_key{suffix}"
                path.touch(mode=mode)
                path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    key = SSH_DIR / "ssh_host_ed25519_key"
    if not key.exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)


def show_host_keys() -> None:
    """Print the public host keys as EC2's console shows them, so that a caller can verify a host."""
    public = sorted(SSH_DIR.glob("ssh_host_*_key.pub"))
    edge = "#" * 61
    say(f"ec2: {edge}\nec2: -----BEGIN SSH HOST KEY FINGERPRINTS-----")
    for path in public:
        done = subprocess.run(["ssh-keygen", "-l", "-f", str(path)], capture_output=True, text=True, check=False)
        say(f"ec2: {done.stdout.strip()}")
    say(f"ec2: -----END SSH HOST KEY FINGERPRINTS-----\nec2: {edge}")
    say("-----BEGIN SSH HOST KEY KEYS-----")
    for path in public:
        say(path.read_text(encoding="utf-8").strip())
    say("-----END SSH HOST KEY KEYS-----")


def _announce(stage: str) -> None:
    stamp = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
    say(f"Cloud-init v. SANDBOX running '{stage}' at {stamp}.")


def main(argv: list[str]) -> int:
    """Run the stage named by the only argument."""
    stage = Stage(read_plan())
    {"early": stage.early, "late": stage.late}[argv[1]]()
    return 0
