"""What a stored session's rows were when they came: the events of a run, scored by the same scorers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from distq_tui.engine.parts import judges_of, scorers_of
from distq_tui.engine.retold import stored_result
from distq_tui.events import COMPLETE, Event, RunFinished, StopReason, TrialFinished, TrialStarted
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.source import broken_off
from distq_tui.rse.scorer import Known
from distq_tui.store import AnswerRow, SessionRow

if TYPE_CHECKING:
    from distq_tui.ice.judging import StoredGate
    from distq_tui.scoring import Scorer

_REASONS: dict[str, StopReason] = {"done": "done", "budget": "budget_requests"}


class Telling:
    """Turns a session's rows into the events that they once were.

    Attributes:
        known: similarities that are stored; to be put there before the rows that they are of.
    """

    def __init__(self, plan: RunPlan, gate: StoredGate | None) -> None:
        self.known: Known = {}
        self._plan = plan
        self._probes = {probe.prompt_id: probe for probe in plan.probes}
        # their questions are in the rows already, with the replies: what they want asked is dropped
        self._judges = judges_of(plan, lambda _: "stored", stored=gate)
        self._scorers: tuple[Scorer, ...] = (*scorers_of(plan, self.known), *self._judges)
        self._told = _Told()

    def of(self, rows: Sequence[AnswerRow]) -> list[Event]:
        """The events of the next rows."""
        events = [event for row in rows for event in self._of_row(row)]
        for judge in self._judges:
            judge.next(())
        return events

    def _of_row(self, row: AnswerRow) -> Iterator[Event]:
        self._told.add(row)
        result = stored_result(row, self._plan, self._probes)
        if result is None:
            return
        trial = result.trial  # its strings are the plan's own: those of the row would be kept once more each
        where = (trial.key, trial.model.title, trial.probe.prompt_id, trial.sample)
        yield TrialStarted(*where, cached=row.cached)
        yield TrialFinished(*where, response=row.response, cached=row.cached, row=row.response_id, cost=row.cost)
        for scorer in () if broken_off(row.response) else self._scorers:
            yield from scorer.score(result)

    def finished(self, session: SessionRow) -> RunFinished:
        """The closing event."""
        told = self._told
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
