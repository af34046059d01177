# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words that a requirement may use, and the nearest one to a word that is none of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from ansible_collections.gpgpu.aws.plugins.module_utils._offer.city import CITIES
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.gpu_model import (
    ARCHITECTURES as GPU_ARCHITECTURES,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.gpu_model import (
    CAPABILITIES,
    MODELS,
    architecture_named,
    model_named,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.retired import CURRENT, RETIRED, refuse_type

ARCHITECTURES = ("x86_64", "arm64")
MARKETS = ("spot", "on-demand", "capacity-block")
REGIONS: tuple[str, ...] = tuple(CITIES)
_VERSION = re.compile(r"(\d{1,2})\.(\d)")
_ZONE = re.compile(r"(?P<region>[a-z]+(?:-[a-z]+)+-\d+)(?P<zone>[a-z]|-[a-z]+-\d+[a-z])")
# Words that people use and no list has, by what they mean; and cities, by their region.
_SYNONYMS = {"amd64": "x86_64", "x86": "x86_64", "intel": "x86_64", "aarch64": "arm64", "ondemand": "on-demand"}
_SYNONYMS.update({city.lower(): region for region, (city, _north, _east) in reversed(CITIES.items())})
# Below this share of equal letters two words do not look alike.
_LIKENESS = 0.5


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that a word most looks like, of several the first; empty when none does."""
    meant = _SYNONYMS.get(word.lower(), word.lower())
    likeness = {one: SequenceMatcher(None, meant, one.lower()).ratio() for one in known}
    best = max(likeness, key=lambda one: likeness[one], default="")
    return best if likeness.get(best, 0) >= _LIKENESS else ""


def unknown(what: str, word: str, known: Sequence[str], variable: str) -> list[str]:
    """The problem of a word that is not among the known ones; none for an empty word."""
    if not word or word in known:
        return []
    near = nearest(word, known)
    hint = f"did you mean {near}? " if near else ""
    listed = f"Known are {', '.join(known)}." if len(known) <= 20 else ""
    return [f"{what} '{word}' is unknown: {hint}Set {variable}. {listed}".strip()]


def type_problems(names: Iterable[str]) -> list[str]:
    """Problems of exact instance types that are certain without asking AWS: the table of sizes may lag behind it."""
    found = []
    for name in names:
        family = name.split(".", 1)[0]
        if family in RETIRED or not re.fullmatch(r"[a-z0-9-]+\.[a-z0-9-]+", name):
            found.append(str(refuse_type(name, "every region")))
    return found


def model_problems(names: Iterable[str]) -> list[str]:
    """Problems of words that should be a GPU model, a GPU architecture or an instance family."""
    families = [*CURRENT, "p6"]
    known = [*(model.name for model in MODELS), *GPU_ARCHITECTURES, *families]
    found = []
    for name in names:
        if name.lower() in RETIRED:
            gpu, today, source = RETIRED[name.lower()]
            found.append(f"Family {name} ({gpu}) is retired ({source}): today's equivalent is {today.split('.')[0]}.")
        elif not (model_named(name) or architecture_named(name) or name.lower() in families):
            near = nearest(name, known)
            hint = f"did you mean {near}? " if near else ""
            found.append(
                f"GPU '{name}' is unknown: {hint}Set gpu_models to a model ({', '.join(m.name for m in MODELS)}), "
                f"an architecture ({', '.join(GPU_ARCHITECTURES)}) or an instance family."
            )
    return found


def version(text: str) -> tuple[int, int]:
    """A compute capability as two numbers; (0, 0) when it is none."""
    match = _VERSION.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def capability_problems(text: str) -> list[str]:
    """Problems of the least compute capability: it must look like one, and some GPU on offer must reach it."""
    if not text or version("5.0") <= version(text) <= version(CAPABILITIES[-1]):
        return []
    near = nearest(text, CAPABILITIES) or CAPABILITIES[-1]
    return [
        f"Compute capability '{text}' is unknown: did you mean {near}? Set gpu_compute_capability. "
        f"GPUs on offer have {', '.join(CAPABILITIES)}."
    ]


def region_problems(names: Sequence[str], everywhere: str) -> list[str]:
    """Problems of the regions to look in."""
    if everywhere in names and len(names) > 1:
        return [f"gpu_regions is '{everywhere}' or a list of regions, not both."]
    return [one for name in names if name != everywhere for one in unknown("Region", name, REGIONS, "gpu_regions")]


def zone_problems(names: Iterable[str], regions: Sequence[str], everywhere: str) -> list[str]:
    """Problems of the availability zones: each stands in one of the regions."""
    found = []
    for name in names:
        match = _ZONE.fullmatch(name)
        region = match["region"] if match else name.rstrip("abcdefgh")
        if match is None or region not in REGIONS:
            near = nearest(region, REGIONS)
            hint = f"did you mean a zone of {near}, such as {near}a? " if near else ""
            found.append(f"Zone '{name}' is unknown: {hint}Set gpu_zones.")
        elif everywhere not in regions and regions and region not in regions:
            found.append(
                f"Zone {name} is not in {' or '.join(regions)}: name one of its zones, or add {region} to gpu_regions."
            )
    return found
