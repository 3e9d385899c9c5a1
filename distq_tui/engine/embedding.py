"""Vectors for the semantic aspect: stored ones first, then whole batches, with a run's pauses, retries and budget.

An endpoint that fails for good is told of in one notice and not asked again: the aspect is optional, and no run waits
for it or ends because of it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from distq_tui.engine.budget import Spending
from distq_tui.engine.clock import Clock
from distq_tui.engine.lane import Lane
from distq_tui.engine.retry import wait_before
from distq_tui.events import Event, Notice, ScoreEvent, TextsEmbedded, Usage
from distq_tui.plan.run_plan import Embeddings
from distq_tui.plan.tokens import estimate_tokens
from distq_tui.plan.trial import content_hash
from distq_tui.providers.base import ProviderError
from distq_tui.providers.embeddings import BATCH, MAX_CHARS, Embedded, EmbeddingsClient
from distq_tui.rse.semantic import SemanticScorer, Vector
from distq_tui.store import StoreThread


@dataclass(frozen=True, slots=True)
class Semantic:
    """What a plan's `[embeddings]` brings into a run."""

    embeddings: Embeddings
    client: EmbeddingsClient
    scorer: SemanticScorer


@dataclass(slots=True)
class Embedder:
    """Gives a scorer the vectors that it wants. One for a run, one request at a time, in the endpoint's own lane.

    Args:
        semantic: whom to ask, for whom.
        store: where vectors are looked up and kept.
        spending: the run's budget. Where there is one, vectors wait for the end: answers and judges come first.
        attempts: how often one batch is sent before the endpoint is given up.
        clock, rng: time, and the jitter of retries.
        lane: shared with the trials of models at the same endpoint.
        emit: takes events.
        tell: takes scores, to be stored and emitted.
    """

    semantic: Semantic
    store: StoreThread
    spending: Spending
    attempts: int
    clock: Clock
    rng: random.Random
    lane: Lane
    emit: Callable[[Event], None]
    tell: Callable[[Sequence[ScoreEvent]], None]
    retries: int = 0
    _off: bool = False

    async def catch_up(self, *, last: bool = False) -> None:
        """Embed what is wanted: whole batches while answers still come, everything at the `last` call."""
        wanted = self.semantic.scorer.wanted()
        budget = self.spending.budget
        budgeted = budget.max_requests is not None or budget.max_cost is not None
        if self._off or not wanted or not (last or (len(wanted) >= BATCH and not budgeted)):
            return
        # texts that are cut alike are one text to the endpoint
        hashes = {text: content_hash(text[:MAX_CHARS]) for text in wanted}
        place = {"endpoint": self.semantic.embeddings.base_url, "model": self.semantic.embeddings.model}
        stored = await self.store.call(lambda store: store.vectors(hashes.values(), **place), group=False)
        known = {text: np.array(stored[name]) for text, name in hashes.items() if name in stored}
        if known:
            self.emit(TextsEmbedded(self.semantic.embeddings.model, len(known), cached=True, cost=0.0))
            self._give(known)
        missing = [text for text in wanted if text not in known]
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            if self._off or (len(batch) < BATCH and not last):
                return
            async with self.lane.slots:
                found = await self._ask([text[:MAX_CHARS] for text in batch])
            if found is None:
                self._off = True
                return
            vectors = dict(zip(batch, found.vectors, strict=True))
            rows = {hashes[text]: vector.tolist() for text, vector in vectors.items()}
            at = self.clock.now()
            await self.store.call(lambda store, rows=rows, at=at: store.add_vectors(rows, at=at, **place))  # type: ignore[misc]
            self._give(vectors)

    def _give(self, vectors: Mapping[str, Vector]) -> None:
        self.tell(self.semantic.scorer.take(vectors))

    async def _ask(self, texts: Sequence[str]) -> Embedded | None:
        """One batch until it is answered or given up; None then, after a notice."""
        spec, attempt, waited = self.semantic.embeddings.spec, 1, 0.0
        expected = Usage(sum(estimate_tokens(text) for text in texts), 0, "estimated")
        while True:
            await self.lane.clear()
            reserved = await self.spending.reserve(spec, expected)
            if reserved is None:
                self.emit(Notice("the semantic aspect is not complete: the budget is used up", spec.title))
                return None
            usage: Usage | None = None
            try:
                found = await self.semantic.client.embed(texts)
                usage = found.usage
            except ProviderError as error:
                failure = error
            finally:
                cost = self.spending.settle(spec, usage, reserved)
            self.emit(TextsEmbedded(spec.title, len(texts) if usage else 0, cached=False, cost=cost))
            if usage is not None:
                return found
            if not failure.retryable or attempt >= self.attempts:
                self.emit(Notice(f"no semantic aspect: {failure.message}", spec.title))
                return None
            wait = wait_before(attempt, failure, self.rng, waited)
            self.lane.hold(failure.retry_after)
            self.retries += 1
            self.emit(Notice(f"embeddings again in {wait:.1f} s: {failure.message}", spec.title))
            waited = await self.lane.wait(wait)
            attempt += 1
