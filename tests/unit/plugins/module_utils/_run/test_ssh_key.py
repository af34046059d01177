# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys are made and read by OpenSSH itself; a key file that can't be used says why."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ssh_key import (
    default_key_file,
    forget_keys,
    make_host_key,
    make_key,
    read_public_key,
    trust_hosts,
)


def run(words: list[str]) -> tuple[int, str, str]:
    """Run a command as a module does."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=20)
    return done.returncode, done.stdout, done.stderr


def test_a_key_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "region" / "run" / "id_ed25519"
    make_key(str(path), "gpgpu-r1", run)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.with_suffix(".pub").read_text().startswith("ssh-ed25519 AAAA")
    assert path.with_suffix(".pub").read_text().strip().endswith(" gpgpu-r1")


def test_the_key_of_a_run_is_named_by_region_and_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert default_key_file("us-west-2", "r1") == "/home/ada/.ssh/gpgpu/us-west-2/r1/id_ed25519"


def test_host_keys_are_trusted_and_no_others(tmp_path: Path) -> None:
    path = tmp_path / "region" / "run" / "known_hosts"
    for keys in (["192.0.2.1 ssh-ed25519 AAAA\n", "192.0.2.2 ssh-ed25519 BBBB\n"], ["192.0.2.3 ssh-ed25519 CCCC\n"]):
        trust_hosts([{"known_hosts_file": str(path), "known_hosts_line": key} for key in keys])
        assert path.read_text() == "".join(keys)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_keys_that_can_not_be_forgotten_are_named(tmp_path: Path) -> None:
    with pytest.raises(GpuError, match=f"The keys in {tmp_path}/none could not be removed") as refused:
        forget_keys(str(tmp_path / "none"))
    assert refused.value.code == "keys_left"


def test_a_host_key_is_new_each_time_and_stays_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    first, second = make_host_key("r1", run), make_host_key("r1", run)
    assert first.private.startswith("-----BEGIN OPENSSH PRIVATE KEY-----\n")
    assert first.public.startswith("ssh-ed25519 AAAA")
    assert len(first.public.split()) == 2, "no comment: the tag holds type and key"
    assert first.public != second.public
    assert list(tmp_path.iterdir()) == []


def test_the_halves_of_a_host_key_belong_together(tmp_path: Path) -> None:
    key = make_host_key("r1", run)
    path = tmp_path / "key"
    path.touch(mode=0o600)
    path.write_text(key.private)
    assert " ".join(read_public_key(str(path), run).split()[:2]) == key.public


def test_the_public_half_beside_a_key_is_read(tmp_path: Path) -> None:
    (tmp_path / "key").touch(mode=0o600)
    (tmp_path / "key").write_text("not looked at")
    (tmp_path / "key.pub").write_text("ssh-ed25519 AAAA ada\n")
    assert read_public_key(str(tmp_path / "key"), run) == "ssh-ed25519 AAAA ada"


def test_a_missing_key_file_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(GpuError) as refused:
        read_public_key(str(tmp_path / "none"), run)
    assert refused.value.code == "key_file_missing"
    assert str(refused.value) == (
        f"Key file {tmp_path}/none does not exist. "
        "Name an existing private key with gpu_key_file, or leave it out and a key is made for the run."
    )


@pytest.mark.parametrize("kind", ["nonsense", "passphrase", "folder"])
def test_a_key_file_that_can_not_be_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "key"
    if kind == "folder":
        path.mkdir()
    elif kind == "nonsense":
        path.touch(mode=0o600)
        path.write_text("nonsense")
    else:
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret words", "-f", str(path)])
        path.with_suffix(".pub").unlink()
    with pytest.raises(GpuError) as refused:
        read_public_key(str(path), run)
    assert refused.value.code == "key_file_unreadable"
    assert str(refused.value).endswith(f"Put the public key beside it, in {path}.pub.")


def test_a_public_key_is_no_key_file(tmp_path: Path) -> None:
    with pytest.raises(
        GpuError, match=rf"the private one is wanted\. Set gpu_key_file to {tmp_path}/key\.$"
    ) as refused:
        read_public_key(str(tmp_path / "key.pub"), run)
    assert refused.value.code == "key_file_public"


@pytest.mark.parametrize("public", [True, False])
def test_a_key_file_that_ssh_would_refuse_is_refused_before_the_purchase(tmp_path: Path, public: bool) -> None:
    path = tmp_path / "key"
    make_key(str(path), "c", run)
    path.chmod(0o644)
    if not public:
        path.with_suffix(".pub").unlink()
    with pytest.raises(GpuError, match=rf"open to others \(mode 0644\).*Run: chmod 600 {path}$") as refused:
        read_public_key(str(path), run)
    assert refused.value.code == "key_file_open"
    path.chmod(0o600)
    assert read_public_key(str(path), run).startswith("ssh-ed25519 AAAA")


def test_a_missing_ssh_keygen_is_named(tmp_path: Path) -> None:
    with pytest.raises(GpuError, match=r"could not make .*: not found\. Install the OpenSSH client\."):
        make_key(str(tmp_path / "k"), "c", lambda _words: (127, "", "not found\n"))
