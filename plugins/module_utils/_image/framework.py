# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images with a framework: which versions are published, and the newest of them. Pure.

Their parameters are pinned to a version and disappear with it, and there is none named "latest" for all versions:
https://docs.aws.amazon.com/dlami/latest/devguide/ (read 2026-11-23).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ansible_collections.gpgpu.aws.plugins.module_utils._driver.words import as_numbers
from ansible_collections.gpgpu.aws.plugins.module_utils._image.family import FAMILIES, Source


def published(names: Iterable[str], family: str, architecture: str) -> list[tuple[str, str]]:
    """The versions and systems of a family that parameters name.

    Parameters:
        names: names of public parameters.
        architecture: EC2's name.

    Returns:
        version and system, the newest version first; within a version in the order of the family's systems.
    """
    listed = list(names)
    found = [
        (version, system)
        for system, source in FAMILIES[family].items()
        for version in _versions(listed, source, architecture)
    ]
    return sorted(found, key=lambda one: as_numbers(one[0]), reverse=True)


def choose(found: list[tuple[str, str]], family: str, system: str) -> tuple[str, str] | None:
    """The newest version of a system; of the family's first system that has any when none is named."""
    wanted = [system] if system else list(FAMILIES[family])
    for name in wanted:
        for version, one in found:
            if one == name:
                return version, one
    return None


def _versions(names: list[str], source: Source, architecture: str) -> list[str]:
    word = dict(source.arch_words).get(architecture, "")
    pattern = re.escape(source.parameter.replace("{arch}", word)).replace(re.escape("{version}"), r"(\d+\.\d+)")
    return [found[1] for name in names for found in [re.fullmatch(pattern, name)] if found]
