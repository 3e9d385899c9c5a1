"""Is the difference between two models, or between a pair and its controls, more than chance?

Two models asked the same cells are compared cell by cell, so that what a template or question does to both cancels.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from distq_tui.stats.crossed import Crossed, Floats, Grouping, outcomes, t_quantile, t_upper_tail, tail
from distq_tui.stats.rate import zero_hits_limit

FLIPS_FROM = 6
"""Templates from which a sign-flip test can reach .05 two-sided (2 / 2^6 = .031)."""
EXACT_UP_TO = 13
"""Templates up to which all 2^G sign patterns are tried instead of a random draw of them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Rate of a minus rate of b: value in [-1, 1], limits, two-sided p, and what they rest on, as in `Rate`."""

    value: float
    low: float
    high: float
    p: float
    n: int
    clusters: int
    questions: int
    level: float
    method: str


def paired_difference(
    a: ArrayLike,
    b: ArrayLike,
    templates: Sequence[Hashable],
    questions: Sequence[Hashable],
    *,
    level: float = 0.95,
    fixed_questions: bool = False,
) -> Difference | None:
    """Compare two models on the n cells that both answered (outcomes in [0, 1], same order); None when n = 0.

    t with min(G, Q) - 1 degrees of freedom on the two-way cluster-robust variance of the cell differences; with
    `fixed_questions` templates alone, with one template questions alone (see `Crossed.of`). Where every difference is
    the same there is no variance to divide by: the p is that of m clusters falling on one side by coin tosses, and the
    limits are those of `mean`. One cluster decides nothing: p = 1.

    Raises:
        ValueError: lengths differ, a value is outside [0, 1] or not finite, or level is not between 0 and 1.
    """
    differences = _differences(a, b, templates, questions)
    alpha = 2.0 * tail(level)
    if len(differences) == 0:
        return None
    design = Crossed.of(templates, questions, fixed_questions=fixed_questions)
    value, units = float(differences.mean()), design.units
    low, high, p, method = -1.0, 1.0, 1.0, "one cluster: no test"
    if design.basis != "one cluster":
        error = float(np.sqrt(design.variance(differences)))
        if error <= 1e-12:
            share = zero_hits_limit(units, alpha / 2.0)
            low, high = value - (value + 1.0) * share, value + (1.0 - value) * share
            p = 1.0 if value == 0.0 else min(1.0, 2.0**-units * 2.0)
            method = f"no spread, {design.basis}"
        else:
            reach = t_quantile(1.0 - alpha / 2.0, units - 1) * error
            low, high = max(-1.0, value - reach), min(1.0, value + reach)
            p = min(1.0, 2.0 * t_upper_tail(abs(value) / error, units - 1))
            method = f"t, {design.basis}"
    return Difference(
        value=value,
        low=low,
        high=high,
        p=p,
        n=len(differences),
        clusters=design.questions.count if design.basis == "by question" else design.templates.count,
        questions=design.questions.count,
        level=level,
        method=method,
    )


def sign_flip_p(
    a: ArrayLike,
    b: ArrayLike,
    templates: Sequence[Hashable],
    *,
    rng: np.random.Generator,
    flips: int = 9999,
) -> float | None:
    """Two-sided p that two models differ on this very list of questions; None with fewer than 6 templates.

    Under the null each template's cell differences keep their size when all change sign together. The statistic is the
    mean over its cluster-robust error, recomputed for each pattern of signs: every pattern up to 13 templates, above
    that `flips` random ones and the observed, p = (1 + #>=)/(1 + flips).

    Raises:
        ValueError: lengths differ, or a value is outside [0, 1] or not finite.
    """
    differences = _differences(a, b, templates, templates)
    groups = Grouping.of(templates)
    if groups.count < FLIPS_FROM:
        return None
    sums, sizes = groups.sums(differences), groups.sums(np.ones_like(differences))
    if groups.count <= EXACT_UP_TO:
        patterns = np.arange(2**groups.count)[:, None] >> np.arange(groups.count) & 1
        signs: Floats = 1.0 - 2.0 * patterns.astype(np.float64)
    else:
        signs = rng.choice((-1.0, 1.0), size=(flips, groups.count))
    observed = _flipped(np.ones((1, groups.count)), sums, sizes)[0]
    # The margin counts a pattern that equals the observed one up to rounding as at least as extreme.
    beyond = int(np.count_nonzero(_flipped(signs, sums, sizes) >= observed * (1.0 - 1e-9)))
    if groups.count <= EXACT_UP_TO:
        return beyond / len(signs)
    return (1 + beyond) / (1 + flips)


def _flipped(signs: Floats, sums: Floats, sizes: Floats) -> Floats:
    """|mean| / error for each row of signs (shape [k, G]); infinite without spread, 0 where the mean is 0 too."""
    mean = signs @ sums / sizes.sum()
    squares = (sums**2).sum() - 2.0 * mean * (signs @ (sums * sizes)) + mean**2 * (sizes**2).sum()
    flat = squares <= 1e-12 * (sums**2).sum()
    statistic = np.abs(mean) / np.sqrt(np.where(flat, 1.0, squares))
    return np.where(flat, np.where(mean == 0.0, 0.0, np.inf), statistic)


def _differences(a: ArrayLike, b: ArrayLike, templates: Sequence[Hashable], questions: Sequence[Hashable]) -> Floats:
    first, second = outcomes(a), outcomes(b)
    if first.ndim != 1 or first.shape != second.shape or not len(first) == len(templates) == len(questions):
        raise ValueError("both models need one outcome for each cell, in the same order")
    return first - second


def holm(p: ArrayLike) -> Floats:
    """Return Holm-adjusted p-values of one family of claims (shape [k]), in the order given (Holm 1979).

    Raises:
        ValueError: a p-value is outside [0, 1] or not finite.
    """
    array = outcomes(p).reshape(-1)
    order = np.argsort(array, kind="stable")
    scaled = array[order] * np.arange(len(array), 0, -1)
    adjusted = np.empty_like(array)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(scaled)) if len(array) else scaled
    return adjusted


def prediction_p(score: float, controls: ArrayLike) -> float | None:
    """One-sided p that a new pair's score is as high as `score`, were it one more of the c control pairs.

    t(c - 1) prediction on (score - mean) / (sd * sqrt(1 + 1/c)): the unit of the null is the model pair, so more
    prompts do not help. One score for each control family. None, "inconclusive", with fewer than 3 controls, or
    where all of them score the same.

    Raises:
        ValueError: a score is not finite.
    """
    null = _scores(score, controls)
    c = len(null)
    if c < 3 or np.ptp(null) == 0.0:
        return None
    statistic = (score - null.mean()) / (null.std(ddof=1) * np.sqrt(1.0 + 1.0 / c))
    return t_upper_tail(float(statistic), c - 1)


def rank_p(score: float, controls: ArrayLike) -> float:
    """One-sided p by rank, (1 + #{controls >= score}) / (1 + c): free of any shape, but it needs c >= 19 for .05.

    Raises:
        ValueError: a score is not finite.
    """
    null = _scores(score, controls)
    return (1 + int(np.count_nonzero(null >= score))) / (1 + len(null))


def _scores(score: float, controls: ArrayLike) -> Floats:
    null = np.asarray(controls, dtype=np.float64).reshape(-1)
    if not np.isfinite(score) or not np.all(np.isfinite(null)):
        raise ValueError("scores must be finite")
    return null
