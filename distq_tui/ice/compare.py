"""Do two models differ in a rate? Cell by cell where both were asked the same, by swapping templates where not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from distq_tui.ice.rates import Scored, template_cluster
from distq_tui.plan.design import BARE
from distq_tui.stats import in_one_family, paired_difference, sign_flip_p, unpaired_p

SHARED = 0.5
"""Share of the cells of the model with fewer that both must have for a paired comparison over the shared ones."""


@dataclass(frozen=True, slots=True)
class RateDifference:
    """A rate of `a` minus that of `b`.

    Attributes:
        measure: which rate.
        value: in [-1, 1]; None where they can't be compared, and `method` says why.
        low, high: its 95 % interval; None where the models share no cells.
        p: two-sided, for models asked any questions of this kind; None where there are too few templates for a test.
        p_list: by sign flips over templates, for this very list of questions alone; None where it does not apply.
        p_holm: `p` within the family of comparisons that were made together (Holm).
        n: pairs of answers, or answers of both; `clusters` the templates behind it.
    """

    measure: str
    a: str
    b: str
    value: float | None
    low: float | None
    high: float | None
    p: float | None
    p_list: float | None
    p_holm: float | None
    n: int
    clusters: int
    method: str


def compare(measure: str, models: Mapping[str, Sequence[Scored]], *, rng: np.random.Generator) -> list[RateDifference]:
    """Every pair of models, as one family; a model without a scored answer is in none.

    Args:
        measure: what was scored.
        models: scored answers of the confirmation plan by title, each in the plan's order.
        rng: for the permutations.
    """
    pairs = [(a, b) for a, b in combinations(models, 2) if models[a] and models[b]]
    return in_one_family([_pair((measure, a, b), models[a], models[b], rng) for a, b in pairs])


def _pair(
    what: tuple[str, str, str], first: Sequence[Scored], second: Sequence[Scored], rng: np.random.Generator
) -> RateDifference:
    theirs = {answer.cell: answer for answer in second}
    shared = [answer for answer in first if answer.cell in theirs]
    if len(shared) < SHARED * min(len(first), len(second)):
        return _unpaired(what, first, second, rng)
    ours, others = ([float(answer.value) for answer in side] for side in (shared, [theirs[s.cell] for s in shared]))
    templates = [template_cluster(answer.template) for answer in shared]
    questions = [answer.question for answer in shared]
    difference = paired_difference(ours, others, templates, questions)
    assert difference is not None  # at least one cell is shared
    return RateDifference(
        *what,
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
    what: tuple[str, str, str], first: Sequence[Scored], second: Sequence[Scored], rng: np.random.Generator
) -> RateDifference:
    values = [[float(answer.value) for answer in side] for side in (first, second)]
    clusters = [_clusters(side) for side in (first, second)]
    return RateDifference(
        *what,
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
    return [answer.question if bare else template_cluster(answer.template) for answer in side]
