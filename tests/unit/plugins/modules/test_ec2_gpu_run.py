# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module's own part: the caller's address, and which names a removal takes."""

from __future__ import annotations

import io
import json
from email.message import Message
from typing import NoReturn
from urllib.error import HTTPError, URLError

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.modules import ec2_gpu_run

URL = "https://checkip.example.com"


def test_the_callers_address_is_what_the_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ec2_gpu_run, "open_url", lambda _url, timeout: io.BytesIO(b"192.0.2.7\n" + b"x" * timeout))
    assert ec2_gpu_run.ask_address(URL).startswith("192.0.2.7\n")


@pytest.mark.parametrize(
    "failure",
    [
        URLError("no route"),
        HTTPError(URL, 503, "busy", Message(), None),
        TimeoutError("timed out"),
        ConnectionResetError("reset"),
        # What urllib makes of a URL that is none.
        ValueError("unknown url type: 'nonsense'"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_a_page_that_does_not_answer_names_the_option(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    def refuse(_url: str, **_options: object) -> NoReturn:
        raise failure

    monkeypatch.setattr(ec2_gpu_run, "open_url", refuse)
    with pytest.raises(GpuError) as refused:
        ec2_gpu_run.ask_address(URL)
    assert refused.value.code == "caller_address_unknown"
    assert f"could not be read from {URL}" in str(refused.value)
    assert "Set gpu_allowed_cidrs to the addresses you log in from" in str(refused.value)


@pytest.mark.parametrize("run_id", ["my run", "", "*"])
def test_a_removal_takes_no_name_that_no_run_can_have(capsys: pytest.CaptureFixture[str], run_id: str) -> None:
    with patch_module_args({"run_id": run_id, "state": "absent", "region": "us-west-2"}), pytest.raises(SystemExit):
        ec2_gpu_run.main()
    result = json.loads(capsys.readouterr().out)
    assert (result["failed"], result["error_code"]) == (True, "bad_input")
    assert result["msg"].startswith(f"Run id '{run_id}' is not usable: ")
    assert result["msg"].endswith("Nothing was removed.")
