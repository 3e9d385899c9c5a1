"""The protocol that ICE, RSE and every later score plug into: incremental on a stream, final on a closed trial.

One law: any chunking of a text gives the same final result as the whole text. A scorer holds its own running sums, so
that an arrival costs the same whatever the number of prompts, and it owns no clock, no network and no storage.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from distq_tui.events import Mark, ScoreEvent
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Trial


class LiveText(Protocol):
    """Follows one streaming answer."""

    def feed(self, text: str) -> tuple[Mark, ...]:
        """Take the text that arrived and return all marks of the answer so far."""
        ...


class Scorer(Protocol):
    """Scores closed trials and keeps running sums.

    Attributes:
        name: the key under which results are stored, apart from the responses.
        version: changes with anything that changes a result.
    """

    name: str
    version: str

    def begin(self, trial: Trial) -> LiveText | None:
        """Follow a streaming answer, or None where this scorer marks nothing in it."""
        ...

    def score(self, result: TrialResult) -> Sequence[ScoreEvent]:
        """The events that this closed trial brings; every class is told, and the scorer counts what it leaves out.

        Not told: a trial that was broken off (`plan.source.broken_off`), which is open as one never begun.
        """
        ...
