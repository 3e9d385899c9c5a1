"""The difference of two models asked the same cells, cell by cell: what a template or question does to both cancels."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from distq_tui.stats.crossed import Crossed, Floats, outcomes, t_quantile, t_upper_tail, tail
from distq_tui.stats.rate import zero_hits_limit


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
    differences = cell_differences(a, b, templates, questions)
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
        clusters=design.clusters,
        questions=design.questions.count,
        level=level,
        method=method,
    )


def cell_differences(
    a: ArrayLike, b: ArrayLike, templates: Sequence[Hashable], questions: Sequence[Hashable]
) -> Floats:
    """Outcomes of a minus those of b; ValueError unless all four have one entry per cell and outcomes are in [0, 1]."""
    first, second = outcomes(a), outcomes(b)
    if first.ndim != 1 or first.shape != second.shape or not len(first) == len(templates) == len(questions):
        raise ValueError("both models need one outcome for each cell, in the same order")
    return first - second
