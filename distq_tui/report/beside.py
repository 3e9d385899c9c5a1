"""What stands beside the RSE of each pair: length-matched value, excess over unrelated pairs, pool z."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations, permutations

import numpy as np

from distq_tui.engine.cast import relatives
from distq_tui.ice.facts import load_facts
from distq_tui.plan.run_plan import RunPlan
from distq_tui.report.answers import Answers
from distq_tui.report.model import Beside
from distq_tui.report.rse import PairScores, common_cells, prompt_sets, set_scores
from distq_tui.rse.length import length, matched
from distq_tui.rse.pool import MIN_PAIRS, POOL_SIZE, pool_z
from distq_tui.rse.verdict_controls import family_key
from distq_tui.rse.verdict_scores import SetScores
from distq_tui.stats.crossed import NO_SPREAD

Pair = frozenset[str]


def beside_rse(answers: Answers, pairs: Sequence[PairScores]) -> Iterator[Beside]:
    """One for each pair on each similarity set, in the order of the RSE figures."""
    kin, unrelated = relatives(answers.plan), _unrelated(answers.plan)
    found: dict[tuple[Pair, str], Beside] = {}
    for name, prompts in prompt_sets(answers.plan).items():
        scores = set_scores(answers, pairs, prompts)
        z = _pool(scores, list(answers.by_model), kin)
        excess = _excesses(scores, unrelated or {frozenset(pair.models) for pair in pairs})
        for pair in pairs:
            both, alike = frozenset(pair.models), _length_matched(answers, pair, prompts)
            over = excess.get(both, [])
            found[both, name] = Beside(
                models=pair.models,
                prompt_set=name,
                matched=_mean(alike),
                matched_n=len(alike),
                excess=_mean(over),
                excess_n=len(over),
                pool_z=z.get(both),
            )
    for pair in pairs:
        yield from (found[frozenset(pair.models), name] for name in prompt_sets(answers.plan))


def _length_matched(answers: Answers, pair: PairScores, prompts: Sequence[str]) -> list[float]:
    """The pair's scores on the cells where both answers are about equally long."""
    first, second = (answers.by_model[model] for model in pair.models)
    found = []
    for cell in common_cells(answers, pair.models, prompts):
        value = pair.rse(cell)
        if value is not None and cell in first and cell in second:
            lengths = [length(side[cell].row.response.text) for side in (first, second)]
            if matched(*lengths):
                found.append(value)
    return found


def _unrelated(plan: RunPlan) -> set[Pair]:
    """Pairs of a control of no family under test with a model of another family; an unknown one may be the other's.

    A control of a reference's family is close to the target wherever the reference is, so that such a pair says nothing
    of unrelated models. A script is no sample of what those are like, so that none is paired with a real model.
    """
    lookup = load_facts().lookup
    family = {model.title: family_key(model, lookup) for model in plan.answering}
    under_test = {family[model.title] for model in plan.answering if model.role != "control"}
    return {
        frozenset((one.title, other.title))
        for one, other in permutations(plan.answering, 2)
        if one.role == "control"
        and one.simulated == other.simulated
        and family[one.title] not in {None, family[other.title], *under_test}
        and family[other.title] is not None
    }


def _pool(scores: SetScores, models: Sequence[str], related: Collection[Pair]) -> dict[Pair, float]:
    """Pool z by pair; nothing below eight models."""
    if len(models) < POOL_SIZE:
        return {}
    square = np.full((len(models), len(models)), np.nan)
    kin = np.zeros(square.shape, dtype=bool)
    for (a, one), (b, other) in combinations(enumerate(models), 2):
        mean = scores.mean(one, other)
        square[a, b] = square[b, a] = np.nan if mean is None else mean
        kin[a, b] = kin[b, a] = frozenset((one, other)) in related
    z = pool_z(square, relatives=kin)
    return {
        frozenset((one, other)): float(z[a, b])
        for (a, one), (b, other) in combinations(enumerate(models), 2)
        if np.isfinite(z[a, b])
    }


def _excesses(scores: SetScores, null: set[Pair]) -> dict[Pair, list[float]]:
    """By pair, its score on each prompt less the mean of the null's pairs, over their standard deviation.

    A prompt with fewer than three pairs of the null, or none of them unlike the others, says nothing.
    """
    found: dict[Pair, list[float]] = {}
    for prompt in scores.prompts:
        here: Mapping[Pair, float] = {
            pair: values[prompt] for pair, values in scores.pairs.items() if len(pair) > 1 and prompt in values
        }
        usual = [value for pair, value in here.items() if pair in null]
        sd = float(np.std(usual, ddof=1)) if len(usual) >= MIN_PAIRS else 0.0
        if sd > NO_SPREAD:
            centre = float(np.mean(usual))
            for pair, value in here.items():
                found.setdefault(pair, []).append((value - centre) / sd)
    return found


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
