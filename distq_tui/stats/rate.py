"""The rate of an outcome over crossed templates and questions, with an interval that does not pretend independence.

Replies to one template are alike and so are replies to one question: the design effect of real runs is 4-16, and the
binomial interval covers 52-91 % where it says 95. A rate over a domain (clean probes only, one language) is the same
function on the subset: the domain then has its own G, Q, design effect and interval, as a ratio estimator should.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from distq_tui.stats.crossed import Crossed, Floats, normal_quantile, outcomes, t_quantile, tail


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate and what it rests on.

    Attributes:
        value: mean of the outcomes, in [0, 1].
        low: lower limit of the two-sided interval.
        high: upper limit.
        n: number of outcomes.
        clusters: G, the number of templates; in a run of one template (bare questions) the number of questions,
            which are then the clusters.
        questions: Q, the number of questions.
        deff: design effect, >= 1: how many times the variance is that of n independent outcomes.
        n_eff: n / deff, the number of independent outcomes that would say as much.
        level: confidence level of the interval.
        method: how the interval was made, in words for a report.
        one_sided: where nothing (everything) hit, the one-sided limit at `level`: at most (at least) this; else None.
    """

    value: float
    low: float
    high: float
    n: int
    clusters: int
    questions: int
    deff: float
    n_eff: float
    level: float
    method: str
    one_sided: float | None = None


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Arrays of one shape: rates, their two-sided limits and design effects, for a batch of outcomes on one design."""

    value: Floats
    low: Floats
    high: Floats
    deff: Floats


def rate(
    values: ArrayLike,
    templates: Sequence[Hashable],
    questions: Sequence[Hashable],
    *,
    level: float = 0.95,
    fixed_questions: bool = False,
) -> Rate | None:
    """Estimate a rate from n outcomes in [0, 1], with a template id and a question id for each; None when n = 0.

    Wilson's interval on n* = (n / deff) * (z / t(m - 1))^2, m = min(G, Q), after Korn & Graubard 1998 ("Confidence
    intervals for proportions with small expected number of positive counts estimated from survey data", Survey
    Methodology 24); deff = max(1, V / (p(1-p)/n)) with the two-way V of `Crossed.variance`. With `fixed_questions` the
    estimand is this very list of questions: V and t come from the templates alone. With one template, from the
    questions alone, and the statement is about that template. No hits: m clusters without one, so at most
    1 - alpha^(1/m); all hits by symmetry. A single cluster says nothing about others: the interval is [0, 1].

    Raises:
        ValueError: lengths differ, a value is outside [0, 1] or not finite, or level is not between 0 and 1.
    """
    array = outcomes(values)
    if array.ndim != 1 or len(array) != len(templates) or len(array) != len(questions):
        raise ValueError(f"one template and question id per value: {array.shape}, {len(templates)}, {len(questions)}")
    tail(level)
    if len(array) == 0:
        return None
    design = Crossed.of(templates, questions, fixed_questions=fixed_questions)
    limits = rate_limits(array, design, level=level)
    value, deff = float(limits.value), float(limits.deff)
    one_sided = None
    method = f"Wilson, {design.basis}"
    if design.basis == "one cluster":
        method = "one cluster: no interval"
    elif value in (0.0, 1.0):
        limit = zero_hits_limit(design.units, 1.0 - level)
        one_sided = limit if value == 0.0 else 1.0 - limit
        method = f"{'no' if value == 0.0 else 'all'} hits, {design.basis}"
    return Rate(
        value=value,
        low=float(limits.low),
        high=float(limits.high),
        n=len(array),
        clusters=design.clusters,
        questions=design.questions.count,
        deff=deff,
        n_eff=len(array) / deff,
        level=level,
        method=method,
        one_sided=one_sided,
    )


def rate_limits(values: Floats, design: Crossed, *, level: float = 0.95) -> RateLimits:
    """Compute `rate` for a batch: outcomes in [0, 1] of shape [..., n] on one design; every array has shape [...].

    Where all outcomes are 0 or all are 1 the design effect cannot be estimated: n / m stands in, as in the limit.
    """
    alpha = 2.0 * tail(level)
    n, units = design.n, design.units
    value = np.clip(values.mean(axis=-1), 0.0, 1.0)
    extreme = (values.max(axis=-1) == 0.0) | (values.min(axis=-1) == 1.0)
    if design.basis == "one cluster":
        return RateLimits(value, np.zeros_like(value), np.ones_like(value), np.full_like(value, float(n)))
    binomial = np.maximum(value * (1.0 - value) / n, np.finfo(np.float64).tiny)
    deff = np.where(extreme, n / units, np.maximum(1.0, design.variance(values) / binomial))
    z = normal_quantile(1.0 - alpha / 2.0)
    low, high = wilson(value, n / deff * (z / t_quantile(1.0 - alpha / 2.0, units - 1)) ** 2, z)
    limit = zero_hits_limit(units, alpha / 2.0)
    low = np.where(extreme, np.where(value == 0.0, 0.0, 1.0 - limit), np.minimum(low, value))
    high = np.where(extreme, np.where(value == 0.0, limit, 1.0), np.maximum(high, value))
    return RateLimits(value, np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0), deff)


def wilson(value: Floats, n: Floats, z: float) -> tuple[Floats, Floats]:
    """Wilson's score limits for rates `value` on (fractional) sample sizes `n` > 0, two-sided at normal quantile z."""
    shrink = 1.0 + z**2 / n
    centre = (value + z**2 / (2.0 * n)) / shrink
    half = z / shrink * np.sqrt(value * (1.0 - value) / n + z**2 / (4.0 * n**2))
    return centre - half, centre + half


def zero_hits_limit(units: int, alpha: float) -> float:
    """Return the exact upper limit 1 - alpha^(1/units) of a rate of which none of `units` >= 1 clusters had a hit."""
    if units < 1 or not 0.0 < alpha < 1.0:
        raise ValueError(f"needs at least one cluster and 0 < alpha < 1, not {units} and {alpha}")
    return float(1.0 - alpha ** (1.0 / units))
