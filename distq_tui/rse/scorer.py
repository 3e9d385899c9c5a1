"""RSE as a live scorer: each closed answer meets the other models' answers to the same prompt, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from distq_tui.events import RSE_SCORED, ResponseClass, RseScored, ScoreEvent, ScoreUpdated
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
    cls: ResponseClass
    features: Features | None


@dataclass(slots=True)
class _Pair:
    """Two models: the samples that both were to give of each prompt, and what came of them."""

    samples: int
    feed: ClusterFeed
    scores: dict[Cell, float] = field(default_factory=dict)
    excluded: Counter[str] = field(default_factory=Counter)


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
    same cell, and no longer. Two models are compared over the samples that both were to give.

    Args:
        probes: the plan's probes, in the order that the live interval uses.
        samples: repeats of each prompt, by the title of every model that answers.
        seed: of the bootstrap.
    """

    name = "rse-offline"
    version = VERSION

    def __init__(self, probes: Sequence[Probe], samples: Mapping[str, int], *, seed: int = 0) -> None:
        self._prompts = tuple(dict.fromkeys(probe.prompt_id for probe in probes if probe.kind == "similarity"))
        self._samples = dict(samples)
        self._seed = seed
        self._open: dict[Cell, dict[str, _Answer]] = {}
        self._pairs: dict[tuple[str, str], _Pair] = {}

    def begin(self, trial: Trial) -> None:
        """Nothing is marked in a streaming answer."""
        del trial

    def score(self, result: TrialResult) -> Sequence[ScoreEvent]:
        """Similarities to the answers that were there before, and each pair's score as it stands."""
        trial = result.trial
        if trial.probe.kind != "similarity" or trial.sample >= self._samples.get(trial.model.title, 0):
            return ()
        return list(self._arrive(trial.model.title, (trial.probe.prompt_id, trial.sample), result))

    def _arrive(self, model: str, cell: Cell, result: TrialResult) -> Iterator[ScoreEvent]:
        cls = result.response.cls
        mine = _Answer(result.row, cls, features(result.response.text) if cls in RSE_SCORED else None)
        others = self._open.setdefault(cell, {})
        scores = _compare(mine, others)
        for other, theirs in others.items():
            (a, row_a), (b, row_b) = sorted(((model, mine.row), (other, theirs.row)))
            pair = self._pair(a, b)
            score = scores.get(other)
            if score is not None:
                pair.scores[cell] = score.rse
                yield RseScored(row_a, row_b, a, b, cell[0], score.content, score.structure, score.style)
            pair.feed.close(cell[0], None if score is None else score.rse)
            pair.excluded.update(answer.cls for answer in (mine, theirs) if answer.features is None)
            yield self._standing(a, b, pair)
        others[model] = mine
        if len(others) == sum(samples > cell[1] for samples in self._samples.values()):
            del self._open[cell]

    def _pair(self, a: str, b: str) -> _Pair:
        if (a, b) not in self._pairs:
            samples = min(self._samples[a], self._samples[b])
            self._pairs[a, b] = _Pair(samples, ClusterFeed(dict.fromkeys(self._prompts, samples)))
        return self._pairs[a, b]

    def _standing(self, a: str, b: str, pair: _Pair) -> ScoreUpdated:
        scored, excluded = len(pair.scores), dict(pair.excluded)
        if pair.feed.complete and pair.scores:
            # in the plan's order, or the bootstrap would give other limits whenever answers land in another order
            planned = ((prompt, sample) for prompt in self._prompts for sample in range(pair.samples))
            cells = [cell for cell in planned if cell in pair.scores]
            final = mean(
                [pair.scores[cell] for cell in cells],
                [prompt for prompt, _ in cells],
                rng=np.random.default_rng(self._seed),
            )
            if final is not None:
                return ScoreUpdated(
                    "rse", (a, b), final.value, final.low, final.high, scored, final.n, final.method, excluded
                )
        sequence = pair.feed.sequence
        low, high = sequence.interval if sequence.count else (None, None)
        return ScoreUpdated(
            "rse", (a, b), sequence.value, low, high, scored, sequence.count, "confidence sequence", excluded
        )
