"""The semantic aspect: answers as vectors of an OpenAI-compatible embeddings endpoint, where one is configured.

semantic = (1 + cosine) / 2 of the two answers' vectors, in [0, 1]; the endpoint's model is a part of the version. It
stands beside content, structure and style and is in no other score. A scorer has no network of its own: answers are
collected as they close, and whoever runs the session calls `catch_up` now and then and at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distq_tui.events import RSE_SCORED, Notice, ScoreUpdated
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Probe, Trial
from distq_tui.rse.live import scopes_of
from distq_tui.rse.semantic_client import Embeddings, EmbeddingsError
from distq_tui.rse.standing import Standing

Cell = tuple[str, int]
"""Prompt id and sample: what two models' answers must share to be compared."""

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Answer:
    model: str
    text: str | None
    cls: str


class SemanticScorer:
    """Semantic similarity of every pair of models over the plan's similarity prompts: the measure `rse.semantic`.

    Each distinct text is embedded once in a run. An endpoint that fails is told of in one notice and not asked again:
    the aspect is optional, and a run never waits for it.

    Args:
        embeddings: the endpoint.
        probes: the plan's probes, in the order that the live interval uses.
        samples: repeats of each prompt, by the title of every model that answers.
        seed: of the bootstrap.
    """

    name = "rse-semantic"

    def __init__(
        self, embeddings: Embeddings, probes: Sequence[Probe], samples: Mapping[str, int], *, seed: int = 0
    ) -> None:
        self.version = f"1 {embeddings.model}"
        self._embeddings, self._samples, self._seed = embeddings, dict(samples), seed
        self._sets = {probe.prompt_id: probe.set_name for probe in probes if probe.kind == "similarity"}
        self._scopes: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for suffix, prompts in scopes_of(self._sets):
            for prompt in prompts:
                self._scopes.setdefault(prompt, []).append((suffix, prompts))
        self._open: dict[Cell, list[_Answer]] = {}
        self._waiting: list[tuple[Cell, _Answer, _Answer]] = []
        self._vectors: dict[str, Vector] = {}
        self._standings: dict[tuple[str, str, str], Standing] = {}
        self._off = False

    def begin(self, trial: Trial) -> None:
        """Nothing is marked in a streaming answer."""
        del trial

    def score(self, result: TrialResult) -> Sequence[ScoreUpdated]:
        """Take a closed answer; pairs that can't be compared are closed now, the others at the next `catch_up`."""
        trial = result.trial
        model, cell = trial.model.title, (trial.probe.prompt_id, trial.sample)
        if cell[0] not in self._sets or trial.sample >= self._samples.get(model, 0):
            return ()
        response = result.response
        comparable = response.cls in RSE_SCORED and bool(response.text.strip())
        mine = _Answer(model, response.text.strip() if comparable else None, response.cls)
        others = self._open.setdefault(cell, [])
        events: list[ScoreUpdated] = []
        for theirs in others:
            if mine.text is None or theirs.text is None:
                events += self._close(cell, mine, theirs, None)
            else:
                self._waiting.append((cell, mine, theirs))
        others.append(mine)
        if len(others) == sum(samples > trial.sample for samples in self._samples.values()):
            del self._open[cell]
        return events

    async def catch_up(self) -> list[ScoreUpdated | Notice]:
        """Embed what is new, and give the scores that it changes; nothing where the endpoint has failed before."""
        if self._off or not self._waiting:
            return []
        waiting, self._waiting = self._waiting, []
        texts = dict.fromkeys(text for _, *pair in waiting for answer in pair if (text := answer.text) is not None)
        new = [text for text in texts if text not in self._vectors]
        try:
            vectors = await self._embeddings.embed(new)
        except EmbeddingsError as error:
            self._off = True
            return [Notice(f"no semantic aspect: {error}")]
        self._vectors.update(zip(new, vectors, strict=True))
        return [
            event
            for cell, mine, theirs in waiting
            for event in self._close(cell, mine, theirs, self._alike(mine, theirs))
        ]

    def _alike(self, mine: _Answer, theirs: _Answer) -> float:
        assert mine.text is not None  # only such pairs wait
        assert theirs.text is not None
        cosine = float(self._vectors[mine.text] @ self._vectors[theirs.text])
        return min(1.0, max(0.0, (1.0 + cosine) / 2.0))

    def _close(self, cell: Cell, mine: _Answer, theirs: _Answer, value: float | None) -> Iterator[ScoreUpdated]:
        a, b = sorted((mine.model, theirs.model))
        excluded = [answer.cls for answer in (mine, theirs) if answer.text is None]
        for suffix, prompts in self._scopes[cell[0]]:
            key = (suffix, a, b)
            if key not in self._standings:
                cells = min(self._samples[a], self._samples[b])
                name = f"rse.semantic{suffix}"
                self._standings[key] = Standing(name, (a, b), prompts, cells, seed=self._seed)
            yield self._standings[key].close(cell[0], cell[1], value, excluded)
