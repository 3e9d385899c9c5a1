"""Styled pieces of one line, told by role and painted by the theme: the only way outside text reaches a line.

A span is `(text, role)`. Roles are words, so that the same line is a `Content` in a Static and segments in a line list,
and so that no colour is named outside the stylesheets.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from textual.content import Content

from distq_tui.tui.text.safe import clean_line

Span = tuple[str, str]
"""Text and role: a claim's kind `conflict`, `own`, `other`, a word's kind in a difference `added`, `removed`, or one of
`""`, `good`, `bad`, `warn`, `dim`, `key`, `strong`, `em`."""

_STYLE = {
    "good": "$text-success",
    "bad": "$text-error bold",
    "warn": "$text-warning",
    "dim": "$text-muted",
    "key": "$text-accent bold",
    "strong": "bold",
    "em": "italic",
    "added": "$text-success underline",
    "removed": "$text-error italic",
    "conflict": "$text-error bold reverse",
    "own": "$text-success underline",
    "other": "$text-warning italic underline",
}


def width_of(line: Iterable[Span]) -> int:
    """Columns that a line takes."""
    return sum(cell_len(text) for text, _ in line)


def content(spans: Iterable[Span]) -> Content:
    """The spans as one Content; their text is cleaned and never read as markup."""
    return Content.assemble(*((_keep_edges(text), _STYLE.get(role, "")) for text, role in spans))


def lines(rows: Iterable[Iterable[Span]]) -> Content:
    """Several lines as one Content."""
    return Content("\n").join([content(row) for row in rows])


def _keep_edges(text: str) -> str:
    """Cleaned, with the blanks around it kept: they separate one span from the next."""
    if text.isascii() and text.isprintable():
        return text
    body = text.strip()
    if not body:
        return " " * len(text)
    start = len(text) - len(text.lstrip())
    end = len(text) - len(text.rstrip())
    return " " * start + clean_line(body) + " " * end
