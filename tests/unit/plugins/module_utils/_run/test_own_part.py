# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's own user data: what is refused, and why."""

from __future__ import annotations

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._run.own_part import own_parts, own_problems


def multipart(*parts: tuple[str, str]) -> str:
    body = "".join(f"--edge\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts)
    return f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="edge"\n\n{body}--edge--\n'


def config(text: str) -> str:
    return f"#cloud-config\n{text}\n"


SCRIPT = "#!/bin/sh\ntrue\n"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", []),
        (SCRIPT, ["text/x-shellscript"]),
        (config("runcmd: [a]"), ["text/cloud-config"]),
        (config("bootcmd: [a, [b, c], null]"), ["text/cloud-config"]),
        (config("users: [default, {name: eva}]"), ["text/cloud-config"]),
        (config("power_state: {mode: poweroff}"), ["text/cloud-config"]),
        (config("write_files: [{path: /opt/x, content: y}]"), ["text/cloud-config"]),
        ("  #Cloud-Config\nruncmd: [a]\n", ["text/cloud-config"]),
        (
            multipart(("text/x-shellscript-per-boot", SCRIPT), ("text/plain", config("runcmd: [a]"))),
            ["text/x-shellscript-per-boot", "text/cloud-config"],
        ),
    ],
)
def test_what_is_taken(text: str, kinds: list[str]) -> None:
    assert own_problems(text) == []
    assert [part.kind for part in own_parts(text)] == kinds


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("echo hi\n", "neither a #cloud-config nor a script"),
        ("#cloud-boothook\ntrue\n", "runs before the lease timer is armed"),
        ("#include\nhttp://192.0.2.1/x\n", "what it fetches can't be checked"),
        ("#include-once http://192.0.2.1/x\n", "what it fetches can't be checked"),
        ("#part-handler\n", "take the part that arms the lease timer"),
        ("#cloud-config-archive\n[]\n", "as MIME multipart"),
        ("#cloud-config-jsonp\n[]\n", "take the lease timer out"),
        ("## template: jinja\n#cloud-config\n", "not known before the machine boots"),
        (multipart(("text/cloud-config", "## template: jinja\n#cloud-config\n")), "not known before the machine boots"),
        (multipart(("text/x-shellscript", "#cloud-boothook\ntrue\n")), "runs before the lease timer is armed"),
        (multipart(("application/gzip", "x")), "neither a #cloud-config nor a script"),
        (
            'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="e"\n\n--e--\n',
            "neither a #cloud-config nor a script",
        ),
        (config("a: ["), "it is not YAML"),
        (config("[1]"), "it is not a mapping"),
        (config(""), "it is not a mapping"),
        (config("bootcmd: echo"), "bootcmd is not a list"),
        (config("bootcmd:"), "bootcmd is not a list"),
        (config("bootcmd: [{a: b}]"), "bootcmd has a command that is neither a list nor a string"),
        (config("bootcmd: [[systemctl, mask, gpgpu-lease.timer]]"), "it names gpgpu-lease"),
        ("#!/bin/sh\nrm -r /etc/gpgpu\n", "it names /etc/gpgpu"),
        (config("write_files: [{path: /etc/ssh/ssh_host_ed25519_key}]"), "it names /etc/ssh/ssh_host_"),
        (config("ssh_keys: {}"), "ssh_keys: the host key is made by the launch"),
        (config("ssh_deletekeys: false"), "ssh_deletekeys: the host key is made by the launch"),
        (config("cloud_init_modules: []"), "cloud_init_modules: it can leave out the module"),
        (config("cloud_config_modules: []"), "cloud_config_modules: it can leave out the module"),
        (config("cloud_final_modules: []"), "cloud_final_modules: it can leave out the module"),
        (config("system_info: {}"), "system_info: it changes the login user"),
        (config("user: eva"), "user: it changes the login user"),
        (config("users: [eva]"), "users: the login user is lost"),
        (config("allow_public_ssh_keys: false"), "the key pair of the run"),
        (config("power_state: {mode: halt}"), "a halted machine is billed on"),
    ],
)
def test_what_is_refused_says_why(text: str, problem: str) -> None:
    (told,) = own_problems(text)
    assert problem in told


def test_every_problem_is_told_with_its_part() -> None:
    told = own_problems(
        multipart(("text/x-shellscript", SCRIPT), ("text/cloud-config", config("ssh_keys: {}\nuser: x")))
    )
    assert [sentence[:25] for sentence in told] == ["Part 2 of the user data (", "Part 2 of the user data ("]
    assert all("(gpu_user_data)" in sentence for sentence in told)
