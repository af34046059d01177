# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The posteriors that can be sampled: a NumPyro function, its data, and what to show of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist

if TYPE_CHECKING:
    from .options import Options

EIGHT_SCHOOLS_EFFECT = (28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0)
EIGHT_SCHOOLS_ERROR = (15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0)
"""Effect of coaching on test scores and its standard error, in points, at eight schools.

D. B. Rubin (1981), "Estimation in parallel randomized experiments", Journal of Educational Statistics 6(4), 377-401;
the same figures as posteriordb's eight_schools data (https://github.com/stan-dev/posteriordb).
"""


@dataclass(frozen=True)
class Model:
    """One posterior and how to present it.

    Attributes:
        function: the NumPyro model, called with `data` as keyword arguments.
        data: arrays by argument name.
        scalars: sites with one number per draw, in the order of the table and of the trace plots.
        vector: the site with several numbers per draw, drawn as a forest under `vector_title`.
        labels: names of the vector's elements.
        quick: whether drawing takes less time than compiling, so that the compiler need not try hard on a CPU.
        beside: what to show next to each element of the vector: a caption, centres, and standard errors (or None).
    """

    name: str
    title: str
    function: Callable[..., None]
    data: Mapping[str, Any]
    scalars: tuple[str, ...]
    vector: str
    vector_title: str
    labels: tuple[str, ...]
    quick: bool
    beside: tuple[str, np.ndarray, np.ndarray | None] = field(compare=False)

    @property
    def sites(self) -> tuple[str, ...]:
        """Sites whose draws are kept."""
        return (*self.scalars, self.vector)


def eight_schools(_options: Options) -> Model:
    """Eight Schools, non-centred, with posteriordb's priors: mu ~ normal(0, 5), tau ~ half-Cauchy(0, 5)."""
    effect, error = np.asarray(EIGHT_SCHOOLS_EFFECT), np.asarray(EIGHT_SCHOOLS_ERROR)

    def function(effect: Any, error: Any) -> None:
        mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
        tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
        with numpyro.plate("school", len(effect)):
            offset = numpyro.sample("offset", dist.Normal(0.0, 1.0))
            theta = numpyro.deterministic("theta", mu + tau * offset)
            numpyro.sample("observed", dist.Normal(theta, error), obs=effect)

    return Model(
        name="eight_schools",
        title="Eight Schools",
        function=function,
        data={"effect": effect, "error": error},
        scalars=("mu", "tau"),
        vector="theta",
        vector_title="theta: effect of coaching at each school, points",
        labels=tuple("ABCDEFGH"),
        quick=True,
        beside=("observed effect ± standard error", effect, error),
    )


def hierarchical_logistic(options: Options) -> Model:
    """Logistic regression with intercept and slopes varying by group, on synthetic data of the size asked for."""
    data, slopes = _synthetic_logistic(options.rows, options.groups, options.predictors, options.seed)

    def function(group: Any, predictors: Any, outcome: Any) -> None:
        width = predictors.shape[1]
        intercept = numpyro.sample("intercept", dist.Normal(0.0, 2.5))
        intercept_scale = numpyro.sample("intercept_scale", dist.HalfNormal(1.0))
        slope = numpyro.sample("slope", dist.Normal(0.0, 1.0).expand([width]).to_event(1))
        slope_scale = numpyro.sample("slope_scale", dist.HalfNormal(1.0))
        with numpyro.plate("groups", options.groups):
            shift = numpyro.sample("shift", dist.Normal(0.0, 1.0))
            tilt = numpyro.sample("tilt", dist.Normal(0.0, 1.0).expand([width]).to_event(1))
        by_group = slope + slope_scale * tilt
        logits = intercept + intercept_scale * shift[group] + jnp.sum(predictors * by_group[group], axis=-1)
        numpyro.sample("outcome", dist.Bernoulli(logits=logits), obs=outcome)

    return Model(
        name="hierarchical_logistic",
        title="Hierarchical logistic regression",
        function=function,
        data=data,
        scalars=("intercept", "intercept_scale", "slope_scale"),
        vector="slope",
        vector_title="slope: mean over groups of each predictor's slope",
        labels=tuple(f"x{number}" for number in range(1, options.predictors + 1)),
        quick=False,
        beside=("true value", slopes, None),
    )


def _synthetic_logistic(rows: int, groups: int, width: int, seed: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Make data from known slopes; returns the data and those slopes."""
    random = np.random.default_rng(seed)
    slopes = random.normal(0.0, 1.0, width)
    group = random.integers(0, groups, rows)
    predictors = random.normal(0.0, 1.0, (rows, width))
    by_group = slopes + 0.5 * random.normal(0.0, 1.0, (groups, width))
    logits = -0.5 + 0.8 * random.normal(0.0, 1.0, groups)[group] + np.sum(predictors * by_group[group], axis=-1)
    outcome = (random.random(rows) < 1.0 / (1.0 + np.exp(-logits))).astype(np.int32)
    return {"group": group, "predictors": predictors, "outcome": outcome}, slopes


MODELS: dict[str, Callable[[Options], Model]] = {
    "eight_schools": eight_schools,
    "hierarchical_logistic": hierarchical_logistic,
}
