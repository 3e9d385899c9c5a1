"""Similarity of each pair of models, set by set and over all: the stored per-prompt scores, and their intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from distq_tui.plan.run_plan import RunPlan
from distq_tui.report.answers import Answer, Answers, Cell
from distq_tui.report.ice import exclusions
from distq_tui.report.model import Exclusions, Figure
from distq_tui.report.rate_cells import NOTHING, SEQUENCE
from distq_tui.rse.position import ceiling_score
from distq_tui.rse.semantic import semantic_version
from distq_tui.rse.verdict_scores import SetScores
from distq_tui.stats import ClusterFeed, ConfidenceSequence, mean
from distq_tui.store import PairRow, Store

ASPECTS = ("content", "structure", "style")
SEMANTIC = "semantic"
"""The aspect that stands beside these three and is in no mean of theirs."""
RSE_SCORER = "rse-offline"

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PairScores:
    """Per-prompt similarities of one pair of models by cell; each triple is content, structure, style in [0, 1].

    `semantic` stands beside them, where an embeddings endpoint gave vectors, and is in no mean of theirs.
    """

    models: Pair
    cells: Mapping[Cell, tuple[float, float, float]]
    semantic: Mapping[Cell, float] = field(default_factory=dict)

    def rse(self, cell: Cell) -> float | None:
        """Mean of the three aspects on one cell; None where it was not scored."""
        triple = self.cells.get(cell)
        return None if triple is None else sum(triple) / 3


def read_pairs(store: Store, session: str, plan: RunPlan) -> list[PairRow]:
    """The stored similarities of a session, with the semantic ones of its plan's own endpoint beside them."""
    version = None if plan.embeddings is None else semantic_version(plan.embeddings)
    return list(store.session_pairs(session, scorer=RSE_SCORER, semantic=version))


def pair_scores(plan: RunPlan, rows: Iterable[PairRow]) -> list[PairScores]:
    """Every pair of answering models in the plan's order (the target first), with whatever is stored of it.

    Only answers with the same sample index are compared, as in the live score; a model's own samples are in
    `own_scores`.
    """
    order = _by_role(plan)
    stored: dict[frozenset[str], dict[Cell, tuple[float, float, float]]] = {}
    semantic: dict[frozenset[str], dict[Cell, float]] = {}
    for row in rows:
        if row.model_a != row.model_b and row.sample_a == row.sample_b and row.kind == "similarity":
            both, cell = frozenset((row.model_a, row.model_b)), (row.prompt_id, row.sample_a)
            stored.setdefault(both, {})[cell] = (row.content, row.structure, row.style)
            if row.semantic is not None:
                semantic.setdefault(both, {})[cell] = row.semantic
    return [
        PairScores(pair, stored.get(frozenset(pair), {}), semantic.get(frozenset(pair), {}))
        for pair in combinations(order, 2)
    ]


def prompt_sets(plan: RunPlan) -> dict[str, list[str]]:
    """The ids of the similarity prompts by set, in the order asked."""
    sets: dict[str, list[str]] = {}
    for probe in plan.probes:
        if probe.kind == "similarity":
            sets.setdefault(probe.set_name, []).append(probe.prompt_id)
    return sets


def rse_figures(answers: Answers, pairs: Sequence[PairScores]) -> Iterator[Figure]:
    """Each pair on each set, and over all sets where there are several."""
    for pair in pairs:
        for domain, prompts in _domains(answers.plan):
            yield _rse_figure(answers, pair, domain, prompts)


def semantic_figures(answers: Answers, pairs: Sequence[PairScores]) -> Iterator[Figure]:
    """The same for the semantic aspect; of a pair and set only where there are vectors."""
    for pair in pairs:
        for domain, prompts in _domains(answers.plan):
            cells = common_cells(answers, pair.models, prompts)
            waiting = {cell for cell in cells if cell in pair.cells and cell not in pair.semantic}
            scores = _on(cells, pair.semantic.get)
            if scores:
                yield _figure(answers, SEMANTIC, (pair.models, domain), cells, scores, waiting=waiting)


def _domains(plan: RunPlan) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """Scope and part of each figure, and its prompts."""
    sets = prompt_sets(plan)
    for name, prompts in sets.items():
        yield ("set", name), prompts
    if len(sets) > 1:
        yield ("all", ""), [prompt for prompts in sets.values() for prompt in prompts]


def rse_exclusions(answers: Answers) -> Iterator[Exclusions]:
    """What of each model's answers to similarity prompts could be compared, and what not."""
    for model in answers.by_model:
        cells = answers.cells(model, "similarity")
        if cells:
            yield exclusions(model, "RSE", cells, answers, lambda answer: answer.rse_class)


def set_scores(
    answers: Answers,
    pairs: Iterable[PairScores],
    prompts: Sequence[str],
    own: Mapping[str, Mapping[str, float]] | None = None,
) -> SetScores:
    """The similarities on one set by prompt, samples averaged; `own` holds the ceilings, by title and prompt."""
    found: dict[frozenset[str], dict[str, float]] = {}
    for pair in pairs:
        samples: dict[str, list[float]] = {}
        for cell in common_cells(answers, pair.models, prompts):
            value = pair.rse(cell)
            if value is not None:
                samples.setdefault(cell[0], []).append(value)
        found[frozenset(pair.models)] = {prompt: float(np.mean(values)) for prompt, values in samples.items()}
    for title, ceiling in (own or {}).items():
        found[frozenset((title,))] = {prompt: ceiling[prompt] for prompt in prompts if prompt in ceiling}
    return SetScores(tuple(prompts), found)


