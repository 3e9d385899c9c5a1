"""Tests of two models with a null made of the data: change a template's sign, or swap templates between the models.

The statistic is studentised, so that unequal spread on the two sides does not pass for a difference.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from distq_tui.stats.compare import cell_differences
from distq_tui.stats.crossed import Floats, Grouping, outcomes

FLIPS_FROM = 6
"""Templates from which a sign-flip test can reach .05 two-sided (2 / 2^6 = .031)."""
SWAPS_FROM = 4
"""Templates on each side from which swapping can reach .05 two-sided (2 / 70)."""
EXACT_UP_TO = 13
"""Templates up to which all 2^G sign patterns are tried instead of a random draw of them."""


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
    differences = cell_differences(a, b, templates, templates)
    groups = Grouping.of(templates)
    if groups.count < FLIPS_FROM:
        return None
    sums, sizes = groups.sums(differences), groups.sums(np.ones(len(differences)))
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


def unpaired_p(
    a: ArrayLike,
    templates_a: Sequence[Hashable],
    b: ArrayLike,
    templates_b: Sequence[Hashable],
    *,
    rng: np.random.Generator,
    shuffles: int = 9999,
) -> float | None:
    """Two-sided p that the rates of two models differ that were asked different templates (outcomes in [0, 1]).

    Templates change sides as whole clusters; the statistic is the difference of the rates over the root of the sum of
    their cluster-robust variances, recomputed for each of `shuffles` random allocations (Janssen 1997: valid with
    unequal variances, in large samples); p = (1 + #>=)/(1 + shuffles). None with under 4 templates on a side.

    Raises:
        ValueError: lengths differ, or a value is outside [0, 1] or not finite.
    """
    moments = []
    for values, templates in ((outcomes(a), templates_a), (outcomes(b), templates_b)):
        if values.ndim != 1 or len(values) != len(templates):
            raise ValueError("each outcome needs its template id")
        groups = Grouping.of(templates)
        if groups.count < SWAPS_FROM:
            return None
        sums, sizes = groups.sums(values), groups.sums(np.ones(len(values)))
        moments.append(np.column_stack([sums, sizes, sums**2, sums * sizes, sizes**2]))
    first = len(moments[0])
    pool = np.concatenate(moments)
    sides = np.arange(len(pool)) < first
    allocations = np.concatenate([sides[None], rng.permuted(np.tile(sides, (shuffles, 1)), axis=1)]).astype(np.float64)
    rate_a, variance_a = _ratio(allocations @ pool, first)
    rate_b, variance_b = _ratio((1.0 - allocations) @ pool, len(pool) - first)
    gap, variance = np.abs(rate_a - rate_b), variance_a + variance_b
    flat = variance <= 1e-12
    statistic = np.where(flat, np.where(gap <= 1e-12, 0.0, np.inf), gap / np.sqrt(np.where(flat, 1.0, variance)))
    return int(np.count_nonzero(statistic >= statistic[0] * (1.0 - 1e-9))) / (1 + shuffles)


def _ratio(moments: Floats, clusters: int) -> tuple[Floats, Floats]:
    """Rates and their cluster-robust variances from summed moments (shape [k, 5]: S, n, S^2, S n, n^2)."""
    total, size, total2, cross, size2 = moments.T
    rate = total / size
    squares = total2 - 2.0 * rate * cross + rate**2 * size2
    return rate, clusters / (clusters - 1) * np.maximum(squares, 0.0) / size**2
