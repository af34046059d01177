# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of the same name and shows what it does while it does it.

Ansible shows a module's result only at its end, which for a launch may be minutes of waiting in the dark. The module
appends lines to a private file, and a thread here shows each one as it comes. They go to standard error: it is never
held back in a buffer, and a program that reads standard output, for example JSON, stays undisturbed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

# How often the file is looked at, in seconds, how many lines one look may show, and how long a line may be.
LOOK_SECONDS = 0.5
LOOK_LINES = 20
LINE_CHARACTERS = 200


def as_shown(lines: list[str]) -> list[str]:
    """Lines fit for any terminal: printable ASCII, not too long, and not too many at a time."""
    plain = ["".join(letter if " " <= letter <= "~" else "?" for letter in line) for line in lines]
    shown = [line[:LINE_CHARACTERS] for line in plain[:LOOK_LINES]]
    more = len(plain) - len(shown)
    return [*shown, f"... and {more} more lines"] if more else shown


class Follower:
    """Shows what is appended to a file.

    Parameters:
        path: the file.
        show: takes one line.
    """

    def __init__(self, path: str, show: Callable[[str], None]) -> None:
        self._path = path
        self._show = show
        self._ended = Event()
        self._thread = Thread(target=self._follow, daemon=True)

    def start(self) -> None:
        """Follow the file from its start, in a thread."""
        self._thread.start()

    def end(self) -> None:
        """Show what is left, and come back when that is done."""
        self._ended.set()
        self._thread.join()

    def _follow(self) -> None:
        with open(self._path, encoding="utf-8", errors="replace") as file:
            unfinished = ""
            while True:
                last = self._ended.wait(LOOK_SECONDS)
                *lines, unfinished = (unfinished + file.read()).split("\n")
                for line in as_shown(lines):
                    self._show(line)
                if last:
                    return


@contextmanager
def followed_file(show: Callable[[str], None]) -> Iterator[str]:
    """A private file on the controller whose lines are shown as they come; gone afterwards."""
    handle, path = tempfile.mkstemp(prefix="gpgpu-progress-", dir=constants.DEFAULT_LOCAL_TMP)
    os.close(handle)
    follower = Follower(path, show)
    follower.start()
    try:
        yield path
    finally:
        follower.end()
        os.unlink(path)


class ActionModule(ActionBase):
    """The module itself, with its lines shown where module and controller share a filesystem."""

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module; its result is the module's own."""
        result = super().run(tmp, task_vars)
        in_background = self._task.async_val and not self._connection.has_native_async
        if self._can_follow():
            with followed_file(self._show) as path:
                module_args = {**self._task.args, "progress_file": path}
                result.update(self._execute_module(module_args=module_args, task_vars=task_vars))
        else:
            result.update(self._execute_module(task_vars=task_vars, wrap_async=in_background))
        if not in_background:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return result

    def _can_follow(self) -> bool:
        """Whether the module runs on this machine, before this task ends, and may be talked about."""
        own = self._task.args.get("progress_file")
        return self._connection.transport == "local" and not (own or self._task.async_val or self._task.no_log)

    def _show(self, line: str) -> None:
        Display().display(line, stderr=True)
