"""A stored session told again as events, scored by the same scorers: views see no difference to a live run.

All of it is read in parts, the plan too, and scored in a thread: the first prompts of a long session are on screen
before the others are read, and the window never waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol, TypeVar

from distq_tui.engine.parts import stored_gate
from distq_tui.events import Event, RunStarted
from distq_tui.ice.scorer import IceScorer
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.trial import Probe
from distq_tui.rse.compare import PairScore
from distq_tui.rse.scorer import Known, RseScorer
from distq_tui.store import AnswerRow, Store
from distq_tui.tui.house.telling import Telling
from distq_tui.tui.records import PlanPart

T = TypeVar("T")
FIRST_PROMPTS = 200
"""Prompts read before the session is shown: more than a screen has lines."""
PROMPTS_A_READ = 1000
ROWS_A_READ = 500
"""Answers read together."""
ROWS_AT_ONCE = 50
"""Answers scored between two turns of the event loop, and told in one of them."""


class Read(Protocol):
    """Does a job in the thread that owns the store."""

    def __call__(self, job: Callable[[Store], T], /) -> Awaitable[T]:
        """What the job returns."""
        ...


class StoredRun:
    """A finished (or broken off) session to look at: asks nothing.

    Args:
        session: its id.
        plan: its plan, with the first of its prompts.
        prompts: how many the plan has.
        read: reads the rest.
        tags: SIMULATED or RECORDED by model title.

    Attributes:
        plan: has all prompts once they were told.
    """

    stored = True

    def __init__(self, session: str, plan: RunPlan, prompts: int, read: Read, tags: dict[str, str]) -> None:
        self.plan, self.prompts, self.tags = plan, prompts, tags
        self._id, self._read = session, read

    async def events(self) -> AsyncIterator[Event | PlanPart]:
        """The session from its start to its end, a part at a time."""
        session = await self._read(lambda store: store.find_session(self._id))
        titles = tuple(model.title for model in self.plan.answering)
        yield RunStarted(session.id, session.name, session.total, titles, session.created_at)
        async for part in self._plan_parts():
            yield part
        gated = self.plan.judges.gate != "all"
        gate = await self._read(lambda store: stored_gate(store, self._id)) if gated else None
        telling = await asyncio.to_thread(Telling, self.plan, gate)
        async for rows, known in self._parts():
            telling.known.update(known)
            for first in range(0, len(rows), ROWS_AT_ONCE):
                for event in await asyncio.to_thread(telling.of, rows[first : first + ROWS_AT_ONCE]):
                    yield event
                await asyncio.sleep(0)
        for step in await self._read(lambda store: store.search_steps(self._id)):
            yield step
        yield telling.finished(session)

    def pause(self) -> None:
        """Nothing runs."""

    def resume(self) -> None:
        """Nothing runs."""

    def stop(self) -> None:
        """Nothing runs."""

    async def _plan_parts(self) -> AsyncIterator[PlanPart]:
        probes = list(self.plan.probes)
        while len(probes) < self.prompts and (part := await self._read(partial(self._probes, len(probes)))):
            probes += part
            yield PlanPart(tuple(part))
        self.plan = replace(self.plan, probes=tuple(probes))

    async def _parts(self) -> AsyncIterator[tuple[Sequence[AnswerRow], Known]]:
        """Rows, and the similarities that are stored for them."""
        last = 0
        while (part := await self._read(partial(self._rows, last)))[0]:
            yield part
            last = part[0][-1].id

    def _probes(self, first: int, store: Store) -> list[Probe]:
        return store.probes(self._id, first=first, limit=PROMPTS_A_READ)

    def _rows(self, after: int, store: Store) -> tuple[list[AnswerRow], Known]:
        rows = list(store.session_rows(self._id, scorer=IceScorer.name, after=after, limit=ROWS_A_READ))
        if not rows:
            return [], {}
        scorer, version = RseScorer.name, RseScorer.version
        pairs = store.stored_similarities(self._id, after=after, last=rows[-1].id, scorer=scorer, version=version)
        return rows, {ids: PairScore(*aspects) for ids, aspects in pairs.items()}
