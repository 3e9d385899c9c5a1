"""An answer cut at its evidence, so that a writer can mark it; offsets are code points of the text as scored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from distq_tui.events import Mark

Piece = tuple[str, Mark | None]

CONTEXT = 160
"""Code points shown at most on each side of a piece of evidence that is quoted by itself."""

_ENDS = re.compile(r"[.!?](?=\s)|[。！？\n]")
"""The end of a sentence, and of a line."""

_WORD = 40
"""Code points of a word beyond which it is none, and is cut like anything else."""

_SCRIPTIO_CONTINUA = "\u2e80"
"""From here on code points are mostly of scripts that put no space between words."""


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
    """Each conflicting piece with what its sentence says before and after it; a long sentence is cut between words."""
    for mark in _apart(text, marks):
        if mark.kind == "conflict":
            yield quote(text, mark)


def quote(text: str, mark: Mark) -> tuple[str, str, str]:
    """A mark's words in full, with what their sentence says before and after them."""
    whole = _whole(text, mark)
    return _before(text, whole.start), text[whole.start : whole.end], _after(text, whole.end)


def _before(text: str, start: int) -> str:
    near = text[max(0, start - CONTEXT) : start]
    ends = list(_ENDS.finditer(text, max(0, start - CONTEXT), start + 1))
    begin = ends[-1].end() if ends else 0
    if ends and begin <= start:
        return text[begin:start].lstrip()
    if start <= CONTEXT:
        return near
    cut, _, rest = near.partition(" ")
    return "…" + (rest if len(cut) <= _WORD else near)


def _after(text: str, end: int) -> str:
    near = text[end : end + CONTEXT]
    # from the last code point of the evidence on, which may end its sentence
    ending = _ENDS.search(text, max(0, end - 1), end + CONTEXT + 1)
    if ending:
        return text[end : ending.end()].rstrip("\n")
    if len(text) - end <= CONTEXT:
        return near
    rest, _, cut = near.rpartition(" ")
    return (rest if len(cut) <= _WORD else near) + "…"


def _apart(text: str, marks: Sequence[Mark]) -> list[Mark]:
    taken: list[Mark] = []
    inside = [_whole(text, mark) for mark in marks if max(0, mark.start) < min(len(text), mark.end)]
    for mark in sorted(inside, key=lambda mark: (mark.kind != "conflict", mark.start, -mark.end)):
        if all(mark.end <= other.start or mark.start >= other.end for other in taken):
            taken.append(mark)
    return sorted(taken, key=lambda mark: mark.start)


def _whole(text: str, mark: Mark) -> Mark:
    """The mark to the ends of the words that it begins and ends in."""
    start, end = max(0, mark.start), min(len(text), mark.end)
    first, last = start, end
    while first > 0 and start - first <= _WORD and _joined(text, first):
        first -= 1
    while last < len(text) and last - end <= _WORD and _joined(text, last):
        last += 1
    return replace(mark, start=first if start - first <= _WORD else start, end=last if last - end <= _WORD else end)


def _joined(text: str, place: int) -> bool:
    """Whether the code points on both sides of this place are of one word."""
    return all(char.isalnum() and char < _SCRIPTIO_CONTINUA for char in text[place - 1 : place + 1])
