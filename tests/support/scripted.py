"""An engine over a scripted provider and a real store in a temporary folder: no server, no waiting."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import defaultdict
from dataclasses import dataclass, field

from distq_tui.config.models import ModelSpec
from distq_tui.config.prices import OwnPrice, Price, Prices
from distq_tui.engine.budget import Spending
from distq_tui.engine.clock import Clock
from distq_tui.engine.engine import Engine, Session
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.source import FixedSource
from distq_tui.plan.trial import Params, Probe
from distq_tui.prompts import Message
from distq_tui.providers.base import Chunk
from distq_tui.store import StoreThread

ANSWER = [Chunk(text="Hello "), Chunk(text="there."), Chunk(finish="stop")]


@dataclass
class ScriptedProvider:
    """Plays, for each prompt's text, one script an attempt; the last script again for every further one.

    A script's items are chunks, errors to raise, and events to wait for. `fallback` gives the judges' scripts, whose
    questions no test can spell out.
    """

    scripts: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    fallback: object = None

    async def stream(self, request):
        text = request.messages[-1].content
        number = sum(called == (request.model, text) for called in self.calls)
        self.calls.append((request.model, text))
        scripts = self.scripts.get((request.model, text)) or self.scripts.get(text)
        if scripts is None:
            scripts = [self.fallback(request.model, text) if self.fallback and request.model == "j" else ANSWER]
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            for item in scripts[min(number, len(scripts) - 1)]:
                if isinstance(item, Exception):
                    raise item
                if isinstance(item, asyncio.Event):
                    await item.wait()
                else:
                    await asyncio.sleep(0)
                    yield item
        finally:
            self.under_way -= 1

    async def get(self, spec):
        """The pool's method: one provider for all models."""
        return self


class FakeTime:
    """A clock that only sleeping moves; it keeps what was slept."""

    def __init__(self):
        self.time = 0.0
        self.slept = []

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)

    def clock(self):
        return Clock(now=lambda: "2026-01-01T00:00:00.000Z", monotonic=lambda: self.time, sleep=self.sleep)


def make_plan(*texts, models=("m",), samples=1, **kwargs):
    specs = tuple(m if isinstance(m, ModelSpec) else ModelSpec(m, "demo") for m in models)
    probes = tuple(
        Probe(f"p{index}", kwargs.pop("kind", "similarity"), "en", (Message("user", text),))
        for index, text in enumerate(texts)
    )
    return RunPlan("plan", 1, samples, Params(), specs, probes, **kwargs)


@dataclass
class Bench:
    """Everything a test needs to run an engine and look at what it did."""

    store: StoreThread
    provider: ScriptedProvider = field(default_factory=ScriptedProvider)
    time: FakeTime = field(default_factory=FakeTime)
    sessions: object = field(default_factory=lambda: itertools.count(1))
    engine: Engine | None = None

    def make(self, plan, *, fresh=False, session=None, scorers=(), prices=(), semantic=None):
        session = session or f"s{next(self.sessions)}"
        known = {row.id for row in self.store.submit(lambda s: s.sessions()).result()}
        if session not in known:
            self.store.submit(
                lambda s: s.create_session(plan, session_id=session, at="2026-01-01T00:00:00Z", versions={})
            ).result()
        own = [OwnPrice(name, Price(*price)) for name, price in dict(prices).items()]
        self.engine = Engine(
            store=self.store,
            providers=self.provider,
            session=Session(session, plan.name, fresh),
            limits=plan.limits,
            spending=Spending(plan.budget, Prices(own=own)),
            scorers=scorers,
            semantic=semantic,
            clock=self.time.clock(),
            rng=random.Random(1),
        )
        return self.engine

    async def run(self, plan, **kwargs):
        engine = self.make(plan, **kwargs)
        return [event async for event in engine.run(FixedSource(trials_of(plan)))]

    def rows(self, session):
        return self.store.submit(lambda s: list(s.session_rows(session))).result()


def trials_of(plan):
    return list(plan.trials(lambda model: f"test:{model.provider}"))


def kinds(events):
    """The names of the events, for asserting an order."""
    return [type(event).__name__ for event in events]


def by_kind(events):
    groups = defaultdict(list)
    for event in events:
        groups[type(event).__name__].append(event)
    return groups
