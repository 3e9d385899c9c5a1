"""Single answers that a report shows: those that conflict with the fact, and those whose verdict a user set."""

from __future__ import annotations

from dataclasses import dataclass

from distq_tui.events import Mark


@dataclass(frozen=True, slots=True)
class Flagged:
    """An answer that conflicts with the fact, with its evidence: code points of `text`."""

    response: int
    model: str
    prompt_id: str
    sample: int
    language: str
    aspect: str | None
    cls: str
    question: str
    text: str
    loose: bool
    strict: bool
    paper_strict: bool
    primed: bool | None
    overridden: bool
    cached: bool
    claimed: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Overridden:
    """A verdict that a user set, the detector's beside it, and when (ISO-8601 UTC)."""

    response: int
    model: str
    prompt_id: str
    sample: int
    loose: bool
    strict: bool
    detector_loose: bool | None
    detector_strict: bool | None
    at: str
