"""The mean of a score over prompts, where the prompt (or the conversation) is the unit that was sampled."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from distq_tui.stats.confseq import ConfidenceSequence
from distq_tui.stats.crossed import Floats, Grouping, outcomes, t_quantile, tail
from distq_tui.stats.rate import zero_hits_limit

BOOTSTRAP_FROM = 8
"""Clusters from which on resampling is worth it: from here on bootstrap-t covers better than t on every kind of score
tried, by far where scores crowd at 0 (docs/intervals.md); with fewer there are too few different resamples."""
HELD_BELOW = 40
"""Clusters below which bootstrap-t can run away: where a few scores lie far from all others, a resample without them
has hardly any spread."""
WITHIN = "bootstrap-t within the confidence sequence"


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over prompts: value, two-sided limits, number of clusters n, level and how the interval was made."""

    value: float
    low: float
    high: float
    n: int
    level: float
    method: str


def mean(
    values: ArrayLike,
    clusters: Sequence[Hashable] | None = None,
    *,
    rng: np.random.Generator | None = None,
    level: float = 0.95,
    bounds: tuple[float, float] = (0.0, 1.0),
    resamples: int = 2000,
) -> Mean | None:
    """Estimate the mean of scores (shape [k]) that lie within `bounds`; None when there are none.

    Each value is its own cluster unless `clusters` names one for each. From 8 clusters on, and given a generator, a
    studentised bootstrap over clusters (Efron & Tibshirani 1993, section 12.5: it follows skew, as near 0 or 1, that t
    does not); else t with n - 1 degrees of freedom on the cluster-robust variance. Limits are clipped to the bounds.
    Below 40 clusters those of the bootstrap lie within the confidence sequence of the same clusters in the order given:
    that is much wider but where the bootstrap runs away, and costs no coverage in simulation (docs/intervals.md).
    Where the clusters show no spread, what all n of them missed can be at most 1 - (alpha/2)^(1/n) of the population,
    and the limits put that share at the bounds.

    Raises:
        ValueError: a value outside the bounds or not finite, lengths differ, or level is not between 0 and 1.
    """
    floor, ceiling = bounds
    array = outcomes(values, floor, ceiling)
    alpha = 2.0 * tail(level)
    if array.ndim != 1 or (clusters is not None and len(clusters) != len(array)):
        raise ValueError("values must be one-dimensional, with one cluster id for each")
    if len(array) == 0:
        return None
    groups = Grouping.of(range(len(array)) if clusters is None else clusters)
    value = float(np.clip(array.mean(), array.min(), array.max()))
    sums, sizes = groups.sums(array - value), groups.sums(np.ones_like(array))
    n = groups.count
    if n == 1:
        return Mean(value, floor, ceiling, 1, level, "one cluster: no interval")
    error = float(np.sqrt(n / (n - 1) * (sums**2).sum())) / len(array)
    if error <= 1e-12 * float(np.abs(array).max()):
        share = zero_hits_limit(n, alpha / 2.0)
        low, high = value - (value - floor) * share, value + (ceiling - value) * share
        return Mean(value, low, high, n, level, "no spread")
    if rng is not None and n >= BOOTSTRAP_FROM:
        t_low, t_high = _bootstrap_t(sums, sizes, rng, resamples, alpha)
        method = "bootstrap-t"
    else:
        t_high = t_quantile(1.0 - alpha / 2.0, n - 1)
        t_low, method = -t_high, "t"
    low, high = value - t_high * error, value - t_low * error
    if method == "bootstrap-t" and n < HELD_BELOW and math.isfinite(ceiling - floor):
        least, most = _sequence((groups.sums(array) / sizes - floor) / (ceiling - floor), sizes / sizes.max(), level)
        least, most = (floor + limit * (ceiling - floor) for limit in (least, most))
        if low < least or high > most:
            low, high, method = max(low, least), min(high, most), WITHIN
    return Mean(value, min(max(low, floor), value), max(min(high, ceiling), value), n, level, method)


def _sequence(values: Floats, weights: Floats, level: float) -> tuple[float, float]:
    """The limits of the confidence sequence after these clusters, scaled to [0, 1]."""
    sequence = ConfidenceSequence(level)
    for value, weight in zip(np.clip(values, 0.0, 1.0).tolist(), weights.tolist(), strict=True):
        sequence.update(value, weight)
    return sequence.interval


def _bootstrap_t(
    sums: Floats, sizes: Floats, rng: np.random.Generator, resamples: int, alpha: float
) -> tuple[float, float]:
    """Quantiles alpha/2 and 1 - alpha/2 of the studentised mean over resampled clusters.

    `sums` are the clusters' sums of residuals, so the bootstrap world's true mean is 0. Every resampled moment is one
    column of a matrix product. A resample without spread has an infinite statistic: it then widens the interval.
    """
    n = len(sums)
    drawn = rng.integers(0, n, (resamples, n)) + n * np.arange(resamples)[:, None]
    weights = np.bincount(drawn.reshape(-1), minlength=resamples * n).reshape(resamples, n).astype(np.float64)
    moments = weights @ np.column_stack([sums, sizes, sums**2, sums * sizes, sizes**2])
    total, size, total2, cross, size2 = moments.T
    centre = total / size
    squares = total2 - 2.0 * centre * cross + centre**2 * size2
    spread = np.sqrt(n / (n - 1) * np.maximum(squares, 0.0)) / size
    flat = squares <= 1e-12 * total2
    infinite = np.where(centre == 0.0, 0.0, np.copysign(np.inf, centre))
    statistic = np.where(flat, infinite, centre / np.where(flat, 1.0, spread))
    ordered = np.sort(statistic)
    last = resamples - 1
    return float(ordered[int(alpha / 2.0 * last)]), float(ordered[last - int(alpha / 2.0 * last)])
