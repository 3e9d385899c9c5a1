"""The lines below Compare's panes, fitted to their width: numbers stay, names are what is cut. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from distq_tui.tui.lines import scores
from distq_tui.tui.lines.scores import Form
from distq_tui.tui.live import LiveRun
from distq_tui.tui.text import words
from distq_tui.tui.text.spans import Span, width_of

Line = list[Span]

_CLAIMS: Line = [("contradicts", "conflict"), (" ", ""), ("own", "own"), (" ", ""), ("other", "other")]
_LIST: Line = [
    (f"{words.GLYPHS['conflict']}{words.LETTERS['conflict']}", "conflict"),
    (" contradicts ", "dim"),
    (f"{words.GLYPHS['control']}{words.LETTERS['control']}", "warn"),
    (" only a control", "dim"),
]
LEGENDS: tuple[Line, ...] = (
    [("claims: ", "dim"), *_CLAIMS, (" · list: ", "dim"), *_LIST],
    [*_CLAIMS, (" · ", "dim"), *_LIST],
    [("claims: ", "dim"), *_CLAIMS],
    _CLAIMS,
)
"""What the marks of claims and the list's two kinds of contradiction mean, longest form first."""
FORMS = (Form(), Form(24), Form(16), Form(16, short=True), Form(10, short=True))
"""How a model's scores may be told on one line, fullest first."""
SEVERAL = Form(16, short=True)
"""How they are told where it takes several lines."""
BARS_FROM = 118
"""Columns from which intervals are drawn too."""
METERS = (scores.METER, 8)
"""Columns of the run's bar: the second where the first leaves no room."""
INDENT = "  "


def score_lines(live: LiveRun, titles: Sequence[str], width: int) -> list[Line]:
    """Each model's rate and similarities in a line of one form; several where not even the shortest fits all models."""
    forms = (Form(bar=True), *FORMS) if width >= BARS_FROM else FORMS
    for form in forms:
        lines = [[span for piece in _pieces(live, title, form) for span in piece] for title in titles]
        if all(width_of(line) <= width for line in lines):
            return lines
    return [line for title in titles for line in _folded(_pieces(live, title, SEVERAL), width)]


def _folded(pieces: Sequence[Line], width: int) -> list[Line]:
    """As many pieces on a line as fit; the lines after the first are indented."""
    first, *more = pieces
    lines = [first]
    for piece in more:
        if width_of(lines[-1]) + width_of(piece) <= width:
            lines[-1] += piece
        else:
            lines.append([(INDENT, ""), *piece])
    return lines


def _pieces(live: LiveRun, title: str, form: Form) -> list[Line]:
    """What must not be torn apart: the name with the rate, each similarity, the floor."""
    first: Line = [(f"{words.middle(title, form.name)} ", "strong"), *scores.ice_spans(live, title, form)]
    return [first, *scores.rse_pieces(live, title, form)]


def progress_line(live: LiveRun, width: int) -> Line:
    """How the run goes, and the legend of claims in the longest form that there is room for."""
    for meter in METERS:
        line = scores.progress_spans(live, meter)
        for legend in LEGENDS:
            if width_of(line) + len(INDENT) + width_of(legend) <= width:
                return [*line, (INDENT, ""), *legend]
    return line
