"""A run on screen: its folded state, the rows of its prompt list, and what needs a clock. No Textual.

One worker of the app calls `apply` for each event; views read and never write. The summary of a prompt is kept up to
date as events come, so that a list of thousands of prompts costs nothing to paint.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from distq_tui import events as ev
from distq_tui.state import Cell, RunState, ending
from distq_tui.tui.lines.history import History
from distq_tui.tui.records import PlanPart
from distq_tui.tui.text import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from distq_tui.plan.trial import Probe
    from distq_tui.tui.services import Run

RATE_WINDOW_S = 30.0
Row = tuple[str, int]
"""A line of the prompt list: prompt id and sample."""


@dataclass(slots=True)
class Summary:
    """A prompt's state over all models; `open` says that an answer is under way, `revision` when it last changed."""

    state: str = "waiting"
    open: bool = False
    revision: int = 0


class LiveRun:
    """The run that the window shows.

    Args:
        run: the handle.
        clock: seconds that only grow.

    Attributes:
        rows: the prompt list's lines that are known; `lines` says how many there are with those still to be read.
        samples: how many lines a prompt has at most.
    """

    def __init__(self, run: Run, clock: Callable[[], float]) -> None:
        self.run = run
        self.clock = clock
        self.state = RunState()
        self.probes: dict[str, Probe] = {}
        self.titles: list[str] = [model.title for model in run.plan.answering]
        self.rows: list[Row] = []
        self.index: dict[Row, int] = {}
        self.summaries: dict[Row, Summary] = {}
        self.history: defaultdict[tuple[str, ...], History] = defaultdict(History)
        self.error = ""
        self.began = clock()
        self.ended: float | None = None
        self.latest: Row | None = None
        self.overridden = 0  # how often the user set a verdict of an answer: what rests on them is read again
        self._started: dict[tuple[str, Row], float] = {}
        self._closed: deque[tuple[float, str]] = deque()
        self._controls = {model.title for model in run.plan.answering if model.role == "control"}
        self._left = {model.title: run.prompts * (model.samples or run.plan.samples) for model in run.plan.answering}
        self._open: set[Row] = set()
        self.samples = max((model.samples or run.plan.samples for model in run.plan.answering), default=1)
        self._planned = run.prompts * self.samples
        self._add(run.plan.probes)

    @property
    def over(self) -> bool:
        """Whether no more events will come."""
        return self.state.finished is not None or bool(self.error)

    @property
    def lines(self) -> int:
        """How many lines the prompt list has."""
        return max(len(self.rows), self._planned)

    @property
    def whole(self) -> bool:
        """Whether what is here is all there is so far; not of a stored session that is still being read."""
        return not self.run.stored or self.over

    @property
    def reading(self) -> str:
        """How far a stored session is read: `34 000 of 100 000 answers`; empty for a run, and where all is read.

        Until then no score, state or list on any screen is the session's.
        """
        if self.whole:
            return ""
        if len(self.probes) < self.run.prompts:
            return f"{words.count(len(self.probes))} of {words.count(self.run.prompts)} prompts"
        return f"{words.count(self.state.done)} of {words.count(self.state.total)} answers"

    @property
    def outcome(self) -> str:
        """How the run ended, for a person; empty while it goes on. Stored ends do not tell one budget from another."""
        if self.error:
            return "broke off"
        if self.state.finished is None:
            return ""
        reason = self.state.finished.reason
        return "stopped by its budget" if self.run.stored and reason.startswith("budget") else ending(reason)

    def apply(self, event: ev.Event | PlanPart) -> None:
        """Fold one event in, with the time at which it came."""
        if isinstance(event, PlanPart):
            self._add(event.probes)
            return
        self.state.apply(event)
        match event:
            case ev.TrialStarted() | ev.TrialRetry() | ev.TrialFinished() if event.model not in self._left:
                pass  # a judge or helper at work: counted in the progress, no cell of its own
            case ev.TrialStarted():
                self._started[event.model, (event.prompt_id, event.sample)] = self.clock()
                self.latest = (event.prompt_id, event.sample)
                self._summarise(event.prompt_id, event.sample)
            case ev.TrialFinished():
                self._started.pop((event.model, (event.prompt_id, event.sample)), None)
                self._left[event.model] = self._left.get(event.model, 1) - 1
                if not event.cached and not self.run.stored:
                    self._closed.append((self.clock(), event.model))
                self._summarise(event.prompt_id, event.sample)
            case ev.TrialRetry() | ev.IceScored():
                self._summarise(event.prompt_id, event.sample)
            case ev.ScoreUpdated():
                self.history[event.measure, *event.models].add(event)
            case ev.RunFinished():
                self.ended = self.clock()

    def fail(self, message: str) -> None:
        """The run broke off without its closing event."""
        self.error = message
        self.ended = self.clock()
        self.state.revision += 1

    def cell(self, title: str, row: Row) -> Cell | None:
        """A model's answer to a row's prompt, None where nothing was asked yet."""
        return self.state.cells.get((title, *row))

    def state_of(self, row: Row) -> str:
        """What the list says of a line; `unread` where what it rests on is still to be read."""
        state = self.summaries[row].state
        return "unread" if state in {"waiting", "part"} and not self.whole else state

    def similarity(self, prompt_id: str) -> float | None:
        """The highest RSE in [0, 1] of a target and a reference on that prompt, samples averaged; None without any."""
        titles = {role: [m.title for m in self.run.plan.models if m.role == role] for role in ("target", "reference")}
        pairs = self.state.pairs
        found = [
            pairs.get((prompt_id, one, other)) or pairs.get((prompt_id, other, one))
            for one in titles["target"]
            for other in titles["reference"]
        ]
        means = [[fmean((each.content, each.structure, each.style)) for each in pair] for pair in found if pair]
        return max(map(fmean, means), default=None)

    def running_for(self, title: str, row: Row) -> float | None:
        """Seconds since that answer was asked for, None where it is not under way."""
        started = self._started.get((title, row))
        if started is None:
            return None
        return (self.clock() if self.ended is None else self.ended) - started

    def elapsed(self) -> float:
        """Seconds since the run began, up to its end."""
        return (self.clock() if self.ended is None else self.ended) - self.began

    def rate(self) -> float:
        """Calls closed a second, over the last seconds."""
        now = self.clock() if self.ended is None else self.ended
        while self._closed and self._closed[0][0] < now - RATE_WINDOW_S:
            self._closed.popleft()
        return len(self._closed) / self._window(now)

    def _window(self, now: float) -> float:
        return min(RATE_WINDOW_S, max(now - self.began, 0.5))

    def remaining(self) -> float | None:
        """Seconds that the slowest model needs at its present rate; None where nothing can be said yet."""
        if self.over or self.state.paused:
            return None
        rate, window = self.rate(), self._window(self.clock())
        if rate <= 0:
            return None
        closed = Counter(model for _, model in self._closed)
        waiting = {model: left for model, left in self._left.items() if left > 0 and model not in self.state.abandoned}
        if any(not closed[model] for model in waiting):
            return None
        return max((left * window / closed[model] for model, left in waiting.items()), default=0.0)

    def first_open(self) -> Row | None:
        """The first row of the list with an answer under way."""
        return min(self._open, key=self.index.__getitem__, default=None)

    def _add(self, probes: Iterable[Probe]) -> None:
        """Lines for the plan's next prompts."""
        for probe in probes:
            self.probes[probe.prompt_id] = probe
            for sample in range(self.samples):
                self._add_row((probe.prompt_id, sample))

    def _add_row(self, row: Row) -> Summary:
        self.samples = max(self.samples, row[1] + 1)
        self.index[row] = len(self.rows)
        self.rows.append(row)
        summary = self.summaries[row] = Summary()
        return summary

    def _summarise(self, prompt_id: str, sample: int) -> None:
        row = (prompt_id, sample)
        summary = self.summaries.get(row)
        if summary is None:
            summary = self._add_row(row)
        cells = [cell for title in self.titles if (cell := self.cell(title, row)) is not None]
        summary.state = self._state(cells)
        summary.open = any(cell.state in {"running", "retrying"} for cell in cells)
        (self._open.add if summary.open else self._open.discard)(row)
        summary.revision = self.state.revision

    def _state(self, cells: list[Cell]) -> str:
        """What the list says of a prompt; that only a control contradicts says nothing of the models under audit."""
        conflicting = {cell.model for cell in cells if cell.verdict is not None and cell.verdict.loose}
        if conflicting - self._controls:
            return "conflict"
        states = {cell.state for cell in cells}
        for state in ("failed", "retrying", "running"):
            if state in states:
                return state
        if len(cells) < len(self.titles):
            return "part" if cells else "waiting"
        return "control" if conflicting else "done"
