"""How a headless run tells what it does: bars on a terminal, plain lines in a pipe, or every event as JSON."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Self

from distq_tui.cli.common import say
from distq_tui.events import (
    Event,
    ModelAbandoned,
    Notice,
    RunFinished,
    RunStarted,
    TrialFinished,
    TrialRetry,
    TrialsAdded,
)
from distq_tui.formats.event_lines import event_line
from distq_tui.state import RunState, ending, origin, shortfall

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Narrator:
    """Told of every event after the state has it. Plain lines on stderr: one for each closed trial and each trouble."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def preparing(self, what: str, share: float) -> None:
        """A slow preparation began or ended; called from a thread."""
        if share in {0.0, 1.0}:
            say(f"{what}: {'done' if share else 'begun'}")

    def event(self, event: Event, state: RunState) -> None:
        """Say what there is to say of an event."""
        match event:
            case RunStarted():
                say(f"session {event.session}: {event.total} trials of {', '.join(event.models)}")
            case TrialFinished() if event.response.cls != "cancelled":
                kind = origin(event) or f"{event.response.total_ms or 0} ms"
                end = f": {event.response.error}" if event.response.error else ""
                say(f"{state.done}/{state.total} {event.model} {event.prompt_id} {event.response.cls} {kind}{end}")
            case _:
                _trouble(event)


class Bars(Narrator):
    """One bar on a terminal, with rate and time left; troubles scroll above it."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        # markup off: a model's name and a server's error are outside text
        self._progress: Progress = RichProgress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[news]}", markup=False),
            console=Console(stderr=True, markup=False, highlight=False),
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def event(self, event: Event, state: RunState) -> None:
        """Move the bar."""
        match event:
            case RunStarted():
                self._task = self._progress.add_task("asking", total=event.total, news="")
            case TrialsAdded() if self._task is not None:
                self._progress.update(self._task, total=event.total)
            case TrialFinished() if self._task is not None:
                cost = f" · ${state.cost:.4f}" if state.cost_known and state.cost else ""
                resumed = f"{state.resumed} resumed · " if state.resumed else ""
                cached = f"{resumed}{state.hits - state.resumed} cached"
                missed = " · ".join(shortfall(state.failed, state.classes["cancelled"]))
                news = f"{cached} · {missed} · {state.retries} retries{cost}"
                self._progress.update(self._task, completed=state.done, news=news)
            case _:
                _trouble(event)


class EventLines(Narrator):
    """Every event as one line of JSON on stdout, flushed: the same lines replay."""

    def preparing(self, what: str, share: float) -> None:
        """Nothing: stdout belongs to the events, and they speak for themselves."""

    def event(self, event: Event, state: RunState) -> None:
        """Write the event."""
        del state
        print(event_line(event), flush=True)  # noqa: T201 - data on stdout


def narrator_for(arguments: argparse.Namespace) -> Narrator:
    """The narrator that the flags and the terminal ask for."""
    if arguments.events:
        return EventLines()
    return Bars() if sys.stderr.isatty() else Narrator()


def _trouble(event: Event) -> None:
    match event:
        case TrialRetry():
            say(f"{event.model} {event.prompt_id}: retry in {event.wait_s:.1f} s: {event.reason}")
        case ModelAbandoned():
            say(f"{event.model} is not asked further: {event.reason}")
        case Notice():
            say(f"{event.model}: {event.text}" if event.model else event.text)
        case RunFinished() if event.reason not in {"done"}:
            say(ending(event.reason))
        case _:
            pass
