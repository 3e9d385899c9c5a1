"""What is asked next: by endpoint, in plan order, with each model's first trial alone (its preflight)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from distq_tui.plan.trial import Trial

_Standing = Literal["unasked", "asking", "answers", "abandoned"]


@dataclass(slots=True)
class _Line:
    """One model's waiting trials, each with its place in the whole plan."""

    trials: deque[tuple[int, Trial]] = field(default_factory=deque)
    standing: _Standing = "unasked"


class Schedule:
    """The waiting trials of one endpoint. Not thread-safe: it lives on the event loop."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}
        self._count = 0

    def add(self, trials: Iterable[Trial]) -> list[Trial]:
        """Put trials at the end; those of an abandoned model are given back instead."""
        refused = []
        for trial in trials:
            line = self._lines.setdefault(trial.model.title, _Line())
            if line.standing == "abandoned":
                refused.append(trial)
            else:
                line.trials.append((self._count, trial))
                self._count += 1
        return refused

    def take(self) -> Trial | None:
        """The next trial that may be asked now; None where all that wait, wait for a preflight."""
        ready = [line for line in self._lines.values() if line.trials and line.standing in {"unasked", "answers"}]
        if not ready:
            return None
        line = min(ready, key=lambda line: line.trials[0][0])
        if line.standing == "unasked":
            line.standing = "asking"
        return line.trials.popleft()[1]

    def answered(self, model: str) -> None:
        """The model's preflight went through: its other trials may be asked."""
        line = self._lines[model]
        if line.standing == "asking":
            line.standing = "answers"

    def is_preflight(self, model: str) -> bool:
        """Whether the model's first trial is under way."""
        return self._lines[model].standing == "asking"

    def abandon(self, model: str) -> list[Trial]:
        """Give the model up: the trials that are not asked any more."""
        line = self._lines[model]
        line.standing = "abandoned"
        dropped = [trial for _, trial in line.trials]
        line.trials.clear()
        return dropped

    def drop_all(self) -> None:
        """Forget all waiting trials (the run stops)."""
        for line in self._lines.values():
            line.trials.clear()
