# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SSH keys, made and read by OpenSSH's own ssh-keygen, and the folder that holds those of a run."""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._run.user_data import HostKey

# Runs a command: (exit status, stdout, stderr).
Runner = Callable[[list[str]], tuple[int, str, str]]


def run_folder(region: str, run_id: str) -> str:
    """Where the keys of a run are kept on this machine; all of it can be lost without losing the run."""
    return os.path.expanduser(f"~/.ssh/gpgpu/{region}/{run_id}")


def regions_of_keys(run_id: str) -> list[str]:
    """The regions in which this machine has launched a run that it has not torn down; only a hint where to look."""
    return sorted(os.path.basename(os.path.dirname(folder)) for folder in glob.glob(run_folder("*", run_id)))


def default_key_file(region: str, run_id: str) -> str:
    """The private key made for a run."""
    return os.path.join(run_folder(region, run_id), "id_ed25519")


def trust_hosts(hosts: Sequence[Mapping[str, Any]]) -> None:
    """Write the run's known_hosts file: the keys that its machines were born with, and no others.

    Parameters:
        hosts: the machines of a run, at least one, as host.py describes them.
    """
    path = hosts[0]["known_hosts_file"]
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    with open(path, "w", encoding="ascii", opener=partial(os.open, mode=0o600)) as file:
        file.writelines(host["known_hosts_line"] for host in hosts)


def forget_keys(folder: str) -> None:
    """Remove the folder of a run.

    Raises:
        GpuError: it can't be removed.
    """
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise GpuError(
            f"The keys in {folder} could not be removed: {error}",
            "Nothing is left on AWS; remove the folder by hand.",
            "keys_left",
        ) from error


def make_key(path: str, comment: str, run: Runner) -> None:
    """Make an Ed25519 key pair without a passphrase, readable by its owner alone.

    Raises:
        GpuError: ssh-keygen is missing or failed.
    """
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    status, _out, error = run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", path])
    if status != 0:
        raise GpuError(
            f"ssh-keygen could not make {path}: {error.strip()}", "Install the OpenSSH client.", "ssh_keygen"
        )


def make_host_key(run_id: str, run: Runner) -> HostKey:
    """A host key for the machines of one purchase; nothing of it stays on this disk."""
    with tempfile.TemporaryDirectory(prefix="gpgpu-") as folder:
        path = os.path.join(folder, "host_key")
        make_key(path, f"gpgpu-{run_id}", run)
        with open(path, encoding="ascii") as private, open(f"{path}.pub", encoding="ascii") as public:
            return HostKey(private.read(), " ".join(public.read().split()[:2]))


def read_public_key(path: str, run: Runner) -> str:
    """The public half of a private key file.

    Raises:
        GpuError: the file is missing, open to others, no private key, or has a passphrase and no .pub file beside it.
    """
    if path.endswith(".pub"):
        raise GpuError(
            f"{path} is a public key and the private one is wanted",
            f"Set gpu_key_file to {path.removesuffix('.pub')}.",
            "key_file_public",
        )
    if not os.path.exists(path):
        raise GpuError(
            f"Key file {path} does not exist",
            "Name an existing private key with gpu_key_file, or leave it out and a key is made for the run.",
            "key_file_missing",
        )
    found = os.stat(path)
    if found.st_uid == os.getuid() and found.st_mode & 0o077 and os.path.isfile(path):
        raise GpuError(
            f"Key file {path} is open to others (mode {found.st_mode & 0o777:04o}), and ssh refuses such a key",
            f"Run: chmod 600 {path}",
            "key_file_open",
        )
    if os.path.exists(f"{path}.pub"):
        with open(f"{path}.pub", encoding="utf-8") as public:
            return public.read().strip()
    status, out, error = run(["ssh-keygen", "-y", "-P", "", "-f", path])
    if status != 0:
        raise GpuError(
            f"Key file {path} could not be read: {error.strip()}",
            f"Put the public key beside it, in {path}.pub.",
            "key_file_unreadable",
        )
    return out.strip()
