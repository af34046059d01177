# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m mcmc`: sample, summarise, plot, and write the results folder."""

from __future__ import annotations

import sys
import time
from enum import IntEnum

import jax
import numpy as np

from . import device, plot, provenance, report
from .models import MODELS
from .options import Options, parse
from .sample import Chains, sample
from .summary import summarise


class Exit(IntEnum):
    """Exit statuses; 2 is a wrong command line, as everywhere."""

    OK = 0
    NO_GPU = 3
    BAD_DRAWS = 4


def main(arguments: list[str] | None = None) -> int:
    """Do one computation; returns the exit status."""
    options = parse(arguments)
    jax.config.update("jax_enable_x64", options.float64)
    try:
        found = device.find(options.allow_cpu)
    except device.DeviceRefusedError as error:
        sys.stderr.write(f"{error}\n")
        return Exit.NO_GPU
    _say(f"{options.model}: {options.chains} chains x {options.draws} draws on {found}")
    return _compute(options, found)


def _compute(options: Options, found: device.Device) -> int:
    began = time.perf_counter()
    model = MODELS[options.model](options)
    chains = sample(model, options, _progress)
    options.results.mkdir(parents=True, exist_ok=True)
    report.write_draws(options.results, chains)
    report.write_json(options.results / "provenance.json", provenance.describe(options, found))
    if not _finite(chains):
        sys.stderr.write("Failed to draw finite numbers: the device or the model is broken; see draws.npz.\n")
        return Exit.BAD_DRAWS
    summary = summarise(chains.draws, chains.diverging, chains.energy)
    text = report.write_summary(options.results, summary)
    plot.write(options.results / "plot.png", model, chains, summary)
    timings = report.timings(chains, summary, str(found), time.perf_counter() - began)
    report.write_json(options.results / "timings.json", timings)
    _say(f"\n{text}")
    _say(
        f"Compiled in {timings['compile_seconds']:.1f} s, sampled in {timings['sampling_seconds']:.1f} s: "
        f"{timings['draws_per_second']:.0f} draws/s, {timings['effective_draws_per_second']:.0f} effective draws/s"
    )
    return Exit.OK


def _finite(chains: Chains) -> bool:
    return all(bool(np.isfinite(values).all()) for values in chains.draws.values())


def _progress(phase: str, done: int, total: int) -> None:
    _say(f"{phase} {done}/{total}")


def _say(line: str) -> None:
    """Write one line at once, so that a log followed live shows where the run is."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
