"""The semantic aspect: answers as vectors of an OpenAI-compatible embeddings endpoint, where one is configured.

semantic = (1 + cosine) / 2 of the two answers' vectors, in [0, 1]; endpoint and model are a part of the version. It
stands beside content, structure and style and is in no other score. A scorer has no network of its own: it says which
texts it wants as vectors, and whoever runs the session gives them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distq_tui.events import RSE_SCORED, ScoreEvent, SemanticScored
from distq_tui.plan.run_plan import Embeddings
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Probe, Trial
from distq_tui.rse.live import scopes_of
from distq_tui.rse.standing import Standing

Cell = tuple[str, int]
"""Prompt id and sample: what two models' answers must share to be compared."""

OTHER_LENGTH = "vectors of other length"
"""Counted like a class: the endpoint changed its model between two requests."""

Vector = NDArray[np.float64]


def semantic_version(embeddings: Embeddings) -> str:
    """Names the formula, the endpoint and its model: similarities of different ones are never mixed."""
    return f"1 {embeddings.base_url} {embeddings.model}"


@dataclass(frozen=True, slots=True)
class _Answer:
    model: str
    row: int
    text: str | None
    cls: str


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Two answers whose vectors are not all known yet."""

    cell: Cell
    mine: _Answer
    theirs: _Answer
    texts: tuple[str, str]


class SemanticScorer:
    """Semantic similarity of every pair of models over the plan's similarity prompts: the measure `rse.semantic`.

    Args:
        embeddings: the endpoint that the vectors will be of.
        probes: the plan's probes, in the order that the live interval uses.
        samples: repeats of each prompt, by the title of every model that answers.
        seed: of the bootstrap.
    """

    name = "rse-semantic"

    def __init__(
        self, embeddings: Embeddings, probes: Sequence[Probe], samples: Mapping[str, int], *, seed: int = 0
    ) -> None:
        self.version = semantic_version(embeddings)
        self._samples, self._seed = dict(samples), seed
        self._sets = {probe.prompt_id: probe.set_name for probe in probes if probe.kind == "similarity"}
        self._scopes: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for suffix, prompts in scopes_of(self._sets):
            for prompt in prompts:
                self._scopes.setdefault(prompt, []).append((suffix, prompts))
        self._open: dict[Cell, list[_Answer]] = {}
        self._waiting: list[_Waiting] = []
        self._vectors: dict[str, Vector] = {}
        self._standings: dict[tuple[str, str, str], Standing] = {}

    def begin(self, trial: Trial) -> None:
        """Nothing is marked in a streaming answer."""
        del trial

    def score(self, result: TrialResult) -> Sequence[ScoreEvent]:
        """Take a closed answer; pairs that can't be compared are closed now, the others when `take` has their texts."""
        trial = result.trial
        model, cell = trial.model.title, (trial.probe.prompt_id, trial.sample)
        if cell[0] not in self._sets or trial.sample >= self._samples.get(model, 0):
            return ()
        response = result.response
        comparable = response.cls in RSE_SCORED and bool(response.text.strip())
        mine = _Answer(model, result.row, response.text.strip() if comparable else None, response.cls)
        others = self._open.setdefault(cell, [])
        events: list[ScoreEvent] = []
        for theirs in others:
            if mine.text is None or theirs.text is None:
                events += self._close(cell, mine, theirs, None)
            else:
                self._waiting.append(_Waiting(cell, mine, theirs, (mine.text, theirs.text)))
        others.append(mine)
        if len(others) == sum(samples > trial.sample for samples in self._samples.values()):
            del self._open[cell]
        return events

    def wanted(self) -> list[str]:
        """The texts whose vectors are waited for, each once, in order of arrival."""
        texts = dict.fromkeys(text for waiting in self._waiting for text in waiting.texts)
        return [text for text in texts if text not in self._vectors]

    def take(self, vectors: Mapping[str, Vector]) -> list[ScoreEvent]:
        """Take vectors of length 1 by text, and give the scores that can now be made."""
        self._vectors.update(vectors)
        ready = [one for one in self._waiting if all(text in self._vectors for text in one.texts)]
        self._waiting = [one for one in self._waiting if not all(text in self._vectors for text in one.texts)]
        events: list[ScoreEvent] = []
        for one in ready:
            value = _alike(*(self._vectors[text] for text in one.texts))
            a, b = sorted((one.mine, one.theirs), key=lambda answer: answer.model)
            if value is not None:
                events.append(SemanticScored(a.row, b.row, a.model, b.model, one.cell[0], value, self.version))
            events += self._close(one.cell, a, b, value)
        self._forget()
        return events

    def _forget(self) -> None:
        """Keep the vectors that something may still be compared with, so that memory does not grow with the prompts."""
        texts = {text for one in self._waiting for text in one.texts}
        texts |= {answer.text for answers in self._open.values() for answer in answers if answer.text is not None}
        self._vectors = {text: vector for text, vector in self._vectors.items() if text in texts}

    def _close(self, cell: Cell, mine: _Answer, theirs: _Answer, value: float | None) -> Iterator[ScoreEvent]:
        a, b = sorted((mine.model, theirs.model))
        left_out = [answer.cls for answer in (mine, theirs) if answer.text is None]
        excluded = left_out or ([OTHER_LENGTH] if value is None else [])
        for suffix, prompts in self._scopes[cell[0]]:
            key = (suffix, a, b)
            if key not in self._standings:
                cells = min(self._samples[a], self._samples[b])
                name = f"rse.semantic{suffix}"
                self._standings[key] = Standing(name, (a, b), prompts, cells, seed=self._seed)
            yield self._standings[key].close(cell[0], cell[1], value, excluded)


def _alike(one: Vector, other: Vector) -> float | None:
    return min(1.0, max(0.0, (1.0 + float(one @ other)) / 2.0)) if one.shape == other.shape else None
