"""A stored session told again as events, scored by the same scorers: views see no difference to a live run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import islice

from distq_tui.engine.parts import judges_of, scorers_of
from distq_tui.engine.retold import stored_result
from distq_tui.events import COMPLETE, Event, RunFinished, RunStarted, StopReason, TrialFinished, TrialStarted
from distq_tui.plan.run_plan import RunPlan
from distq_tui.store import AnswerRow, SessionRow

ROWS_AT_ONCE = 50
"""Answers scored between two turns of the event loop."""

_REASONS: dict[str, StopReason] = {"done": "done", "budget": "budget_requests"}


class StoredRun:
    """A finished (or broken off) session to look at: asks nothing.

    Args:
        session: its row.
        plan: its plan.
        rows: its answers in order of arrival.
        tags: SIMULATED or RECORDED by model title.
    """

    stored = True

    def __init__(self, session: SessionRow, plan: RunPlan, rows: Sequence[AnswerRow], tags: dict[str, str]) -> None:
        self.plan, self.tags = plan, tags
        self._session = session
        self._rows = rows

    async def events(self) -> AsyncIterator[Event]:
        """The session from its start to its end, a part at a time."""
        session = self._session
        titles = tuple(model.title for model in self.plan.answering)
        yield RunStarted(session.id, session.name, session.total, titles, session.created_at)
        # their questions are in the rows already, with the replies: what they want asked is dropped
        judges = judges_of(self.plan, lambda _: "stored")
        scorers = (*scorers_of(self.plan), *judges)
        probes = {probe.prompt_id: probe for probe in self.plan.probes}
        rows = iter(self._rows)
        while part := list(islice(rows, ROWS_AT_ONCE)):
            for row in part:
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
        yield self._finished()

    def pause(self) -> None:
        """Nothing runs."""

    def resume(self) -> None:
        """Nothing runs."""

    def stop(self) -> None:
        """Nothing runs."""

    def _finished(self) -> RunFinished:
        session = self._session
        costs = [row.cost for row in self._rows if not row.cached and row.response.usage is not None]
        return RunFinished(
            reason=_REASONS.get(session.state, "stopped" if session.done < session.total else "done"),
            total=session.total,
            done=len(self._rows),
            failed=sum(row.response.cls not in COMPLETE for row in self._rows),
            hits=session.hits,
            calls=sum(not row.cached for row in self._rows),
            retries=sum(row.response.retries for row in self._rows),
            cost=None if any(cost is None for cost in costs) else sum(cost or 0.0 for cost in costs),
            at=session.finished_at or session.created_at,
        )
