"""A stored session told again as events, scored by the same scorers: views see no difference to a live run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from distq_tui.engine.parts import judges_of, scorers_of
from distq_tui.engine.retold import stored_result
from distq_tui.events import (
    COMPLETE,
    Event,
    RunFinished,
    RunStarted,
    SearchStep,
    StopReason,
    TrialFinished,
    TrialStarted,
)
from distq_tui.plan.run_plan import RunPlan
from distq_tui.store import AnswerRow, SessionRow

ROWS_AT_ONCE = 50
"""Answers scored between two turns of the event loop."""
ROWS_A_READ = 500
"""Answers read together: the first ones are on screen before the last of a long session is read."""

ReadRows = Callable[[int, int], Awaitable[Sequence[AnswerRow]]]
"""Gives the session's answers in order of arrival, behind the one with that id, at most so many."""

_REASONS: dict[str, StopReason] = {"done": "done", "budget": "budget_requests"}


class StoredRun:
    """A finished (or broken off) session to look at: asks nothing.

    Args:
        session: its row.
        plan: its plan.
        read: reads its answers, a part at a time.
        tags: SIMULATED or RECORDED by model title.
        steps: of its adaptive search.
    """

    stored = True

    def __init__(
        self,
        session: SessionRow,
        plan: RunPlan,
        read: ReadRows,
        tags: dict[str, str],
        steps: Sequence[SearchStep] = (),
    ) -> None:
        self.plan, self.tags = plan, tags
        self._session = session
        self._read, self._steps = read, steps

    async def events(self) -> AsyncIterator[Event]:
        """The session from its start to its end, a part at a time."""
        session = self._session
        titles = tuple(model.title for model in self.plan.answering)
        yield RunStarted(session.id, session.name, session.total, titles, session.created_at)
        # their questions are in the rows already, with the replies: what they want asked is dropped
        judges = judges_of(self.plan, lambda _: "stored")
        scorers = (*scorers_of(self.plan), *judges)
        probes = {probe.prompt_id: probe for probe in self.plan.probes}
        told = _Told()
        async for part in self._parts():
            for row in part:
                told.add(row)
                result = stored_result(row, self.plan, probes)
                if result is None:
                    continue
                where = (row.trial_key, row.model, row.prompt_id, row.sample)
                yield TrialStarted(*where, cached=row.cached)
                yield TrialFinished(
                    *where, response=row.response, cached=row.cached, row=row.response_id, cost=row.cost
                )
                for scorer in scorers:
                    for event in scorer.score(result):
                        yield event
            for judge in judges:
                judge.next(())
            await asyncio.sleep(0)
        for step in self._steps:
            yield step
        yield self._finished(told)

    def pause(self) -> None:
        """Nothing runs."""

    def resume(self) -> None:
        """Nothing runs."""

    def stop(self) -> None:
        """Nothing runs."""

    async def _parts(self) -> AsyncIterator[Sequence[AnswerRow]]:
        last = 0
        while rows := await self._read(last, ROWS_A_READ):
            last = rows[-1].id
            for first in range(0, len(rows), ROWS_AT_ONCE):
                yield rows[first : first + ROWS_AT_ONCE]

    def _finished(self, told: _Told) -> RunFinished:
        session = self._session
        return RunFinished(
            reason=_REASONS.get(session.state, "stopped" if session.done < session.total else "done"),
            total=session.total,
            done=told.done,
            failed=told.failed,
            hits=session.hits,
            calls=told.calls,
            retries=told.retries,
            cost=told.cost,
            at=session.finished_at or session.created_at,
        )


@dataclass(slots=True)
class _Told:
    """What the closing event counts; `cost` is None where that of a call is not known."""

    done: int = 0
    failed: int = 0
    calls: int = 0
    retries: int = 0
    cost: float | None = 0.0

    def add(self, row: AnswerRow) -> None:
        self.done += 1
        self.failed += row.response.cls not in COMPLETE
        self.calls += not row.cached
        self.retries += row.response.retries
        if not row.cached and row.response.usage is not None:
            self.cost = None if self.cost is None or row.cost is None else self.cost + row.cost
