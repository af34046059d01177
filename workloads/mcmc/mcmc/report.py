# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of the results folder."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from . import table
from .sample import Chains
from .summary import Summary


def timings(chains: Chains, summary: Summary, device: str, total_seconds: float) -> dict[str, Any]:
    """Return the wall time by phase and the speed, ready for JSON.

    The speed is that of the sampling phase alone; effective draws are those of the worst parameter.
    """
    sampling = chains.seconds["sampling"]
    draws = int(chains.diverging.size)
    ess = min(min(row.ess_bulk, row.ess_tail) for row in summary.rows)
    return {
        "device": device,
        "chains": int(chains.diverging.shape[0]),
        "draws": draws,
        "compile_seconds": round(chains.seconds["compile"], 3),
        "warmup_seconds": round(chains.seconds["warmup"], 3),
        "sampling_seconds": round(sampling, 3),
        "total_seconds": round(total_seconds, 3),
        "draws_per_second": round(draws / sampling, 1),
        "effective_draws_per_second": round(ess / sampling, 1),
        "leapfrog_steps_per_draw": round(float(chains.steps.mean()), 2),
    }


def write_draws(folder: Path, chains: Chains) -> None:
    """Write draws.npz: one array per site, shape (chain, draw, ...), and the sampler's own three."""
    np.savez(
        folder / "draws.npz",
        diverging=chains.diverging,
        num_steps=chains.steps,
        energy=chains.energy,
        **chains.draws,
    )


def write_summary(folder: Path, summary: Summary) -> str:
    """Write summary.json, summary.csv and summary.txt; returns the text."""
    text = table.text(summary.rows) + _verdict(summary)
    write_json(folder / "summary.json", asdict(summary))
    (folder / "summary.csv").write_text(table.comma_separated(summary.rows), encoding="utf-8")
    (folder / "summary.txt").write_text(text, encoding="utf-8")
    return text


def write_json(path: Path, content: Any) -> None:
    """Write `content` as JSON that a person can read and a diff can follow."""
    path.write_text(json.dumps(content, indent=2, sort_keys=False) + "\n", encoding="utf-8")


def _verdict(summary: Summary) -> str:
    lines = [f"Divergences: {summary.divergences}; lowest E-BFMI: {summary.ebfmi_min:.2f}"]
    lines += [f"Warning: {warning}" for warning in summary.warnings]
    return "\n" + "\n".join(lines) + "\n"
