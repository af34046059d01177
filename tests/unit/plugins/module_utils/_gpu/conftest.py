# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host made of files and recorded answers, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.host import Completed, Host

RECORDED = Path(__file__).parents[3] / "fixtures" / "nvidia"

Programs = Mapping[str, Mapping[str, Completed]]


@pytest.fixture
def recorded() -> Callable[[str], str]:
    """Text of a recorded answer by its file name."""
    return lambda name: (RECORDED / name).read_text(encoding="utf-8")


@pytest.fixture
def make_host(tmp_path: Path) -> Callable[..., Host]:
    """Make a host of files (path: text), links (path: target) and programs (path: {arguments: answer})."""

    def make(
        files: Mapping[str, str] | None = None,
        links: Mapping[str, str] | None = None,
        programs: Programs | None = None,
    ) -> Host:
        answers = programs or {}
        for name, text in {**(files or {}), **dict.fromkeys(answers, "#!")}.items():
            path = tmp_path / name.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(0o755 if name in answers else 0o644)
        for name, target in (links or {}).items():
            path = tmp_path / name.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(target)

        def run(argv: Sequence[str]) -> Completed:
            return answers[argv[0]][" ".join(argv[1:])]

        return Host(root=tmp_path, folders=("/usr/local/bin", "/usr/bin"), run=run)

    return make
