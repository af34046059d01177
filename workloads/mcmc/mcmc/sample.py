# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sampler: every chain advanced together by one compiled block of NUTS steps."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from numpyro.infer import NUTS

from .models import Model
from .options import STEPS_PER_BLOCK, Options

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Chains:
    """What sampling gave.

    Attributes:
        draws: by site, arrays of shape (chain, draw, ...).
        diverging: by (chain, draw), whether the trajectory diverged.
        steps: by (chain, draw), leapfrog steps of the trajectory.
        energy: by (chain, draw), the Hamiltonian.
        seconds: wall time by phase: compile, warmup, sampling.
    """

    draws: dict[str, np.ndarray]
    diverging: np.ndarray
    steps: np.ndarray
    energy: np.ndarray
    seconds: dict[str, float]


def sample(model: Model, options: Options, progress: Progress) -> Chains:
    """Draw from the posterior of `model` with the No-U-Turn Sampler (Hoffman and Gelman, 2014).

    Warm-up and sampling run the same compiled block, so it is compiled once, and the chains are split
    nowhere: the same seed gives the same draws whatever is printed in between.

    Args:
        model: the posterior.
        options: chains, lengths, seed and target acceptance.
        progress: called after each block with the phase and the steps done and to do.
    """
    clock = _Clock()
    start, block = _compile(model, options)
    state = start(_keys(options))
    clock.lap("compile")
    for done in range(STEPS_PER_BLOCK, options.warmup + 1, STEPS_PER_BLOCK):
        state, _draws = block(state)
        jax.block_until_ready(state)
        progress("warmup", done, options.warmup)
    clock.lap("warmup")
    kept = []
    for done in range(STEPS_PER_BLOCK, options.draws + 1, STEPS_PER_BLOCK):
        state, collected = block(state)
        kept.append(jax.device_get(collected))
        progress("draws", done, options.draws)
    clock.lap("sampling")
    sites, diverging, steps, energy = jax.tree.map(_join, *kept)
    draws = {site: sites[site] for site in model.sites}  # JAX hands mappings back in alphabetical order
    return Chains(draws=draws, diverging=diverging, steps=steps, energy=energy, seconds=clock.seconds)


def _keys(options: Options) -> Any:
    return jax.random.split(jax.random.PRNGKey(options.seed), options.chains)


def _compile(model: Model, options: Options) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Compile the start of the chains and one block of steps, both at once: compiling is most of a short run."""
    kernel = NUTS(model.function, target_accept_prob=options.target_accept)

    def start(keys: Any) -> Any:
        return kernel.init(keys, options.warmup, None, (), model.data)

    def step(state: Any, _none: None) -> tuple[Any, Any]:
        state = kernel.sample(state, (), model.data)
        sites = jax.vmap(kernel.postprocess_fn((), model.data))(state.z)
        kept = {site: sites[site] for site in model.sites}
        return state, (kept, state.diverging, state.num_steps, state.energy)

    def block(state: Any) -> Any:
        return jax.lax.scan(step, state, None, length=STEPS_PER_BLOCK)

    programs = {"start": jax.jit(start).lower(_keys(options))}
    programs["block"] = jax.jit(block).lower(programs["start"].out_info)
    efforts = {"start": 0, "block": 1 if model.quick else None}  # the start runs once
    with ThreadPoolExecutor() as pool:
        compiled = dict(zip(programs, pool.map(_compile_program, programs.values(), efforts.values()), strict=True))
    return compiled["start"], compiled["block"]


def _compile_program(program: Any, effort: int | None) -> Any:
    """Compile for the default device; `effort` bounds XLA's optimiser on a CPU, where it outlasts a short run."""
    if effort is None or jax.default_backend() != "cpu":
        return program.compile()
    return program.compile({"xla_backend_optimization_level": effort})


def _join(*blocks: np.ndarray) -> np.ndarray:
    """Join blocks of shape (draw, chain, ...) to one array of shape (chain, draw, ...)."""
    return np.swapaxes(np.concatenate(blocks), 0, 1)


class _Clock:
    """Wall time by phase, in seconds."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, phase: str) -> None:
        now = time.perf_counter()
        self.seconds[phase] = now - self._last
        self._last = now
