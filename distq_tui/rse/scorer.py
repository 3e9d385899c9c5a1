"""RSE as a live scorer: each closed answer meets the other models' answers to the same prompt, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from distq_tui.events import RSE_SCORED, RseScored, ScoreEvent, ScoreUpdated
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Probe, Trial
from distq_tui.rse.compare import PairScore, pair_score, row_block
from distq_tui.rse.features import VERSION, Features, features
from distq_tui.stats import ClusterFeed, mean

Cell = tuple[str, int]
"""Prompt id and sample: what two models' answers must share to be compared."""


@dataclass(slots=True)
class _Answer:
    row: int
    features: Features | None


@dataclass(slots=True)
class _Pair:
    feed: ClusterFeed
    by_prompt: dict[str, list[float]] = field(default_factory=dict)


def _compare(mine: _Answer, others: Mapping[str, _Answer]) -> dict[str, PairScore]:
    """The scores against those of the others that have an answer to compare."""
    if mine.features is None:
        return {}
    known = {name: answer.features for name, answer in others.items() if answer.features is not None}
    if not known:
        return {}
    block = row_block(mine.features, list(known.values()))
    return {name: pair_score(block[:, column]) for column, name in enumerate(known)}


class RseScorer:
    """Similarity of every pair of models over the plan's similarity prompts.

    An arrival costs one comparison for each other model. An answer's features are kept until all models have closed the
    same cell, and no longer.

    Args:
        probes: the plan's probes, in the order that the live interval uses.
        models: titles of the models that answer.
        samples: repeats of each prompt.
        seed: of the bootstrap.
    """

    name = "rse-offline"
    version = VERSION

    def __init__(self, probes: Sequence[Probe], models: Sequence[str], *, samples: int = 1, seed: int = 0) -> None:
        self._cells = {probe.prompt_id: samples for probe in probes if probe.kind == "similarity"}
        self._models = tuple(models)
        self._seed = seed
        self._open: dict[Cell, dict[str, _Answer]] = {}
        self._pairs: dict[tuple[str, str], _Pair] = {}
        self._excluded: dict[str, Counter[str]] = {model: Counter() for model in models}

    def begin(self, trial: Trial) -> None:
        """Nothing is marked in a streaming answer."""
        del trial

    def score(self, result: TrialResult) -> Sequence[ScoreEvent]:
        """Similarities to the answers that were there before, and each pair's score as it stands."""
        trial = result.trial
        if trial.probe.kind != "similarity" or trial.model.title not in self._excluded:
            return ()
        return list(self._arrive(trial.model.title, (trial.probe.prompt_id, trial.sample), result))

    def _arrive(self, model: str, cell: Cell, result: TrialResult) -> Iterator[ScoreEvent]:
        scored = result.response.cls in RSE_SCORED
        if not scored:
            self._excluded[model][result.response.cls] += 1
        mine = _Answer(result.row, features(result.response.text) if scored else None)
        others = self._open.setdefault(cell, {})
        scores = _compare(mine, others)
        for other, theirs in others.items():
            (a, row_a), (b, row_b) = sorted(((model, mine.row), (other, theirs.row)))
            pair = self._pair(a, b)
            score = scores.get(other)
            if score is not None:
                pair.by_prompt.setdefault(cell[0], []).append(score.rse)
                yield RseScored(row_a, row_b, a, b, cell[0], score.content, score.structure, score.style)
            pair.feed.close(cell[0], None if score is None else score.rse)
            yield self._standing(a, b, pair)
        others[model] = mine
        if len(others) == len(self._models):
            del self._open[cell]

    def _pair(self, a: str, b: str) -> _Pair:
        if (a, b) not in self._pairs:
            self._pairs[a, b] = _Pair(ClusterFeed(self._cells))
        return self._pairs[a, b]

    def _standing(self, a: str, b: str, pair: _Pair) -> ScoreUpdated:
        excluded = dict(self._excluded[a] + self._excluded[b])
        sequence, scored = pair.feed.sequence, sum(map(len, pair.by_prompt.values()))
        if pair.feed.complete and pair.by_prompt:
            # in the plan's order, or the bootstrap would give other limits whenever answers land in another order
            ordered = [(prompt, value) for prompt in self._cells for value in pair.by_prompt.get(prompt, ())]
            final = mean(
                [value for _, value in ordered],
                [prompt for prompt, _ in ordered],
                rng=np.random.default_rng(self._seed),
            )
            if final is not None:
                return ScoreUpdated(
                    "rse", (a, b), final.value, final.low, final.high, scored, final.n, final.method, excluded
                )
        low, high = sequence.interval
        return ScoreUpdated(
            "rse", (a, b), sequence.value, low, high, scored, sequence.count, "confidence sequence", excluded
        )
