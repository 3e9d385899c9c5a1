"""From a plan to a running session: everything is checked before the first call, and the session's end is kept.

The window and the command line both start runs here, and only here.
"""

from __future__ import annotations

import asyncio
import platform
import random
import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from distq_tui import __version__
from distq_tui.config.settings import Settings
from distq_tui.engine.budget import Spending
from distq_tui.engine.claim import Claim
from distq_tui.engine.clock import Clock
from distq_tui.engine.engine import Engine, Session
from distq_tui.engine.notices import notices_of
from distq_tui.engine.parts import follow_up_calls, parts_of, semantic_of, stored_gate
from distq_tui.engine.ready import (
    check,
    check_recorded,
    plan_trials,
    resolved_endpoint,
    stored_keys,
    unserved,
    with_known_models,
)
from distq_tui.errors import InputError
from distq_tui.events import Event, RunFinished, RunStarted
from distq_tui.ice.judging import StoredGate
from distq_tui.ice.planner import outlook
from distq_tui.ice.scorer import IceScorer
from distq_tui.plan.estimate import Estimate, estimate
from distq_tui.plan.run_plan import Budget, RunPlan
from distq_tui.plan.source import TrialSource
from distq_tui.providers.registry import ProviderOptions, Providers
from distq_tui.rse.scorer import RseScorer
from distq_tui.stats.crossed import warm
from distq_tui.store import SessionRow, SessionState, Store, StoreThread


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is started.

    Attributes:
        fresh: ask again for what the cache has, in a new session.
        budget: of this run alone, instead of the plan's; the session is not stored with it.
        pace: factor on the delays of simulated and recorded answers; 0 = none.
        progress: told of slow preparations (weights being made): what, and the share done.
        clock: time.
        new_id: makes the id of a new session from the time it begins.
    """

    fresh: bool = False
    budget: Budget | None = None
    pace: float = 1.0
    progress: Callable[[str, float], None] | None = None
    clock: Clock = field(default_factory=Clock)
    new_id: Callable[[str], str] = lambda at: f"{at[:10].replace('-', '')}-{secrets.token_hex(4)}"


async def estimate_plan(plan: RunPlan, settings: Settings, store: StoreThread | None) -> Estimate:
    """Calls, hits, tokens and cost of a plan; without a store nothing is a hit.

    Raises:
        InputError: as `with_known_models` and `plan_trials`, or a recording lacks a model.
    """
    plan = await asyncio.to_thread(with_known_models, plan, settings)
    trials = await plan_trials(plan, settings)
    known = None if store is None else await store.call(lambda s: s.unfinished(plan.digest()), group=False)
    stored = set() if store is None else await stored_keys(store, trials, known)
    await asyncio.to_thread(check_recorded, plan, settings, unserved(trials, stored))
    found = estimate(trials, settings.prices, stored)
    goes_on = "" if known is None else known.id
    return replace(found, goes_on=goes_on, follow_up=follow_up_calls(plan), half_width=_half_width(plan))


def _half_width(plan: RunPlan) -> float | None:
    design = outlook(plan.probes)
    return None if design is None else design.half_width


class Run:
    """One run of a session: its events, and the engine's three commands. Make it with `open_run`."""

    def __init__(
        self,
        plan: RunPlan,
        session: str,
        *,
        engine: Engine,
        source: TrialSource,
        store: StoreThread,
        providers: Providers,
        claim: Claim,
    ) -> None:
        self.plan, self.session, self._claim = plan, session, claim
        self._engine, self._source, self._store, self._providers = engine, source, store, providers
        self.pause, self.resume, self.stop = engine.pause, engine.resume, engine.stop

    async def events(self) -> AsyncGenerator[Event, None]:
        """The engine's events; before the last one the session's end is stored, after it the providers are closed.

        Closing the iterator early (`contextlib.aclosing`) ends the calls under way; the session can then be resumed.
        """
        asyncio.get_running_loop().run_in_executor(None, warm)
        try:
            async with aclosing(self._engine.run(self._source)) as events:
                async for event in events:
                    if isinstance(event, RunFinished):
                        await self._end(event)
                    yield event
                    if isinstance(event, RunStarted):
                        for notice in notices_of(self.plan):
                            yield notice
        finally:
            self._claim.release()
            await self._providers.close()

    async def _end(self, event: RunFinished) -> None:
        state = _state(event)
        await self._store.call(lambda store: store.finish_session(self.session, state, event.at))


