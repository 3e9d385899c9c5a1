"""The run as it stands: events folded into plain values. Pure, no Textual, no clock.

`revision` grows with every applied event and each cell keeps the revision of its last change, so that a view repaints
only what changed since it last looked.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Literal

from distq_tui import events as ev
from distq_tui.events import Event, Mark, Response, StopReason

CellState = Literal["waiting", "running", "retrying", "done", "failed"]
LOG_LENGTH = 200
STEPS_KEPT = 2000
"""Steps of the adaptive search that are kept, newest last; a text of some hundred characters each."""

_ENDINGS: dict[StopReason, str] = {
    "budget_requests": "stopped by max_requests",
    "budget_cost": "stopped by max_cost",
    "no_model_answered": "no model answered",
}


def ending(reason: StopReason) -> str:
    """Why a run ended, for a person: a budget by the name under which it is set."""
    return _ENDINGS.get(reason, reason)


def shortfall(failed: int, cancelled: int) -> list[str]:
    """`2 failed`, then `1 cancelled` where there are such: those of `failed` that a stop, or giving up, left out."""
    return [f"{failed - cancelled} failed", *([f"{cancelled} cancelled"] if cancelled else [])]


def origin(answer: Cell | ev.TrialFinished) -> str:
    """`resumed` for an answer that the session itself had asked for earlier, `cached` for others'; else empty.

    A title that shares another's call which failed made none of its own, but no failure is served from the cache.
    """
    if answer.response is not None and answer.response.cls not in ev.COMPLETE:
        return ""
    return "resumed" if answer.resumed else "cached" if answer.cached else ""


@dataclass(slots=True)
class Cell:
    """One model's answer to one prompt (and sample), from first token to verdict.

    `text` is the answer so far, and `epoch` grows when earlier text became void (a retry), so that a view that only
    appends knows when to start over.
    """

    model: str
    prompt_id: str
    sample: int
    state: CellState = "waiting"
    text: str = ""
    reasoning: str = ""
    marks: tuple[Mark, ...] = ()
    attempt: int = 0
    cached: bool = False
    resumed: bool = False
    response: Response | None = None
    verdict: ev.IceScored | None = None
    row: int | None = None
    cost: float | None = None
    note: str = ""
    epoch: int = 0
    revision: int = 0


@dataclass(slots=True)
class RunState:
    """Everything a screen or a progress line shows of a run.

    Attributes:
        cells: by (model title, prompt id, sample), in order of first appearance.
        scores: the latest ScoreUpdated by (measure, *models).
        pairs: the RseScored by (prompt id, model a, model b): one for each sample that both gave.
        flagged: places of the answers whose verdict is loose, in order of arrival.
        claimed: whom each model says it is, counted once an answer.
        judged: each judge's latest verdict by (model, prompt id, sample), then judge.
        judged_pairs: each judge's latest similarity by (prompt id, model a, model b, sample), then judge.
        judges: what became of each judge's questions, by judge and kind of question.
        steps: of the adaptive search, newest last, the oldest dropped.
        log: what happened beside answers, newest last: retries, notices, abandoned models.
    """

    session: str = ""
    name: str = ""
    started_at: str = ""
    models: tuple[str, ...] = ()
    total: int = 0
    done: int = 0
    failed: int = 0
    hits: int = 0
    resumed: int = 0
    calls: int = 0
    retries: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    cost_known: bool = True
    paused: bool = False
    finished: ev.RunFinished | None = None
    abandoned: dict[str, str] = field(default_factory=dict)
    classes: Counter[str] = field(default_factory=Counter)
    cells: dict[tuple[str, str, int], Cell] = field(default_factory=dict)
    scores: dict[tuple[str, ...], ev.ScoreUpdated] = field(default_factory=dict)
    pairs: dict[tuple[str, str, str], tuple[ev.RseScored, ...]] = field(default_factory=dict)
    flagged: dict[tuple[str, str, int], None] = field(default_factory=dict)
    claimed: dict[str, Counter[str]] = field(default_factory=dict)
    judged: dict[tuple[str, str, int], dict[str, ev.IceJudged]] = field(default_factory=dict)
    judged_pairs: dict[tuple[str, str, str, int], dict[str, ev.RseJudged]] = field(default_factory=dict)
    judges: dict[tuple[str, str], ev.JudgeUpdated] = field(default_factory=dict)
    steps: deque[ev.SearchStep] = field(default_factory=lambda: deque(maxlen=STEPS_KEPT))
    log: deque[str] = field(default_factory=lambda: deque(maxlen=LOG_LENGTH))
    keep_text: bool = True
    revision: int = 0

    def apply(self, event: Event) -> None:
        """Fold one event in."""
        self.revision += 1
        match event:
            case ev.TrialStarted() | ev.TrialDelta() | ev.TrialRetry() | ev.TrialFinished():
                self._trial(event)
            case ev.IceScored() | ev.RseScored() | ev.IceJudged() | ev.RseJudged():
                if self.keep_text:
                    self._verdict(event)
            case ev.SearchStep():
                self.steps.append(event)
            case ev.ScoreUpdated():
                self.scores[event.measure, *event.models] = event
            case ev.JudgeUpdated():
                self.judges[event.judge, event.kind] = event
            case _:
                self._run(event)

    def cell(self, model: str, prompt_id: str, sample: int) -> Cell:
        """The cell of that answer, made where it is new and stamped with the current revision."""
        key = (model, prompt_id, sample)
        cell = self.cells.get(key)
        if cell is None:
            cell = self.cells[key] = Cell(model, prompt_id, sample)
        cell.revision = self.revision
        return cell

    def _verdict(self, event: ev.IceScored | ev.RseScored | ev.IceJudged | ev.RseJudged) -> None:
        match event:
            case ev.IceScored():
                cell = self.cell(event.model, event.prompt_id, event.sample)
                self._take_back(cell)
                cell.verdict, cell.marks = event, event.marks
                self.claimed.setdefault(event.model, Counter()).update(event.claimed)
                if event.loose:
                    self.flagged[event.model, event.prompt_id, event.sample] = None
            case ev.RseScored():
                models, rows = (event.prompt_id, event.model_a, event.model_b), (event.row_a, event.row_b)
                others = (one for one in self.pairs.get(models, ()) if (one.row_a, one.row_b) != rows)
                self.pairs[models] = (*others, event)
            case ev.IceJudged():
                place = (event.model, event.prompt_id, event.sample)
                self.judged.setdefault(place, {})[event.judge] = event
                if place in self.cells:  # a view of that answer shows its judges too
                    self.cells[place].revision = self.revision
            case ev.RseJudged():
                pair = (event.prompt_id, event.model_a, event.model_b, event.sample)
                self.judged_pairs.setdefault(pair, {})[event.judge] = event

    def _take_back(self, cell: Cell) -> None:
        """What was counted of a cell's verdict no longer holds."""
        if cell.verdict is not None:
            self.flagged.pop((cell.model, cell.prompt_id, cell.sample), None)
            self.claimed[cell.model] -= Counter(cell.verdict.claimed)

    def _trial(self, event: ev.TrialStarted | ev.TrialDelta | ev.TrialRetry | ev.TrialFinished) -> None:
        cell = self.cell(event.model, event.prompt_id, event.sample)
        match event:
            case ev.TrialStarted():
                self._start(cell, event)
            case ev.TrialDelta():
                cell.text += event.text
                cell.reasoning += event.reasoning
                cell.marks = event.marks
            case ev.TrialRetry():
                self.retries += 1
                cell.state, cell.note = "retrying", f"retry in {event.wait_s:.1f} s: {event.reason}"
                self.log.append(f"{event.model} · {event.prompt_id}: {cell.note}")
            case ev.TrialFinished():
                self._finish(cell, event)

    def _start(self, cell: Cell, event: ev.TrialStarted) -> None:
        cell.state, cell.attempt, cell.cached, cell.note = "running", event.attempt, event.cached, ""
        self._take_back(cell)
        cell.response, cell.verdict, cell.marks = None, None, ()
        if cell.text or cell.reasoning:
            cell.text = cell.reasoning = ""
            cell.epoch += 1
        self.calls += not event.cached

    def _finish(self, cell: Cell, event: ev.TrialFinished) -> None:
        response = event.response
        complete = response.cls in ev.COMPLETE
        self.done += 1
        self.failed += not complete
        self.hits += event.cached and complete
        self.resumed += event.resumed
        self.classes[response.cls] += 1
        self._count_cost(event)
        if not self.keep_text:
            del self.cells[cell.model, cell.prompt_id, cell.sample]
            return
        if cell.text != response.text or cell.reasoning != response.reasoning:
            if not response.text.startswith(cell.text):
                cell.epoch += 1
            cell.text, cell.reasoning = response.text, response.reasoning
        cell.state = "done" if complete else "failed"
        cell.response, cell.row, cell.cost = response, event.row, event.cost
        cell.cached, cell.resumed = event.cached, event.resumed
        cell.note = response.error or ""

    def _count_cost(self, event: ev.TrialFinished) -> None:
        usage = event.response.usage
        if event.cached or usage is None:
            return
        self.output_tokens += usage.output_tokens
        if event.cost is None:
            self.cost_known = False
        else:
            self.cost += event.cost

    def _run(self, event: Event) -> None:
        match event:
            case ev.RunStarted():
                self.session, self.name, self.started_at = event.session, event.name, event.at
                self.models, self.total = event.models, event.total
            case ev.TrialsAdded():
                self.total = event.total
            case ev.ModelAbandoned():
                self.abandoned[event.model] = event.reason
                self.log.append(f"{event.model} is not asked further: {event.reason}")
            case ev.TextsEmbedded() if not event.cached:
                self.calls += 1
                self.cost += event.cost or 0.0
                self.cost_known = self.cost_known and event.cost is not None
            case ev.Notice():
                self.log.append(f"{event.model}: {event.text}" if event.model else event.text)
            case ev.RunPaused() | ev.RunResumed():
                self.paused = isinstance(event, ev.RunPaused)
            case ev.RunFinished():
                self.finished = event
