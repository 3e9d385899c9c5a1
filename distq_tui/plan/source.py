"""Where trials come from. Every call, whoever wants it, reaches the engine through a TrialSource."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from distq_tui.events import IceScored, Response
from distq_tui.plan.trial import Trial


@dataclass(frozen=True, slots=True)
class TrialResult:
    """A closed trial, as a source is told of it.

    `verdict`: what this version of the identity detector said of the answer before, so that it need not say it again.
    """

    trial: Trial
    response: Response
    row: int
    cached: bool
    verdict: IceScored | None = None


def broken_off(response: Response) -> bool:
    """Whether the run's end cut this trial short: to a score it is open, as one that was never begun.

    Somebody who watches a score chose that moment, so a rate over what was answered until then is not one over a
    planned number. A trial that was never sent, its model being given up, is closed: no score decided that.
    """
    return response.cls == "cancelled" and response.queued_at != ""


class TrialSource(Protocol):
    """Hands out trials and is told results: a fixed plan, the judges' follow-up calls, an adaptive search."""

    def next(self, results: Sequence[TrialResult]) -> Sequence[Trial]:
        """More trials, given the results since the last call (none at the first).

        The engine calls this whenever trials have closed. The run is over when nothing is under way and this returns
        nothing.
        """
        ...


class Chained:
    """Several sources as one: each is told every result, and what they hand out is asked together.

    Args:
        sources: in the order in which their trials are lined up.
    """

    def __init__(self, *sources: TrialSource) -> None:
        self._sources = sources

    def next(self, results: Sequence[TrialResult]) -> Sequence[Trial]:
        """What all of them want now."""
        return [trial for source in self._sources for trial in source.next(results)]


class FixedSource:
    """All the trials of a plan at once, whatever comes back."""

    def __init__(self, trials: Sequence[Trial]) -> None:
        self._trials: Sequence[Trial] = trials

    def next(self, results: Sequence[TrialResult]) -> Sequence[Trial]:
        """The whole plan at the first call, nothing later."""
        del results
        trials, self._trials = self._trials, ()
        return trials