def own_scores(answers: Answers, rows: Iterable[PairRow]) -> dict[str, dict[str, float]]:
    """By title and prompt, how alike a model's own samples are; identical texts are no ceiling and count nothing."""
    found: dict[str, dict[str, dict[tuple[int, int], float]]] = {}
    for row in rows:
        if row.model_a == row.model_b and row.kind == "similarity" and row.model_a in answers.by_model:
            prompts = found.setdefault(row.model_a, {})
            pair = (min(row.sample_a, row.sample_b), max(row.sample_a, row.sample_b))
            prompts.setdefault(row.prompt_id, {})[pair] = (row.content + row.structure + row.style) / 3
    return {title: _ceilings(answers.by_model[title], prompts) for title, prompts in found.items()}


def _ceilings(
    answers: Mapping[Cell, Answer], prompts: Mapping[str, Mapping[tuple[int, int], float]]
) -> dict[str, float]:
    ceilings = {}
    for prompt, scores in prompts.items():
        texts = {s: answers[prompt, s].row.response.text for pair in scores for s in pair if (prompt, s) in answers}
        known = {pair: score for pair, score in scores.items() if all(s in texts for s in pair)}
        value = ceiling_score(texts, known)
        if value is not None:
            ceilings[prompt] = value
    return ceilings


def common_cells(answers: Answers, pair: Pair, prompts: Sequence[str]) -> list[Cell]:
    """The cells that both models of a pair were to answer."""
    samples = min(answers.samples(model) for model in pair)
    return [(prompt, sample) for prompt in prompts for sample in range(samples)]


def _by_role(plan: RunPlan) -> list[str]:
    """Targets, then references, then controls, each in the plan's order."""
    roles = ("target", "reference", "control")
    return [model.title for role in roles for model in plan.answering if model.role == role]


def _on(cells: Iterable[Cell], score: Callable[[Cell], float | None]) -> dict[Cell, float]:
    """The scores of those cells that have one."""
    return {cell: value for cell in cells if (value := score(cell)) is not None}


def _rse_figure(answers: Answers, pair: PairScores, domain: tuple[str, str], prompts: Sequence[str]) -> Figure:
    cells = common_cells(answers, pair.models, prompts)
    scores = _on(cells, pair.rse)
    if not scores:
        return Figure("rse", pair.models, *domain, None, None, None, 0, 0, None, None, None, None, NOTHING)
    figure = _figure(answers, "rse", (pair.models, domain), cells, scores)
    closed = _closed(answers, pair.models, cells)
    aspects = {}
    for place, aspect in enumerate(ASPECTS):
        # over the prompts that the mean of them is over, so that it is their mean at any moment
        values = {cell: pair.cells[cell][place] for cell in scores}
        value = (
            float(np.mean(list(values.values()))) if len(closed) == len(cells) else entered(cells, closed, values).value
        )
        if value is not None:
            aspects[aspect] = value
    return replace(figure, aspects=aspects)


def _figure(
    answers: Answers,
    measure: str,
    of: tuple[Pair, tuple[str, str]],
    cells: Sequence[Cell],
    scores: Mapping[Cell, float],
    *,
    waiting: Collection[Cell] = (),
) -> Figure:
    """The mean with its interval: fixed-n where all cells are closed, else the confidence sequence."""
    models, domain = of
    closed = _closed(answers, models, cells, waiting)
    if len(closed) == len(cells):
        value, low, high, clusters, method = _fixed(scores, answers.plan.seed)
    else:
        value, low, high, clusters, method = _so_far(entered(cells, closed, scores))
    return Figure(measure, models, *domain, value, low, high, len(scores), clusters, None, None, None, None, method)


def _closed(answers: Answers, models: Pair, cells: Iterable[Cell], waiting: Collection[Cell] = ()) -> list[Cell]:
    """The cells of which both answers are closed, and no score is `waiting` for something still to come."""
    return [cell for cell in cells if cell not in waiting and all(answers.closed(model, cell) for model in models)]


_Interval = tuple[float | None, float | None, float | None, int, str]
"""Value, limits, clusters and method."""


def _fixed(scores: Mapping[Cell, float], seed: int) -> _Interval:
    found = mean(list(scores.values()), [prompt for prompt, _ in scores], rng=np.random.default_rng(seed))
    assert found is not None  # there is a value
    return found.value, found.low, found.high, found.n, found.method


def _so_far(sequence: ConfidenceSequence) -> _Interval:
    low, high = sequence.interval if sequence.count else (None, None)
    return sequence.value, low, high, sequence.count, SEQUENCE


def entered(cells: Iterable[Cell], closed: Iterable[Cell], scores: Mapping[Cell, float]) -> ConfidenceSequence:
    """The sequence over the prompts whose cells are all closed, as far as they come first in the plan."""
    feed = ClusterFeed(Counter(prompt for prompt, _ in cells))
    for cell in closed:
        feed.close(cell[0], scores.get(cell))
    return feed.sequence
