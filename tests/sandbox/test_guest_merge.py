# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cloud-configs are merged as cloud-init itself merges them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.hosts.merge import DEFAULT, merge, options_of
from sandbox.hosts.user_data import parse_user_data

RECORDED = json.loads((Path(__file__).parent / "fixtures/cloud_init_merges.json").read_text())


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case["how"])
def test_as_cloud_init_does(case: dict[str, Any]) -> None:
    old, new = copy.deepcopy(case["old"]), copy.deepcopy(case["new"])
    assert merge(old, new, options_of({}, case["how"])) == case["merged"]


@pytest.mark.parametrize(
    ("config", "header", "options"),
    [
        ({}, "", {"dict": ["replace"], "list": [], "str": []}),
        ({"merge_how": "list(prepend)"}, "", {"list": ["prepend"]}),
        ({"merge_type": "list(append)"}, "", {"list": ["append"]}),
        ({"merge_how": [{"name": "list", "settings": ["append"]}]}, "", {"list": ["append"]}),
        ({"merge_how": [["list", "append"]]}, "", {"list": ["append"]}),
        ({}, " List( Append ) + m_dict()", {"list": ["append"], "dict": []}),
        ({"merge_how": "list(append)"}, "list(prepend)", {"list": ["append"]}),
        ({"merge_how": ""}, "", {"dict": ["replace"], "list": [], "str": []}),
    ],
)
def test_how_a_config_wants_to_be_merged(config: dict[str, Any], header: str, options: dict[str, Any]) -> None:
    assert options_of(config, header) == options
    assert config == {}


def test_a_way_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="is no way to merge"):
        options_of({}, "prepend")


def test_the_default_replaces() -> None:
    assert merge({"bootcmd": ["a"]}, {"bootcmd": ["b"]}, options_of({}, DEFAULT)) == {"bootcmd": ["b"]}


def document(*parts: str) -> bytes:
    body = "".join(f"--edge\n{part}\n" for part in parts)
    return f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="edge"\n\n{body}--edge--\n'.encode()


def config(text: str, header: str = "") -> str:
    return f"Content-Type: text/cloud-config\n{header}\n#cloud-config\n{text}\n"


@pytest.mark.parametrize(
    ("parts", "bootcmd", "problems"),
    [
        pytest.param([config("bootcmd: [a]"), config("bootcmd: [b]")], ["b"], 0, id="the later part replaces"),
        pytest.param(
            [config("bootcmd: [a]"), config("bootcmd: [b]", "Merge-Type: dict(recurse_list)+list(prepend)\n")],
            ["b", "a"],
            0,
            id="unless it says otherwise",
        ),
        pytest.param([config("bootcmd: [a]"), config("[1]")], ["a"], 1, id="a part that is no mapping changes nothing"),
        pytest.param([config("bootcmd: [a]"), config("merge_how: [")], ["a"], 1, id="nor does one that is not YAML"),
        pytest.param([config("bootcmd: [a]"), config("merge_how: all")], ["a"], 1, id="nor one of an unknown way"),
        pytest.param([config("bootcmd: [a, {b: c}]")], [], 1, id="one bad command spoils them all"),
        pytest.param([config("bootcmd: [a, null, b]")], ["a", "b"], 0, id="a comment among commands"),
        pytest.param(
            ["Content-Type: text/x-shellscript\n\n #Cloud-Config\nbootcmd: [a]\n"],
            ["a"],
            0,
            id="it only looks like a script",
        ),
    ],
)
def test_parts_are_merged(parts: list[str], bootcmd: list[Any], problems: int) -> None:
    parsed = parse_user_data(document(*parts))
    assert (parsed.bootcmd, len(parsed.problems)) == (bootcmd, problems)
