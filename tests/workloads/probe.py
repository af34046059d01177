# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run in the workload's environment: reads a table of calls as JSON, prints their answers as JSON.

Each call is ["summary", CHAINS, DIVERGING, ENERGY], CHAINS by site, ["draws", OPTIONS], a command line,
or ["refused", OPTIONS].
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from mcmc.models import MODELS
from mcmc.options import parse
from mcmc.sample import sample
from mcmc.summary import summarise


def summary(chains: dict[str, Any], diverging: Any, energy: Any) -> Any:
    """Summarise chains written out in full."""
    draws = {site: np.asarray(values, dtype=float) for site, values in chains.items()}
    return dataclasses.asdict(summarise(draws, np.asarray(diverging), np.asarray(energy, dtype=float)))


def draws(arguments: list[str]) -> dict[str, Any]:
    """Sample; returns by site the shape of the draws, and a digest of their bytes."""
    options = parse(arguments)
    chains = sample(MODELS[options.model](options), options, lambda *_: None)
    return {site: [list(x.shape), hashlib.sha256(x.tobytes()).hexdigest()] for site, x in chains.draws.items()}


def refused(arguments: list[str]) -> list[Any]:
    """Read a command line that makes no sense; returns the exit status and what was said."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            parse(arguments)
    except SystemExit as end:
        return [end.code, said.getvalue()]
    return [0, ""]


VERBS: dict[str, Callable[..., Any]] = {"summary": summary, "draws": draws, "refused": refused}
sys.stdout.write(json.dumps([VERBS[verb](*rest) for verb, *rest in json.load(sys.stdin)]))
