"""How trials end: stored, told, scored, counted; and what a run came to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from distq_tui.engine.asking import Outcome
from distq_tui.events import (
    COMPLETE,
    Event,
    IceJudged,
    IceScored,
    RseJudged,
    RseScored,
    RunFinished,
    ScoreEvent,
    SearchStep,
    SemanticScored,
    StopReason,
    TrialFinished,
    TrialStarted,
)
from distq_tui.plan.source import TrialResult, broken_off
from distq_tui.plan.trial import Trial
from distq_tui.scoring import Scorer
from distq_tui.store import Store, StoredResponse, StoreThread

BACKLOG = 200
"""Answers that may wait for the store, and scores that may: two of its group commits."""


@dataclass(slots=True)
class Counts:
    """A run's trials: `open` ones are handed out and not closed; `answered` ones have a complete class.

    `hits` were served without a call; `resumed` are those of them that the session had asked for itself.
    """

    total: int = 0
    open: int = 0
    done: int = 0
    failed: int = 0
    hits: int = 0
    resumed: int = 0
    answered: int = 0


class Closer:
    """Closes trials.

    Args:
        store: where answers and scores are kept.
        session: the session that the rows belong to.
        scorers: told of every closed trial but those broken off; what they find is stored and emitted.
        emit: takes events.
    """

    def __init__(
        self, store: StoreThread, session: str, scorers: Sequence[Scorer], emit: Callable[[Event], None]
    ) -> None:
        self.counts = Counts()
        self._store, self._session, self._scorers, self._emit = store, session, scorers, emit
        self._results: asyncio.Queue[TrialResult | None] = asyncio.Queue()
        self._saving: set[asyncio.Future[None]] = set()

    async def close(self, trial: Trial, outcome: Outcome) -> StoredResponse:
        """Store an answer, then tell it: nothing is acknowledged before its commit."""
        response, cost = outcome.response, outcome.cost
        row = await self._store.call(lambda store: store.add_response(self._session, trial, response, cost))
        stored = StoredResponse(row, response, cost)
        self._finish(trial, stored, cached=False)
        await self._keep_up()
        return stored

    async def serve(self, hits: Sequence[tuple[Trial, StoredResponse]]) -> None:
        """Close trials with stored responses: the same events as a call, with `cached=True`."""
        if not hits:
            return

        def link(store: Store) -> list[bool]:
            return [store.link_hit(self._session, trial, stored.id) for trial, stored in hits]

        for (trial, stored), resumed in zip(hits, await self._store.call(link), strict=True):
            self._emit(TrialStarted(*_where(trial), cached=True))
            self._finish(trial, stored, cached=True, resumed=resumed)
        await self._keep_up()

    @property
    def untold(self) -> bool:
        """Whether trials closed that `results` has not given yet: a source may want more after them."""
        return not self._results.empty()

    async def results(self) -> list[TrialResult]:
        """The trials closed since the last call: at least one, or none after `wake`."""
        results = [await self._results.get()]
        while not self._results.empty():
            results.append(self._results.get_nowait())
        return [result for result in results if result is not None]

    def wake(self) -> None:
        """Let `results` return though nothing more closes."""
        self._results.put_nowait(None)

    async def saved(self) -> None:
        """Return when all scores are stored.

        Raises:
            Exception: what kept a score from being stored.
        """
        await asyncio.gather(*self._saving)

    def finished(self, reason: StopReason, *, calls: int, retries: int, cost: float | None, at: str) -> RunFinished:
        """The run's last event."""
        counts = self.counts
        if reason == "done" and counts.total and not counts.answered:
            reason = "no_model_answered"
        return RunFinished(
            reason=reason,
            total=counts.total,
            done=counts.done,
            failed=counts.failed,
            hits=counts.hits,
            resumed=counts.resumed,
            calls=calls,
            retries=retries,
            cost=cost,
            at=at,
        )

    def _finish(self, trial: Trial, stored: StoredResponse, *, cached: bool, resumed: bool = False) -> None:
        counts, response = self.counts, stored.response
        complete = response.cls in COMPLETE
        counts.open -= 1
        counts.done += 1
        counts.hits += cached and complete  # who shares a call that failed was not served
        counts.resumed += resumed
        counts.failed += not complete
        counts.answered += complete
        cost = 0.0 if cached else stored.cost
        self._emit(TrialFinished(*_where(trial), response, cached, stored.id, cost, resumed))
        result = TrialResult(trial, response, stored.id, cached)
        for scorer in () if broken_off(response) else self._scorers:
            self._score(scorer, result)
        self._results.put_nowait(result)

    def _score(self, scorer: Scorer, result: TrialResult) -> None:
        events = scorer.score(result)
        verdicts = [event for event in events if isinstance(event, IceScored)]
        pairs = [event for event in events if isinstance(event, RseScored)]
        if verdicts:
            facts = result.trial.measured_against
            self._save(lambda store: store.add_ice(verdicts, scorer=scorer.name, version=scorer.version, options=facts))
        if pairs:
            self._save(lambda store: store.add_rse(pairs, scorer=scorer.name, version=scorer.version))
        self.tell(events)

    def tell(self, events: Sequence[ScoreEvent]) -> None:
        """Store those scores that are kept by themselves, and emit all of them."""
        semantic = [event for event in events if isinstance(event, SemanticScored)]
        if semantic:
            self._save(lambda store: store.add_semantic(semantic))
        for event in events:
            self._save_alone(event)
            self._emit(event)

    def _save_alone(self, event: ScoreEvent) -> None:
        if isinstance(event, IceJudged):
            self._save(lambda store: store.add_ice_judged(event))
        elif isinstance(event, RseJudged):
            self._save(lambda store: store.add_rse_judged(event))
        elif isinstance(event, SearchStep):
            self._save(lambda store: store.add_step(self._session, event))

    async def _keep_up(self) -> None:
        """Wait where the store lags behind: what waits for it takes memory, and a server may be faster than a disk."""
        while len(self._saving) > BACKLOG:
            done, _ = await asyncio.wait(self._saving, return_when=asyncio.FIRST_COMPLETED)
            for saved in done:
                saved.result()
            self._saving -= done

    def _save(self, job: Callable[[Store], None]) -> None:
        future = asyncio.wrap_future(self._store.submit(job))
        self._saving.add(future)
        future.add_done_callback(lambda done: self._saving.discard(done) if done.exception() is None else None)


def _where(trial: Trial) -> tuple[str, str, str, int]:
    return trial.key, trial.model.title, trial.probe.prompt_id, trial.sample
