"""The ratio of two means over the same clusters, and where it is not defined.

A ratio whose denominator may be 0 has no finite interval: then there is no answer, and none is made up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from distq_tui.stats.crossed import NO_SPREAD, Floats, t_quantile, tail

BOOTSTRAP_FROM = 40
"""Clusters from which on the interval is a percentile bootstrap; below it is Fieller's (docs/evidence.md)."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """Mean numerator / mean denominator: value, two-sided limits, clusters n, level, how the interval was made."""

    value: float
    low: float
    high: float
    n: int
    level: float
    method: str


def ratio(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
    resamples: int = 4000,
) -> Ratio | None:
    """The ratio of means of two scores of the same clusters (shape [n] each, one value a cluster, same order).

    From 40 clusters on a percentile bootstrap that draws clusters, both scores of a cluster together; below that
    Fieller's interval (Fieller 1954, "Some problems in interval estimation") with t(n - 1). None, undefined, where the
    denominator's own interval of the same kind holds 0, below two clusters, and where neither score varies.

    Raises:
        ValueError: shapes differ, a value is not finite, or level is not between 0 and 1.
    """
    above, below = np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    if above.ndim != 1 or above.shape != below.shape:
        raise ValueError(f"numerator of shape {above.shape}, denominator of shape {below.shape}")
    if not (np.all(np.isfinite(above)) and np.all(np.isfinite(below))):
        raise ValueError("values must be finite")
    alpha = 2.0 * tail(level)
    n = len(above)
    if n < 2 or (np.ptp(above) <= NO_SPREAD and np.ptp(below) <= NO_SPREAD):
        return None
    if n >= BOOTSTRAP_FROM:
        limits, method = _percentile(above, below, rng, resamples, alpha), "percentile bootstrap"
    else:
        limits, method = _fieller(above, below, alpha), "Fieller, t"
    if limits is None:
        return None
    value = float(above.mean() / below.mean())
    return Ratio(value, min(limits[0], value), max(limits[1], value), n, level, method)


def _fieller(above: Floats, below: Floats, alpha: float) -> tuple[float, float] | None:
    """All r for which mean(above - r * below) is within t standard errors of 0: between the roots of a quadratic."""
    n = len(above)
    t2 = t_quantile(1.0 - alpha / 2.0, n - 1) ** 2
    covariance = np.cov(above, below, ddof=1) / n
    top, bottom = float(above.mean()), float(below.mean())
    a = bottom**2 - t2 * float(covariance[1, 1])
    b = top * bottom - t2 * float(covariance[0, 1])
    c = top**2 - t2 * float(covariance[0, 0])
    if a <= 0.0:  # the denominator's t interval holds 0
        return None
    # b^2 - a c is never negative where a > 0, but for rounding
    root = float(np.sqrt(max(0.0, b * b - a * c)))
    return (b - root) / a, (b + root) / a


def _percentile(
    above: Floats, below: Floats, rng: np.random.Generator, resamples: int, alpha: float
) -> tuple[float, float] | None:
    n = len(above)
    drawn = rng.integers(0, n, (resamples, n)) + n * np.arange(resamples)[:, None]
    weights = np.bincount(drawn.reshape(-1), minlength=resamples * n).reshape(resamples, n).astype(np.float64)
    top, bottom = (weights @ np.column_stack([above, below])).T
    ends = [alpha / 2.0, 1.0 - alpha / 2.0]
    low, high = np.quantile(bottom, ends)
    if low <= 0.0 <= high:
        return None
    # a draw with a denominator of exactly 0 is at an end, on the side of its numerator
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.nan_to_num(top / bottom, nan=0.0)
    lowest, highest = np.quantile(ratios, ends)
    return float(lowest), float(highest)
