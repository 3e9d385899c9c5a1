"""From a plan to a running session: everything is checked before the first call, and the session's end is kept.

The window and the command line both start runs here, and only here.
"""

from __future__ import annotations

import asyncio
import platform
import random
import secrets
from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from distq_tui import __version__
from distq_tui.config.models import ModelSpec
from distq_tui.config.settings import Settings
from distq_tui.engine.budget import Spending
from distq_tui.engine.clock import Clock
from distq_tui.engine.engine import Engine, Session
from distq_tui.engine.notices import notices_of
from distq_tui.engine.parts import follow_up_calls, parts_of, semantic_of
from distq_tui.errors import InputError
from distq_tui.events import Event, RunFinished, RunStarted
from distq_tui.ice.planner import outlook
from distq_tui.ice.scorer import IceScorer
from distq_tui.plan.estimate import Estimate, estimate
from distq_tui.plan.run_plan import Budget, RunPlan
from distq_tui.plan.source import TrialSource
from distq_tui.plan.trial import Trial
from distq_tui.providers.embedded import known_facts
from distq_tui.providers.local.models import MODELS, why_unavailable
from distq_tui.providers.registry import ProviderOptions, Providers, endpoint_of
from distq_tui.providers.replay.source import recorded_model, require_model
from distq_tui.rse.scorer import RseScorer
from distq_tui.stats.crossed import warm
from distq_tui.store import SessionState, Store, StoreThread


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


def check(plan: RunPlan, settings: Settings, asked: Collection[str]) -> None:
    """Refuse a plan that can't be run as it is, before any call.

    Args:
        plan: the plan.
        settings: keys and prices.
        asked: titles of the models that the cache can't serve alone: only they need a key.

    Raises:
        InputError: a key is not set or can't be looked up, the embedded model is not installed, a recording lacks a
            model, a price file can't be read, or a cost budget meets a model without a price.
    """
    _check_recorded(plan, settings, asked)
    for index, model in enumerate(plan.models):
        if model.title in asked and model.provider == "local" and model.name in MODELS and (why := why_unavailable()):
            raise InputError(why, field=f"models[{index}].provider")
        if model.title in asked:
            _key(model.key, settings, f"models[{index}].key")
        _check_price(model, plan, settings)
    if plan.embeddings is not None:
        _key(plan.embeddings.key, settings, "embeddings.key")
        _check_price(plan.embeddings.spec, plan, settings)


def _check_price(model: ModelSpec, plan: RunPlan, settings: Settings) -> None:
    if settings.prices.of(model) is None and plan.budget.max_cost is not None:
        raise InputError(
            f"can't be kept: the price of {model.title} is not known here; add it to the config as [[prices]]",
            field="budget.max_cost",
        )


def _key(reference: str | None, settings: Settings, field: str) -> str | None:
    """The key of a reference, which must be set where there is one."""
    try:
        key = settings.keys.get(reference)
    except InputError as error:
        raise error if error.file else InputError(error.message, field=field) from error
    if reference is not None and key is None:
        raise InputError(f"{reference} is not set; set it, or name another key", field=field)
    return key


def _check_recorded(plan: RunPlan, settings: Settings, asked: Collection[str]) -> None:
    for model in plan.models:
        if model.title in asked and model.provider == "replay":
            with _naming(plan, model):
                require_model(model, settings.paths.database)


async def plan_trials(plan: RunPlan, settings: Settings) -> list[Trial]:
    """The plan's trials, with their endpoints resolved (a recording or the user's own weights are read for it).

    Raises:
        InputError: a base URL, recording or embedded model that is not there.
    """
    return await asyncio.to_thread(lambda: list(plan.trials(partial(_endpoint, plan, settings))))


async def estimate_plan(plan: RunPlan, settings: Settings, store: StoreThread | None) -> Estimate:
    """Calls, hits, tokens and cost of a plan; without a store nothing is a hit.

    Raises:
        InputError: as `with_known_models` and `plan_trials`, or a recording lacks a model.
    """
    plan = await asyncio.to_thread(with_known_models, plan, settings)
    trials = await plan_trials(plan, settings)
    stored = set() if store is None else await _stored(store, trials)
    await asyncio.to_thread(_check_recorded, plan, settings, _missing(trials, stored))
    found = estimate(trials, settings.prices, stored)
    return replace(found, follow_up=follow_up_calls(plan), half_width=_half_width(plan))


