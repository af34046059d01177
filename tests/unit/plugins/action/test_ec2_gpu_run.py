# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person sees what a launch does while it does it; every other way of running the task is left as it is.

The module of the plays here is a small one of the same name, run by ansible-playbook itself. It says a line and then
waits at a gate that opens when the line was seen, so a line that is shown too late ends in the time limit.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from queue import Queue
from threading import Timer
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from tools.shipped import ROOT

PLUGIN = ROOT / "plugins/action/ec2_gpu_run.py"
SECONDS = 60
TOLD = "12:00:03  attempt 2 of 20: g5.xlarge spot us-west-2b $0.48/h"
MODULE = """\
import os

from ansible.module_utils.basic import AnsibleModule

options = {"gate": {"type": "path"}, "line": {}, "fail": {"type": "bool"}, "progress_file": {"default": ""}}
module = AnsibleModule(argument_spec=options, supports_check_mode=True)
path = module.params["progress_file"]
rights = ""
if path:
    rights = oct(os.stat(path).st_mode)[-3:]
    with open(path, "a") as file:
        file.write(module.params["line"] + chr(10))
if module.params["gate"]:
    with open(module.params["gate"]) as gate:
        gate.read()
result = {"changed": True, "followed": path, "rights": rights, "checked": module.check_mode}
if module.params["fail"]:
    module.fail_json(msg="refused", **result)
module.exit_json(**result)
"""


def load_plugin() -> Any:
    spec = importlib.util.spec_from_file_location("plugin_under_test", PLUGIN)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


plugin = load_plugin()


def desk_at(folder: Path) -> Path:
    """A folder with a collection of the plugin and the small module."""
    plugins = folder / "ansible_collections/gpgpu/aws/plugins"
    (plugins / "modules").mkdir(parents=True)
    (plugins / "modules/ec2_gpu_run.py").write_text(MODULE)
    (plugins.parent / "meta").mkdir()
    (plugins.parent / "meta/runtime.yml").symlink_to(ROOT / "meta/runtime.yml")
    (plugins / "action").mkdir()
    (plugins / "action/ec2_gpu_run.py").symlink_to(PLUGIN)
    return folder


def start(desk: Path, tasks: list[dict[str, Any]]) -> subprocess.Popen[str]:
    """Run a play, for a limited time, whose last task writes down what the others registered."""
    results = "{{ [" + ", ".join(task["register"] for task in tasks) + "] }}"
    note = {"ansible.builtin.copy": {"content": results, "dest": str(desk / "noted"), "mode": "0600"}}
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [*tasks, note]}
    (desk / "play.yml").write_text(yaml.safe_dump([play]))
    (desk / "ansible.cfg").touch()
    paths = {"COLLECTIONS_PATH": desk, "CONFIG": desk / "ansible.cfg", "HOME": desk / "home"}
    # Else a home of the environment that is not the user's own is asked for in two ways.
    settings = {**paths, "ASYNC_DIR": desk / "async", "FORCE_COLOR": 0}
    environment = {**os.environ, **{f"ANSIBLE_{name}": str(value) for name, value in settings.items()}}
    process = subprocess.Popen(
        [sys.executable, "-m", "ansible", "playbook", "play.yml"],
        cwd=desk,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    limit = Timer(SECONDS, process.kill)
    limit.daemon = True
    limit.start()
    return process


def task(register: str, line: str, options: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    return {"gpgpu.aws.ec2_gpu_run": {"line": line, **options}, "register": register, **words}


def noted(desk: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load((desk / "noted").read_text()))


def test_a_line_is_seen_while_the_module_still_runs(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    play = start(desk_at(tmp_path), [task("rented", TOLD, {"gate": str(gate)}, {})])
    assert play.stderr
    seen = next((line for line in play.stderr if line == TOLD + "\n"), "")
    assert seen, "the play ended before it showed the line"
    gate.write_text("seen")
    output, _errors = play.communicate()
    assert play.returncode == 0, output
    assert TOLD not in output
    result = noted(tmp_path)[0]
    assert result["rights"] == "600"
    assert not Path(result["followed"]).exists()


# A way of running the task: its options, its keywords, and whether its line is shown.
WAYS: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "check_mode": ({}, {"check_mode": True}, True),
    "delegated_to_this_machine": ({}, {"delegate_to": "localhost"}, True),
    "failing_by_a_default": (
        {},
        {"module_defaults": {"group/gpgpu.aws.aws": {"fail": True}}, "failed_when": False},
        True,
    ),
    "in_the_background": ({}, {"async": 30, "poll": 1}, False),
    "not_to_be_talked_about": ({}, {"no_log": True}, False),
}


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[dict[str, Any], bool]]:
    """The result of each way, and whether its line was shown."""
    desk = desk_at(tmp_path_factory.mktemp("desk"))
    play = start(desk, [task(name, f"this is {name}", options, words) for name, (options, words, _) in WAYS.items()])
    _output, errors = play.communicate()
    return {name: (result, f"this is {name}\n" in errors) for name, result in zip(WAYS, noted(desk), strict=True)}


@pytest.mark.parametrize("name", WAYS)
def test_every_way_of_running_the_task_goes_on_working(name: str, ways: dict[str, tuple[dict[str, Any], bool]]) -> None:
    result, shown = ways[name]
    assert (shown, bool(result["followed"])) == (WAYS[name][2], WAYS[name][2])
    assert (result["changed"], result["checked"]) == (True, name == "check_mode")
    assert ("msg" in result) == (name == "failing_by_a_default")
    assert not result["followed"] or not Path(result["followed"]).exists()


@pytest.mark.parametrize(
    ("transport", "options", "in_background", "no_log", "can"),
    [
        ("local", {}, 0, False, True),
        ("ssh", {}, 0, False, False),
        ("local", {"progress_file": "/tmp/own"}, 0, False, False),
        ("local", {}, 30, False, False),
        ("local", {}, 0, True, False),
    ],
)
def test_only_a_module_on_this_machine_is_followed(
    transport: str, options: dict[str, str], in_background: int, no_log: bool, can: bool
) -> None:
    action = object.__new__(plugin.ActionModule)
    action._task = SimpleNamespace(args=options, async_val=in_background, no_log=no_log)
    action._connection = SimpleNamespace(transport=transport)
    assert action._can_follow() == can


def test_lines_come_whole_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugin, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(plugin.constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    seen: Queue[str] = Queue()
    with plugin.followed_file(seen.put) as path, open(path, "a", encoding="utf-8") as file:
        print("one", file=file, flush=True)
        assert seen.get(timeout=SECONDS) == "one"
        print("tw", end="", file=file, flush=True)
        print("o\nthree", file=file, flush=True)
        assert (seen.get(timeout=SECONDS), seen.get(timeout=SECONDS)) == ("two", "three")
        print("last", file=file, flush=True)
    assert seen.get_nowait() == "last"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (["a b", "c"], ["a b", "c"]),
        (["\x1b[2Jgone \u20ac"], ["?[2Jgone ?"]),
        (["x" * 999], ["x" * plugin.LINE_CHARACTERS]),
        (["a"] * 20, ["a"] * 20),
        (["a"] * 25, [*["a"] * 20, "... and 5 more lines"]),
        ([], []),
    ],
)
def test_lines_are_fit_for_any_terminal(lines: list[str], shown: list[str]) -> None:
    assert plugin.as_shown(lines) == shown
