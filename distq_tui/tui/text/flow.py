"""Spans of any length wrapped into lines of a width. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from distq_tui.tui.text.safe import clean
from distq_tui.tui.text.spans import Span, width_of
from distq_tui.tui.text.wrap import Wrapped

Line = list[Span]
HANGING = "  "
"""Further in stands what a line had no room for."""


def flow(spans: Iterable[Span], width: int) -> list[Line]:
    """The spans, cleaned, as lines of at most `width` cells; a line feed begins a new line."""
    pieces = [(clean(text), role) for text, role in spans]
    wrapped = Wrapped(width)
    wrapped.append("".join(text for text, _ in pieces))
    lines: list[Line] = []
    index, begin = 0, 0  # the piece that is looked at, and its offset in the text
    for row, start in zip(wrapped.rows, wrapped.starts, strict=True):
        line: Line = []
        at, end = start, start + len(row)
        while at < end:
            text, role = pieces[index]
            stop = begin + len(text)
            if stop <= at:
                index, begin = index + 1, stop
                continue
            line.append((row[at - start : min(stop, end) - start], role))
            at = min(stop, end)
        lines.append(line)
    return lines


def hanging(line: Line, width: int) -> list[Line]:
    """A line in as many as it takes, those after the first a little further in than it begins."""
    if not line or width_of(line) <= width:
        return [line]
    (first, role), *more = line
    text = first.lstrip(" ")
    indent = first[: len(first) - len(text)]
    head, *rest = flow([(text, role), *more], width - len(indent) - len(HANGING))
    return [[(indent, ""), *head], *([(indent + HANGING, ""), *part] for part in rest)]
