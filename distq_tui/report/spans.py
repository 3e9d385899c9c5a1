"""An answer cut at its evidence, so that a writer can mark it; offsets are code points of the text as scored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from distq_tui.events import Mark

Piece = tuple[str, Mark | None]

CONTEXT = 60
"""Code points shown on each side of a piece of evidence that is quoted by itself."""


def pieces(text: str, marks: Sequence[Mark]) -> Iterator[Piece]:
    """The whole text in order, each piece with its mark or None. Of overlapping marks the first holds, conflicts first.

    Marks beyond the text (stored for another version of it) are cut to it, and empty ones are dropped.
    """
    position = 0
    for mark in _apart(text, marks):
        start, end = max(0, mark.start), min(len(text), mark.end)
        if start > position:
            yield text[position:start], None
        yield text[start:end], mark
        position = end
    if position < len(text):
        yield text[position:], None


def quotes(text: str, marks: Sequence[Mark]) -> Iterator[tuple[str, str, str]]:
    """Each conflicting piece with a little of the text before and after it."""
    for mark in _apart(text, marks):
        if mark.kind == "conflict":
            before, after = text[max(0, mark.start - CONTEXT) : mark.start], text[mark.end : mark.end + CONTEXT]
            more_before = "…" if mark.start > CONTEXT else ""
            more_after = "…" if mark.end + CONTEXT < len(text) else ""
            yield more_before + before, text[mark.start : mark.end], after + more_after


def _apart(text: str, marks: Sequence[Mark]) -> list[Mark]:
    taken: list[Mark] = []
    inside = [mark for mark in marks if max(0, mark.start) < min(len(text), mark.end)]
    for mark in sorted(inside, key=lambda mark: (mark.kind != "conflict", mark.start, -mark.end)):
        if all(mark.end <= other.start or mark.start >= other.end for other in taken):
            taken.append(mark)
    return sorted(taken, key=lambda mark: mark.start)
