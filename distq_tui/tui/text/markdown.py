"""A finished answer as Markdown: made into lines of spans once, by Rich, of which only the words' weight is kept.

Outside text makes nothing else here: no link to click, no colour, and no character that a terminal acts on, also where
Markdown spells one as an entity (`&#27;`).
"""

from __future__ import annotations

from io import StringIO

from rich.console import Console
from rich.markdown import Markdown
from rich.segment import Segment
from rich.style import Style

from distq_tui.tui.text.flow import Line
from distq_tui.tui.text.safe import clean

LIMIT = 300_000
"""Characters that are rendered; a text beyond it ends with a line that says so."""


def markdown_lines(text: str, width: int) -> list[Line]:
    """The answer's blocks as lines of at most `width` cells."""
    console = Console(file=StringIO(), width=width, height=25, legacy_windows=False, _environ={})
    body = Markdown(clean(text[:LIMIT]), hyperlinks=False, code_theme="ansi_dark")
    lines = [_line(segments, width) for segments in console.render_lines(body, pad=False)]
    if len(text) > LIMIT:
        lines += [[], [(f"… {len(text) - LIMIT} more characters: the plain view has them", "warn")]]
    return lines


def _line(segments: list[Segment], width: int) -> Line:
    """Cleaned once more: an entity may have become a character of another width, or a harmful one."""
    cleaned = [Segment(clean(text).replace("\n", " "), style) for text, style, _ in segments]
    fitted = Segment.adjust_line_length(cleaned, width, pad=False)
    return [(text, _role(style)) for text, style, _ in fitted]


def _role(style: Style | None) -> str:
    if style is None:
        return ""
    if style.underline:
        return "key"
    return "strong" if style.bold else "em" if style.italic else "dim" if style.dim else ""
