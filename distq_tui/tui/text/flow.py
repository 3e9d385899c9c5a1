"""Spans of any length wrapped into lines of a width. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from distq_tui.tui.text.safe import clean
from distq_tui.tui.text.spans import Span
from distq_tui.tui.text.wrap import Wrapped

Line = list[Span]


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
