# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small memory beside the person: round trips and refusals of the last minutes. Losing it harms nothing."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

# How long a hint is believed, in seconds.
LIFE_SECONDS = 15 * 60
# A folder that can't be used, and a user without a home, as in a container under any number.
NO_CACHE = (OSError, RuntimeError)


def cache_folder() -> Path:
    """Where hints are kept.

    https://specifications.freedesktop.org/basedir-spec/latest/
    """
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gpgpu"


def recall(name: str) -> dict[str, float]:
    """The values of a kind of hint that are young enough, by their key; empty when there are none."""
    oldest = time.time() - LIFE_SECONDS
    return {key: value for key, (value, when) in _read(name).items() if when >= oldest}


def remember(name: str, values: Mapping[str, float]) -> None:
    """Add hints of now. Having nowhere to keep them is no failure."""
    now = time.time()
    kept = {key: row for key, row in _read(name).items() if row[1] >= now - LIFE_SECONDS}
    rows = {**kept, **{key: (value, now) for key, value in values.items()}}
    with suppress(*NO_CACHE):
        folder = cache_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=folder, prefix=f"{name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(rows, file)
        # Replaced in one step, so that a reader beside us never sees half a file.
        os.replace(path, folder / f"{name}.json")


def _read(name: str) -> dict[str, tuple[float, float]]:
    try:
        rows = json.loads((cache_folder() / f"{name}.json").read_text(encoding="utf-8"))
        return {str(key): (float(value), float(when)) for key, (value, when) in rows.items()}
    except (*NO_CACHE, ValueError, TypeError, AttributeError):
        return {}


def remember_refusal(instance_type: str, region: str, zone: str, market: str) -> None:
    """Note that AWS had no such machine just now.

    Parameters:
        zone: empty when AWS could choose the zone.
    """
    remember("refusals", {_key(instance_type, region, zone, market): 1.0})


def refused_recently(refusals: Mapping[str, float], instance_type: str, region: str, zone: str, market: str) -> bool:
    """Whether AWS had no such machine in the last minutes, in its zone or in any.

    Parameters:
        refusals: what `recall("refusals")` answers.
    """
    return any(_key(instance_type, region, one, market) in refusals for one in dict.fromkeys((zone, "")))


def _key(*words: str) -> str:
    return "|".join(words)