def _state(event: RunFinished) -> SessionState:
    match event.reason:
        case "stopped":
            return "stopped"
        case "budget_requests" | "budget_cost":
            return "budget"
        case "done" if event.failed == 0:
            return "done"
        case _:
            return "failed"


async def open_run(plan: RunPlan, *, settings: Settings, store: StoreThread, options: Options | None = None) -> Run:
    """A run of the plan: its unfinished session goes on, else a new one begins.

    Raises:
        InputError: the plan can't be run as it is, or its session is being run; nothing was called and no session was
            made.
    """
    options = options or Options()
    plan = await asyncio.to_thread(with_known_models, plan, settings)
    trials = await plan_trials(plan, settings)
    known = await store.call(lambda s: _known(s, plan, options), group=False)
    stored = set() if options.fresh else await stored_keys(store, trials, known)
    missing = unserved(trials, stored)
    budget = options.budget or plan.budget
    await asyncio.to_thread(check, replace(plan, budget=budget), settings, missing | _followers(plan))
    providers = Providers(
        settings.keys.get,
        ProviderOptions(
            first_token=plan.limits.first_token,
            between_tokens=plan.limits.between_tokens,
            pace=options.pace,
            database=settings.paths.database,
            cache_dir=settings.paths.cache,
            progress=options.progress,
        ),
    )
    # where no answer is missing the judges have most likely read them all: no SDK is imported for them beforehand
    asked = missing | _followers(plan) if missing else missing
    providers.begin(model for model in plan.models if model.title in asked)
    async with AsyncExitStack() as undo:
        undo.push_async_callback(providers.close)
        endpoint_of = partial(resolved_endpoint, plan, settings)
        gate = await store.call(lambda s: _gate(s, plan, known))
        source, scorers = await asyncio.to_thread(partial(parts_of, plan, trials, endpoint_of, stored=gate))
        begin = partial(_session, plan=plan, known=known, total=len(trials), options=options, settings=settings)
        session, claim = await store.call(begin)
        undo.callback(claim.release)
        engine = Engine(
            store=store,
            providers=providers,
            session=session,
            limits=plan.limits,
            spending=Spending(budget, settings.prices),
            scorers=scorers,
            semantic=semantic_of(plan, settings.keys.get(plan.embeddings.key) if plan.embeddings else None),
            clock=options.clock,
            rng=random.Random(f"jitter:{plan.seed}"),
        )
        undo.pop_all()  # all of it is the run's now, which undoes it at its end
    return Run(plan, session.id, engine=engine, source=source, store=store, providers=providers, claim=claim)


def _followers(plan: RunPlan) -> set[str]:
    """Titles of the models that are asked because of answers: what they will be asked is not known before."""
    helper = () if plan.adaptive is None else (plan.adaptive.helper,)
    return {*plan.judges.ice, *plan.judges.rse, *helper}


def _known(store: Store, plan: RunPlan, options: Options) -> SessionRow | None:
    """The session that this run goes on with."""
    return None if options.fresh else store.unfinished(plan.digest())


def _gate(store: Store, plan: RunPlan, known: SessionRow | None) -> StoredGate | None:
    """What the gate decided in the session that goes on; None without either."""
    if known is None or plan.judges.gate == "all":
        return None
    return stored_gate(store, known.id, goes_on=True)


def _session(
    store: Store, plan: RunPlan, known: SessionRow | None, *, total: int, options: Options, settings: Settings
) -> tuple[Session, Claim]:
    """Resume or create, and claim it for this run; in the store's thread as one transaction.

    Raises:
        InputError: it is being run, or is not the one that was found when the run was prepared.
    """
    claim = partial(Claim, settings.paths.cache / "running", settings.paths.database)
    now = _known(store, plan, options)
    if (now and now.id) != (known and known.id):
        raise InputError("another run of this plan has begun or ended at this moment: run it again")
    if known is not None:
        claimed = claim(known.id)
        store.resume_session(known.id, plan)
        return Session(known.id, plan.name, known.fresh, resumed=True), claimed
    at = options.clock.now()
    session = Session(options.new_id(at), plan.name, options.fresh)
    store.create_session(plan, session_id=session.id, at=at, versions=versions(), fresh=options.fresh)
    store.set_total(session.id, total)
    return session, claim(session.id)


def versions() -> dict[str, Any]:
    """What runs here, by name: for a session's manifest."""
    return {
        "distq-tui": __version__,
        "python": platform.python_version(),
        IceScorer.name: IceScorer.version,
        RseScorer.name: RseScorer.version,
    }
