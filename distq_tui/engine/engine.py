"""The engine: takes trials from a source, serves them from the cache or asks them, and tells what happens."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from distq_tui.config.models import ANSWERING_ROLES, ModelSpec
from distq_tui.engine.asking import Asker, Outcome
from distq_tui.engine.budget import Spending
from distq_tui.engine.classify import is_still_served_as
from distq_tui.engine.clock import Clock
from distq_tui.engine.closing import BACKLOG, Closer
from distq_tui.engine.embedding import Embedder, Semantic
from distq_tui.engine.lane import Lane
from distq_tui.engine.schedule import Schedule
from distq_tui.events import (
    Event,
    ModelAbandoned,
    Response,
    RunPaused,
    RunResumed,
    RunStarted,
    StopReason,
    TrialsAdded,
)
from distq_tui.plan.run_plan import Limits
from distq_tui.plan.source import TrialSource
from distq_tui.plan.trial import Trial
from distq_tui.providers.registry import Providers, default_concurrency, endpoint_group
from distq_tui.scoring import Scorer
from distq_tui.store import Store, StoredResponse, StoreThread

_CHUNK = 200
"""Cache hits served between two turns of the event loop."""


@dataclass(frozen=True, slots=True)
class Session:
    """What the run's rows are stored under.

    Attributes:
        fresh: it is served its own answers only, not those of others.
        resumed: it was begun by an earlier run: what it asked for then comes before what others were told since.
    """

    id: str
    name: str
    fresh: bool = False
    resumed: bool = False


@dataclass(slots=True)
class _Endpoint:
    """The trials of one lane: what waits there, and how its workers are woken."""

    lane: Lane
    schedule: Schedule = field(default_factory=Schedule)
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def rouse(self) -> None:
        self.wake.set()
        self.wake = asyncio.Event()


class Engine:
    """Runs one session; one engine for one run.

    Args:
        store: where answers are looked up and kept.
        providers: the adapters; the caller closes them.
        session: what the rows are stored under.
        limits: transport knobs.
        spending: the budget, and the count of what is spent.
        scorers: told of every delta's text and every closed trial.
        semantic: the embeddings endpoint and its scorer, which is told like the others.
        clock: time.
        rng: for the jitter of retries.
    """

    def __init__(
        self,
        *,
        store: StoreThread,
        providers: Providers,
        session: Session,
        limits: Limits,
        spending: Spending,
        scorers: Sequence[Scorer] = (),
        semantic: Semantic | None = None,
        clock: Clock | None = None,
        rng: random.Random | None = None,
    ) -> None:
        self._store, self._session, self._limits = store, session, limits
        self._clock, self._spending = clock or Clock(), spending
        scorers = scorers if semantic is None else (*scorers, semantic.scorer)
        rng = rng or random.Random()
        self._running = asyncio.Event()
        self._running.set()
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._lanes: dict[str, Lane] = {}
        self._endpoints: dict[str, _Endpoint] = {}
        self._asking: set[asyncio.Task[Outcome | None]] = set()
        self._same: dict[str, list[Trial]] = {}
        self._closer = Closer(store, session.id, scorers, self._emit)
        self._counts = self._closer.counts
        self._closing = asyncio.Semaphore(BACKLOG)
        self._halted = False
        self._group: asyncio.TaskGroup
        self._asker = Asker(
            providers=providers,
            limits=limits,
            spending=spending,
            clock=self._clock,
            rng=rng,
            emit=self._emit,
            scorers=scorers,
        )
        self._embedding: asyncio.Task[None] | None = None
        self._embedder = (
            None
            if semantic is None
            else Embedder(
                semantic,
                store=store,
                spending=spending,
                attempts=limits.attempts,
                clock=self._clock,
                rng=rng,
                lane=self._lane(semantic.embeddings.spec),
                emit=self._emit,
                tell=self._closer.tell,
            )
        )

    # ------------------------------------------------------------ commands

    def pause(self) -> None:
        """Send no new request; those under way go on."""
        if self._running.is_set():
            self._running.clear()
            self._emit(RunPaused())

    def resume(self) -> None:
        """Send requests again."""
        if not self._running.is_set():
            self._running.set()
            self._emit(RunResumed())

    def stop(self) -> None:
        """End the run: partial texts are stored, closing events are emitted, then the iterator ends."""
        embedding = self._embedding is not None and not self._embedding.done()
        if self._asker.stopping or (self._halted and not self._asking and not embedding):
            return  # it is ending
        self._asker.stopping = True
        self._halt()
        for task in (*self._asking, *filter(None, [self._embedding])):
            task.cancel()

    # ------------------------------------------------------------ the run

    async def run(self, source: TrialSource) -> AsyncGenerator[Event, None]:
        """Run the source dry and yield what happens, ending with RunFinished.

        Leaving the iterator early ends the calls under way without storing them: `stop()` is the way to end a run.

        Raises:
            Exception: programming errors and a store that can't be written, never what a server did.
        """
        driver = asyncio.create_task(self._drive(source))
        driver.add_done_callback(lambda _: self._events.put_nowait(None))
        try:
            while (event := await self._events.get()) is not None:
                yield event
        finally:
            if not driver.done():
                driver.cancel()
            with suppress(asyncio.CancelledError):
                await driver

    async def _drive(self, source: TrialSource) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                await self._first(source.next([]))
                while (self._counts.open > 0 or self._closer.untold) and not self._halted:
                    await self._more(source.next(await self._closer.results()))
                    self._embed()
                self._halt()
            if self._embedder is not None and not self._asker.stopping:
                async with asyncio.TaskGroup() as group:
                    self._embedding = group.create_task(self._embedder.catch_up(last=True))
            await self._closer.saved()
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from errors
        spending = self._spending
        self._emit(
            self._closer.finished(
                self._reason(),
                calls=spending.calls,
                retries=self._asker.retries + (self._embedder.retries if self._embedder else 0),
                cost=spending.cost if spending.cost_known else None,
                at=self._clock.now(),
            )
        )

    def _embed(self) -> None:
        """Let the answers so far be embedded beside the others' streaming, one round at a time."""
        if self._embedder is not None and (self._embedding is None or self._embedding.done()):
            self._embedding = self._group.create_task(self._embedder.catch_up())

    def _reason(self) -> StopReason:
        if self._asker.stopping:
            return "stopped"
        return self._spending.exhausted or ("budget_requests" if self._spending.withheld else "done")

    async def _first(self, trials: Sequence[Trial]) -> None:
        self._counts.total = len(trials)
        models = {trial.model.title: trial.model for trial in trials if trial.model.role in ANSWERING_ROLES}
        scripted = tuple(title for title, model in models.items() if model.simulated)
        session = self._session
        self._emit(RunStarted(session.id, session.name, len(trials), tuple(models), self._clock.now(), scripted))
        await self._take(trials)

    async def _more(self, trials: Sequence[Trial]) -> None:
        if not trials or self._halted:
            return
        self._counts.total += len(trials)
        self._emit(TrialsAdded(self._counts.total))
        total = self._counts.total
        await self._store.call(lambda store: store.set_total(self._session.id, total))
        await self._take(trials)

    # ------------------------------------------------------------ cache first

    async def _take(self, trials: Sequence[Trial]) -> None:
        """Serve what is stored and line up the rest, a part at a time, so that neither memory nor the screen waits."""
        self._counts.open += len(trials)
        for start in range(0, len(trials), _CHUNK):
            if self._halted:
                break
            part = trials[start : start + _CHUNK]
            stored = await self._stored(part)
            misses = [trial for trial in part if trial.key not in stored and self._is_first(trial)]
            self._line_up(self._within_budget(misses))
            await self._closer.serve([(trial, stored[trial.key]) for trial in part if trial.key in stored])

    async def _stored(self, trials: Sequence[Trial]) -> dict[str, StoredResponse]:
        session = self._session

        keys = [trial.key for trial in trials]

        def look(store: Store) -> dict[str, StoredResponse]:
            own = store.own_hits(session.id, keys) if session.fresh or session.resumed else {}
            return own if session.fresh else store.hits(key for key in keys if key not in own) | own

        found = await self._store.call(look, group=False)
        models = {trial.key: trial.model for trial in trials}
        return {
            key: stored
            for key, stored in found.items()
            if is_still_served_as(models[key], stored.response.served_model)
        }

    def _is_first(self, trial: Trial) -> bool:
        """Whether nobody asks this very request at the moment; where somebody does, the trial waits for that answer."""
        if trial.key in self._same:
            self._same[trial.key].append(trial)
            return False
        self._same[trial.key] = []
        return True

    def _within_budget(self, trials: Sequence[Trial]) -> Sequence[Trial]:
        """The trials whose requests may be sent; the rest, and who waits for them, are left for the next run."""
        allowed, rest = self._spending.split(trials)
        for trial in rest:
            self._counts.open -= 1 + len(self._same.pop(trial.key))
        return allowed

    def _line_up(self, trials: Sequence[Trial]) -> None:
        groups: defaultdict[str, list[Trial]] = defaultdict(list)
        for trial in trials:
            groups[endpoint_group(trial.model)].append(trial)
        for name, waiting in groups.items():
            if name not in self._endpoints:
                self._endpoints[name] = endpoint = _Endpoint(self._lane(waiting[0].model))
                for _ in range(endpoint.lane.width):
                    self._group.create_task(self._work(endpoint))
            refused = self._endpoints[name].schedule.add(waiting)
            self._drop(refused, "the model was given up")
            self._endpoints[name].rouse()

    def _lane(self, model: ModelSpec) -> Lane:
        """The lane of the model's endpoint, made where it is new."""
        width = self._limits.concurrency or default_concurrency(model)
        return self._lanes.setdefault(endpoint_group(model), Lane(width, self._clock, self._running))

    # ------------------------------------------------------------ asking

    async def _work(self, endpoint: _Endpoint) -> None:
        """One of an endpoint's workers: as many as requests may be under way there."""
        while not self._halted:
            async with endpoint.lane.slots:
                # whoever waited for a slot, behind embeddings, may find the run at its end
                trial = None if self._halted else endpoint.schedule.take()
                outcome = None if trial is None else await self._ask(trial, endpoint.lane)
            if trial is None:
                if not self._halted:
                    await endpoint.wake.wait()
                continue
            self._judge_model(endpoint, trial, outcome)
            if outcome is not None:
                await self._closing.acquire()
                self._group.create_task(self._close_one(trial, outcome))
            if self._spending.exhausted:
                self._halt()

    async def _ask(self, trial: Trial, lane: Lane) -> Outcome | None:
        task = asyncio.create_task(self._asker.ask(trial, lane))
        self._asking.add(task)
        try:
            return await task
        finally:
            self._asking.discard(task)
            task.cancel()

    def _judge_model(self, endpoint: _Endpoint, trial: Trial, outcome: Outcome | None) -> None:
        """After a model's first trial: let its others go, or give the model up."""
        title = trial.model.title
        if outcome is None or not endpoint.schedule.is_preflight(title):
            return
        if outcome.for_good:
            reason = outcome.response.error or outcome.response.cls
            self._emit(ModelAbandoned(title, reason))
            self._drop(endpoint.schedule.abandon(title), reason)
        else:
            endpoint.schedule.answered(title)
        endpoint.rouse()

    def _drop(self, trials: Sequence[Trial], reason: str) -> None:
        """Close trials that are not asked: kept as cancelled, so that no row is missing."""

        async def drop() -> None:
            for trial in trials:
                response = Response(cls="cancelled", error=f"not asked: {reason}", created_at=self._clock.now())
                await self._close(trial, Outcome(response, 0.0, for_good=True))

        if trials:
            self._group.create_task(drop())

    def _halt(self) -> None:
        """Let nothing new begin; what waits is left for the next run."""
        if self._halted:
            return
        self._halted = True
        self._running.set()
        for endpoint in self._endpoints.values():
            endpoint.schedule.drop_all()
            endpoint.rouse()
        self._closer.wake()

    async def _close_one(self, trial: Trial, outcome: Outcome) -> None:
        """Close in the background, as one of so many that the store can keep up."""
        try:
            await self._close(trial, outcome)
        finally:
            self._closing.release()

    async def _close(self, trial: Trial, outcome: Outcome) -> None:
        """Close a trial, and those that waited for the same answer."""
        stored = await self._closer.close(trial, outcome)
        await self._closer.serve([(twin, stored) for twin in self._same.pop(trial.key, [])])

    def _emit(self, event: Event) -> None:
        self._events.put_nowait(event)
