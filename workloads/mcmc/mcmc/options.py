# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the command line may ask for."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from .models import MODELS

STEPS_PER_BLOCK = 100
"""Steps that the device does without coming back; every chain length is a multiple of it."""


@dataclass(frozen=True)
class Options:
    """One computation, completely: the same options give the same draws on the same kind of device.

    Lengths count steps per chain. `rows`, `groups` and `predictors` size the synthetic data of the larger model.
    """

    model: str = "eight_schools"
    chains: int = 64
    warmup: int = 1000
    draws: int = 1000
    seed: int = 20261123
    target_accept: float = 0.95
    float64: bool = False
    allow_cpu: bool = False
    rows: int = 10_000
    groups: int = 40
    predictors: int = 4
    results: Path = Path("results")


def parse(arguments: list[str] | None = None) -> Options:
    """Read a command line; one that makes no sense ends the program with status 2 and a sentence.

    Args:
        arguments: the words after the program's name; None takes those of this process.
    """
    parser = _parser()
    options = Options(**vars(parser.parse_args(arguments)))
    for name in ("warmup", "draws"):
        length = getattr(options, name)
        if length % STEPS_PER_BLOCK:
            parser.error(f"--{name} must be a multiple of {STEPS_PER_BLOCK}, not {length}")
    if not 0.0 < options.target_accept < 1.0:
        parser.error(f"--target-accept must lie between 0 and 1, not {options.target_accept}")
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mcmc",
        description="Sample a posterior with NUTS on the GPU, and say how far the answer can be trusted.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    default = Options()
    add = parser.add_argument
    add("--model", choices=sorted(MODELS), default=default.model, help="which posterior to sample")
    add("--chains", type=_positive, default=default.chains, help="chains, all advanced together on the device")
    add("--warmup", type=_positive, default=default.warmup, help="adaptation steps per chain, thrown away")
    add("--draws", type=_positive, default=default.draws, help="draws kept per chain")
    add("--seed", type=int, default=default.seed, help="seed of data and chains")
    add("--target-accept", type=float, default=default.target_accept, help="acceptance that the step size aims at")
    add("--float64", action="store_true", help="double precision (slow on consumer GPUs)")
    add("--allow-cpu", action="store_true", help="compute on the CPU where JAX finds no GPU, instead of refusing")
    add("--rows", type=_positive, default=default.rows, help="hierarchical_logistic: observations")
    add("--groups", type=_positive, default=default.groups, help="hierarchical_logistic: groups")
    add("--predictors", type=_positive, default=default.predictors, help="hierarchical_logistic: predictors")
    add("--results", type=Path, default=default.results, help="folder for the results")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return number
