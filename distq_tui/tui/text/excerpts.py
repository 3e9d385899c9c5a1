"""A claim with the words around it, as spans of one line. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from distq_tui.state import Cell
from distq_tui.tui.text import words
from distq_tui.tui.text.spans import Span

if TYPE_CHECKING:
    from distq_tui.report.model import ClaimEvidence

EXCERPT = 80
"""Characters after a claim, at most."""
BEFORE = 20
"""Characters before a claim that an excerpt may begin with; where a line is its own, twice as many."""


def excerpt(cell: Cell) -> list[Span]:
    """The answer around its first conflicting claim, from the beginning of a word."""
    mark = next((mark for mark in cell.marks if mark.kind == "conflict"), None)
    if mark is None:
        return [(cell.text[:EXCERPT], "dim")]
    start = word_start(cell.text, max(0, mark.start - BEFORE), mark.start)
    before = ("…" if start else "") + cell.text[start : mark.start]
    return [(before, "dim"), (cell.text[mark.start : mark.end], "conflict"),
            (cell.text[mark.end : mark.end + EXCERPT], "dim")]  # fmt: skip


def quoted(found: ClaimEvidence) -> list[Span]:
    """The end of what stands before the claim, the claim, the beginning of what follows; and which answer it is."""
    start = word_start(found.before, max(0, len(found.before) - 2 * BEFORE), len(found.before))
    probe = " · primed probe" if found.primed else ""
    role = " · in a marked role" if found.role_play else ""
    return [
        (f"      {'…' if start else ''}{found.before[start:]}", "dim"),
        (found.said, found.kind),
        (found.after if len(found.after) <= EXCERPT else found.after[: EXCERPT - 1] + "…", "dim"),
        (f"  {found.prompt_id}{words.sampled(found.sample)}{probe}{role}", "key"),
    ]


def word_start(text: str, start: int, end: int) -> int:
    """The first beginning of a word in text[start:end]; `end` where none begins there but inside it one goes on.

    Where words have no blanks between them any character begins one.
    """
    if start in {0, end} or text[start - 1].isspace():
        return start
    if not text[start].isascii() and not text[start - 1].isascii():
        return start
    for at in range(start, end):
        if text[at].isspace():
            return at + 1
    return end
