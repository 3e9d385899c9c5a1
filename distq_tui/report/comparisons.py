"""Do two models differ in a rate? Every pair, by the verdicts that hold in a report (see `distq_tui.ice.compare`)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from distq_tui.ice.compare import RateDifference, compare
from distq_tui.ice.rates import MEASURES
from distq_tui.report.answers import Answers, models_with_fact
from distq_tui.report.ice import scored

MOST_MODELS = 12
"""Above it no pairs are compared: 66 pairs are a family in which Holm leaves little, and more than anybody reads."""
NO_FACT = "not comparable: no fact of {} is known"
NOT_COMPLETED = "not comparable: the plan was not completed for {}"
NOTHING_SCORED = "not comparable: nothing of {} was scored"


def rate_differences(answers: Answers) -> Iterator[RateDifference]:
    """Each pair of models in loose, strict and hard; a measure's pairs are one family (Holm).

    A pair that can't be compared has no value, and its method says why.
    """
    models = [model for model in answers.by_model if answers.cells(model, "identity")]
    if not 1 < len(models) <= MOST_MODELS:
        return
    known = models_with_fact(answers.plan)
    for measure in MEASURES:
        values = {model: scored(answers, model, measure) for model in models}
        why = {
            model: NO_FACT
            if model not in known
            else NOT_COMPLETED
            if not answers.complete(model, "identity")
            else NOTHING_SCORED
            if not values[model]
            else ""
            for model in models
        }
        fit = {model: values[model] for model in models if not why[model]}
        found = {(pair.a, pair.b): pair for pair in compare(measure, fit, rng=np.random.default_rng(answers.plan.seed))}
        for a, b in combinations(models, 2):
            unfit = a if why[a] else b
            yield found.get((a, b)) or _incomparable(measure, a, b, why[unfit].format(unfit))


def _incomparable(measure: str, a: str, b: str, why: str) -> RateDifference:
    return RateDifference(measure, a, b, None, None, None, None, None, None, 0, 0, why)
