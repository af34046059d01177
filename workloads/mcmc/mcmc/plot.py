# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One picture of the posterior: how the chains mixed, what they found, and each element beside its data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")  # a rented machine has no display

import matplotlib.pyplot as plt
import numpy as np
from arviz_stats.base import array_stats

from .models import Model
from .sample import Chains
from .summary import Summary

INK, BLUE, PALE, ORANGE = "#22313f", "#2a6f97", "#a9cde0", "#d1702f"
CHAINS_SHOWN = 6
STYLE = {
    "axes.edgecolor": "#9aa5b1",
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "font.size": 9.5,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def write(path: Path, model: Model, chains: Chains, summary: Summary) -> None:
    """Write the picture as PNG: a row per scalar (trace, density) and the forest of the vector."""
    with plt.rc_context(STYLE):
        rows = len(model.scalars)
        figure = plt.figure(figsize=(13.0, 1.4 + 2.6 * rows), layout="constrained")
        left, right = figure.subfigures(1, 2, width_ratios=(1.65, 1.0))
        axes = left.subplots(rows, 2, width_ratios=(1.5, 1.0), squeeze=False)
        for (trace, density), site in zip(axes, model.scalars, strict=True):
            _trace(trace, site, chains.draws[site])
            _density(density, site, chains.draws[site])
        axes[-1, 0].set_xlabel("draw")
        axes[-1, 1].set_xlabel("median and 90 % interval in the titles")
        _forest(right.subplots(), model, chains.draws[model.vector])
        figure.suptitle(_title(model, chains, summary) + "\n", x=0.008, ha="left", fontsize=13)
        figure.savefig(path, dpi=130)
        plt.close(figure)


def _title(model: Model, chains: Chains, summary: Summary) -> str:
    count, length = chains.diverging.shape
    worst = max(row.rhat for row in summary.rows)
    return (
        f"{model.title}: {count} chains of {length} draws, largest R-hat {worst:.3f}, {summary.divergences} divergences"
    )


def _trace(axes: Any, site: str, draws: np.ndarray) -> None:
    """Draw a few chains over one another: a hairy caterpillar means that they mixed."""
    shades = plt.get_cmap("viridis")(np.linspace(0.1, 0.85, CHAINS_SHOWN))
    for chain, shade in zip(draws[:CHAINS_SHOWN], shades, strict=False):
        axes.plot(chain, color=shade, linewidth=0.5, alpha=0.75)
    axes.set_title(f"{site}: {min(CHAINS_SHOWN, len(draws))} of {len(draws)} chains")
    axes.set_xlim(0, draws.shape[1])
    axes.locator_params(axis="x", nbins=5)


def _density(axes: Any, site: str, draws: np.ndarray) -> None:
    """Draw the density of all draws, its middle 90 % shaded; long tails are cut so that the bulk can be seen."""
    values = np.asarray(draws, dtype=np.float64).ravel()
    low, median, high = np.quantile(values, (0.05, 0.5, 0.95))
    grid, density, _bandwidth = array_stats.kde(values, bw="scott")
    inside = (grid >= low) & (grid <= high)
    axes.fill_between(grid, density, color=PALE, alpha=0.35, linewidth=0)
    axes.fill_between(grid[inside], density[inside], color=PALE, linewidth=0)
    axes.plot(grid, density, color=BLUE, linewidth=1.6)
    axes.axvline(median, color=BLUE, linewidth=1, linestyle=(0, (4, 3)))
    axes.set_xlim(np.quantile(values, 0.001), np.quantile(values, 0.995))
    axes.set_ylim(bottom=0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_title(f"{site}: {median:.2f}  [{low:.2f}, {high:.2f}]")


def _forest(axes: Any, model: Model, draws: np.ndarray) -> None:
    """Draw 50 % and 90 % intervals of each element, and beneath each what the data alone say."""
    low, lower, median, upper, high = np.quantile(draws, (0.05, 0.25, 0.5, 0.75, 0.95), axis=(0, 1))
    place = np.arange(len(model.labels))[::-1]
    axes.axvline(0, color="#c9d1d9", linewidth=1, zorder=0)
    axes.hlines(place, low, high, color=BLUE, linewidth=1.6, label="90 % interval")
    axes.hlines(place, lower, upper, color=BLUE, linewidth=5, label="50 % interval")
    axes.plot(median, place, "o", color="white", markeredgecolor=BLUE, markersize=6, label="median", zorder=3)
    caption, centre, error = model.beside
    axes.errorbar(centre, place - 0.28, xerr=error, fmt="D", color=ORANGE, markersize=3.5, linewidth=1, label=caption)
    axes.set_yticks(place, model.labels)
    axes.set_ylim(-0.8, len(model.labels) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_title(model.vector_title)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.06), ncols=2, frameon=False, fontsize=8.5)
