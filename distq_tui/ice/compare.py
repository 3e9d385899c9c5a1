"""Do two models differ in a rate? Cell by cell where both were asked the same, by swapping templates where not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from distq_tui.ice.rates import Scored
from distq_tui.plan.design import BARE
from distq_tui.stats import holm, paired_difference, sign_flip_p, unpaired_p

SHARED = 0.5
"""Share of the cells of the model with fewer that both must have for a paired comparison over the shared ones."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rate of `a` minus that of `b`.

    Attributes:
        value: in [-1, 1]; `low` and `high` its 95 % interval, None where the models share no cells.
        p: two-sided, for models asked any questions of this kind; None where there are too few templates for a test.
        p_list: by sign flips over templates, for this very list of questions alone; None where it does not apply.
        p_holm: `p` within the family of comparisons that were made together (Holm).
        n: pairs of answers, or answers of both; `clusters` the templates behind it.
    """

    a: str
    b: str
    value: float
    low: float | None
    high: float | None
    p: float | None
    p_list: float | None
    p_holm: float | None
    n: int
    clusters: int
    method: str


def compare(models: Mapping[str, Sequence[Scored]], *, rng: np.random.Generator) -> list[Comparison]:
    """Every pair of models, as one family; a model without a scored answer is in none.

    Args:
        models: scored answers of the confirmation plan by title, each in the plan's order.
        rng: for the permutations.
    """
    found = [_pair(a, b, models[a], models[b], rng) for a, b in combinations(models, 2) if models[a] and models[b]]
    tested = [index for index, pair in enumerate(found) if pair.p is not None]
    adjusted = holm([p for pair in found if (p := pair.p) is not None])
    for index, p in zip(tested, adjusted, strict=True):
        found[index] = replace(found[index], p_holm=float(p))
    return found


def _pair(a: str, b: str, first: Sequence[Scored], second: Sequence[Scored], rng: np.random.Generator) -> Comparison:
    theirs = {answer.cell: answer for answer in second}
    shared = [answer for answer in first if answer.cell in theirs]
    if len(shared) < SHARED * min(len(first), len(second)):
        return _unpaired(a, b, first, second, rng)
    ours, others = ([float(answer.value) for answer in side] for side in (shared, [theirs[s.cell] for s in shared]))
    templates, questions = ([getattr(answer, name) for answer in shared] for name in ("template", "question"))
    difference = paired_difference(ours, others, templates, questions)
    assert difference is not None  # at least one cell is shared
    return Comparison(
        a,
        b,
        difference.value,
        difference.low,
        difference.high,
        difference.p,
        sign_flip_p(ours, others, templates, rng=rng),
        None,
        difference.n,
        difference.clusters,
        f"same cells, {difference.method}",
    )


def _unpaired(
    a: str, b: str, first: Sequence[Scored], second: Sequence[Scored], rng: np.random.Generator
) -> Comparison:
    values = [[float(answer.value) for answer in side] for side in (first, second)]
    clusters = [_clusters(side) for side in (first, second)]
    return Comparison(
        a,
        b,
        float(np.mean(values[0]) - np.mean(values[1])),
        None,
        None,
        unpaired_p(values[0], clusters[0], values[1], clusters[1], rng=rng),
        None,
        None,
        len(first) + len(second),
        sum(len({*side}) for side in clusters),
        "other cells, whole clusters swapped",
    )


def _clusters(side: Sequence[Scored]) -> list[str | None]:
    """Templates, or questions where all were asked bare."""
    bare = all(answer.template == BARE for answer in side)
    return [answer.question if bare else answer.template for answer in side]
