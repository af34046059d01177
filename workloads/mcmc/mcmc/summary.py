# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The posterior in numbers, and whether to believe them (diagnostics by ArviZ)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from arviz_stats.base import array_stats

RHAT_LIMIT = 1.01
ESS_FLOOR_PER_CHAIN = 100
"""Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), "Rank-normalization, folding, and localization: an improved
R-hat", Bayesian Analysis 16(2): R-hat below 1.01, and an effective sample size of at least 100 per chain."""
EBFMI_FLOOR = 0.3
"""Betancourt (2016), "Diagnosing suboptimal cotangent disintegrations", arXiv:1604.00695."""


@dataclass(frozen=True)
class Row:
    """One number of the posterior: moments, 5, 50 and 95 % quantiles, and diagnostics."""

    name: str
    mean: float
    sd: float
    q05: float
    q50: float
    q95: float
    rhat: float
    ess_bulk: float
    ess_tail: float
    mcse_mean: float


@dataclass(frozen=True)
class Summary:
    """Every row, and what the chains say about themselves; no warnings means that the chains agree."""

    rows: tuple[Row, ...]
    divergences: int
    ebfmi_min: float
    warnings: tuple[str, ...]


def summarise(draws: Mapping[str, np.ndarray], diverging: np.ndarray, energy: np.ndarray) -> Summary:
    """Summarise draws of shape (chain, draw, ...) by site.

    Returns:
        One row per scalar, in the order of the sites, elements counted from 1 as in Stan: theta[1].
    """
    rows = tuple(_row(name, values) for name, values in _scalars(draws))
    divergences = int(np.sum(diverging))
    ebfmi = float(np.min(array_stats.bfmi(np.asarray(energy, dtype=np.float64))))
    return Summary(rows, divergences, ebfmi, tuple(_warnings(rows, divergences, ebfmi, len(diverging))))


def _scalars(draws: Mapping[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    for site, values in draws.items():
        if values.ndim == 2:
            yield site, values
        else:
            for index in np.ndindex(values.shape[2:]):
                yield f"{site}[{','.join(str(number + 1) for number in index)}]", values[(..., *index)]


def _row(name: str, draws: np.ndarray) -> Row:
    values = np.asarray(draws, dtype=np.float64)
    q05, q50, q95 = np.quantile(values, (0.05, 0.5, 0.95))
    axes: dict[str, Any] = {"chain_axis": 0, "draw_axis": 1}
    return Row(
        name=name,
        mean=float(values.mean()),
        sd=float(values.std(ddof=1)),
        q05=float(q05),
        q50=float(q50),
        q95=float(q95),
        rhat=float(array_stats.rhat(values, method="rank", **axes)),
        ess_bulk=float(array_stats.ess(values, method="bulk", **axes)),
        ess_tail=float(array_stats.ess(values, method="tail", prob=(0.05, 0.95), **axes)),
        mcse_mean=float(array_stats.mcse(values, method="mean", **axes)),
    )


def _warnings(rows: tuple[Row, ...], divergences: int, ebfmi: float, chains: int) -> Iterator[str]:
    """Say what a careful reader would object to; a comparison with NaN must object too, hence the `not`."""
    floor = ESS_FLOOR_PER_CHAIN * chains
    for row in rows:
        if not row.rhat < RHAT_LIMIT:
            yield f"{row.name}: R-hat {row.rhat:.3f} is not below {RHAT_LIMIT}; draw longer chains"
        ess = min(row.ess_bulk, row.ess_tail)
        if not ess >= floor:
            yield f"{row.name}: effective sample size {ess:.0f} is below {floor} ({chains} chains); draw longer chains"
    if divergences:
        yield f"{divergences} divergent transitions; raise --target-accept"
    if not ebfmi >= EBFMI_FLOOR:
        yield f"energy: E-BFMI {ebfmi:.2f} is below {EBFMI_FLOOR}; reparametrise the model"