def _half_width(plan: RunPlan) -> float | None:
    design = outlook(plan.probes)
    return None if design is None else design.half_width


async def _stored(store: StoreThread, trials: Sequence[Trial]) -> set[str]:
    keys = list({trial.key for trial in trials})
    return await store.call(lambda s: s.stored_keys(keys), group=False)


def _endpoint(plan: RunPlan, settings: Settings, model: ModelSpec) -> str:
    with _naming(plan, model):
        return endpoint_of(model, database=settings.paths.database)


@contextmanager
def _naming(plan: RunPlan, model: ModelSpec) -> Iterator[None]:
    """Say which field of which model is wrong, where no file is to blame."""
    try:
        yield
    except InputError as error:
        if error.file is not None:
            raise
        field = error.field or "name"
        if model.provider == "replay" and field != "name":
            field = "base_url"  # whatever is wrong with a recording, that is where the plan names it
        raise InputError(error.message, field=f"models[{plan.models.index(model)}].{field}") from error


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
    ) -> None:
        self.plan, self.session = plan, session
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
            await self._providers.close()

    async def _end(self, event: RunFinished) -> None:
        state = _state(event)
        await self._store.call(lambda store: store.finish_session(self.session, state, event.at))


def with_known_models(plan: RunPlan, settings: Settings) -> RunPlan:
    """The plan with what this program knows of its models: facts of its own ones, and which recordings are simulated.

    Raises:
        InputError: a recording that is not there.
    """
    return replace(plan, models=tuple(_known(plan, settings, model) for model in plan.models))


def _known(plan: RunPlan, settings: Settings, model: ModelSpec) -> ModelSpec:
    if model.provider == "replay":
        with _naming(plan, model):
            return recorded_model(model, settings.paths.database)
    return known_facts(model)


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
        InputError: the plan can't be run as it is; nothing was called and no session was made.
    """
    options = options or Options()
    plan = await asyncio.to_thread(with_known_models, plan, settings)
    trials = await plan_trials(plan, settings)
    stored = set() if options.fresh else await _stored(store, trials)
    missing = _missing(trials, stored)
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
    try:
        source, scorers = await asyncio.to_thread(parts_of, plan, trials, partial(_endpoint, plan, settings))
        session = await store.call(lambda s: _session(s, plan, len(trials), options))
    except BaseException:
        await providers.close()
        raise
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
    return Run(plan, session.id, engine=engine, source=source, store=store, providers=providers)


def _missing(trials: Sequence[Trial], stored: Collection[str]) -> set[str]:
    """Titles of the models that the cache can't serve alone."""
    return {trial.model.title for trial in trials if trial.key not in stored}


def _followers(plan: RunPlan) -> set[str]:
    """Titles of the models that are asked because of answers: what they will be asked is not known before."""
    helper = () if plan.adaptive is None else (plan.adaptive.helper,)
    return {*plan.judges.ice, *plan.judges.rse, *helper}


def _session(store: Store, plan: RunPlan, total: int, options: Options) -> Session:
    """Resume or create; runs in the store's thread as one transaction."""
    known = None if options.fresh else store.unfinished(plan.digest())
    if known is not None:
        store.resume_session(known.id, plan)
        return Session(known.id, plan.name, known.fresh, resumed=True)
    at = options.clock.now()
    session = Session(options.new_id(at), plan.name, options.fresh)
    store.create_session(plan, session_id=session.id, at=at, versions=versions(), fresh=options.fresh)
    store.set_total(session.id, total)
    return session


def versions() -> dict[str, Any]:
    """What runs here, by name: for a session's manifest."""
    return {
        "distq-tui": __version__,
        "python": platform.python_version(),
        IceScorer.name: IceScorer.version,
        RseScorer.name: RseScorer.version,
    }
