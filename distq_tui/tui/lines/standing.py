"""What a pane says around an answer: how it stands, in its lower border, and its reasoning, folded. Pure."""

from __future__ import annotations

from distq_tui.events import Response
from distq_tui.state import Cell
from distq_tui.tui.text import words
from distq_tui.tui.text.safe import clean_line
from distq_tui.tui.text.spans import Span, width_of

STATE_LIMIT = 40
"""Characters of a state that is told in a server's own words."""
LEAST_STREAM_MS = 100
"""An answer that took no longer from its first to its last token came at once: it has no rate."""
LEAST_WATCHED_S = 1.0
"""Seconds of streaming before a rate is told."""
BETWEEN = " · "
UNFOLDED = "reasoning; u folds it"
FOLDED = ("reasoning, {} characters; u shows it", "reasoning {} chars; u shows", "reasoning {}; u", "{}; u")
"""How folded reasoning is told, fullest first."""


class Pace:
    """Tokens a second of an answer that streams, from where one began to watch it: waiting is no part of it."""

    def __init__(self) -> None:
        self._first: tuple[float, float] | None = None
        self._last = (0.0, 0.0)

    def saw(self, now: float, tokens: float) -> None:
        """So many tokens had come at a time, in seconds."""
        if tokens and self._first is None:
            self._first = now, tokens
        self._last = now, tokens

    @property
    def value(self) -> float | None:
        """Tokens a second; None where too little was seen."""
        if self._first is None or self._last[0] - self._first[0] < LEAST_WATCHED_S:
            return None
        return (self._last[1] - self._first[1]) / (self._last[0] - self._first[0])


def pace_of(response: Response) -> float | None:
    """Tokens a second of a finished answer, from its first token on; None where that is not known."""
    if response.usage is None or response.total_ms is None or response.first_token_ms is None:
        return None
    streamed = response.total_ms - response.first_token_ms
    return response.usage.output_tokens * 1000 / streamed if streamed >= LEAST_STREAM_MS else None


def standing(
    cell: Cell,
    width: int,
    *,
    tokens: float = 0.0,
    seconds: float | None = None,
    pace: float | None = None,
    mark: Span = ("", ""),
) -> list[Span]:
    """`~128 tok · ~41/s · 2.1s · $0.0012 · ▶ running · FOLLOW`: what matters least is left out where it does not fit.

    Args:
        cell: the answer.
        width: columns.
        tokens: estimated so far, where it is under way.
        seconds: since it was asked, where it is under way.
        pace: estimated tokens a second, where it is under way.
        mark: what is said of the place in the text.
    """
    response = cell.response
    usage = None if response is None else response.usage
    if response is not None:
        pace = pace_of(response)
        seconds = None if response.total_ms is None else response.total_ms / 1000
    rough = usage is None or usage.source == "estimated"
    count = tokens if usage is None else usage.output_tokens
    figures = [
        words.tokens(round(count), rough=rough) if count or usage else _thinking(cell),
        "" if pace is None else words.pace(pace, rough=rough),
        "" if seconds is None else words.seconds(seconds),
        words.money(cell.cost) if cell.cost else "",
    ]
    endings = _endings(cell, mark)
    for shown in range(len(figures), -1, -1):
        for ending in endings:
            line = _joined([*((text, "") for text in figures[:shown]), *ending])
            if width_of(line) <= width:
                return line
    return [(words.whole(text, width), role) for text, role in endings[-1][-1:]]


def reasoning_lead(cell: Cell, width: int, *, unfolded: bool) -> str:
    """What stands above an answer that was reasoned about: one line that says so, or the reasoning; empty without any.

    Args:
        cell: the answer.
        width: columns.
        unfolded: give it in full.
    """
    if not cell.reasoning:
        return ""
    if unfolded:
        return f"{UNFOLDED}\n{cell.reasoning}"
    count = words.count(len(cell.reasoning))
    forms = [form.format(count) for form in FOLDED]
    return next((form for form in forms if len(form) <= width), forms[-1])


def _endings(cell: Cell, mark: Span) -> list[list[Span]]:
    """State and mark, then shorter: only what runs is followed or paused, only what is done comes from the cache."""
    sign, word = words.GLYPHS[cell.state], clean_line(words.cell_state(cell), STATE_LIMIT)
    state: Span = (f"{sign} {word}", "strong")
    if cell.state == "running" and mark[0]:
        return [[state, mark], [(f"{sign} {mark[0]}", mark[1])]]
    shorter: Span = (f"{sign} {word.removeprefix(f'done{BETWEEN}')}", "strong")
    return [[state, mark], [shorter, mark], [shorter]]


def _thinking(cell: Cell) -> str:
    return f"thinking {words.count(len(cell.reasoning))} chars" if cell.reasoning else ""


def _joined(line: list[Span]) -> list[Span]:
    return [part for span in line if span[0] for part in ((BETWEEN, "dim"), span)][1:]
