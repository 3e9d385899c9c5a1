"""What Scores says, as lines: the conclusion, each score with its interval drawn, and how one narrowed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from distq_tui.report.text import p_value
from distq_tui.rse.verdict_controls import FEWEST
from distq_tui.tui.lines import evidence
from distq_tui.tui.lines.evidence import Told
from distq_tui.tui.lines.history import History
from distq_tui.tui.lines.scores import SIMULATED
from distq_tui.tui.live import LiveRun
from distq_tui.tui.text import words
from distq_tui.tui.text.flow import flow, hanging
from distq_tui.tui.text.spans import Span, width_of

if TYPE_CHECKING:
    from distq_tui.events import ScoreUpdated
    from distq_tui.rse.verdict import Candidate, Conclusion

BAR = 20
"""Columns of an interval in the list; `BAR_NARROW` where the screen is narrower than `WIDE_FROM`."""
BAR_NARROW = 10
WIDE_FROM = 100
LIST_FRAME = 4
"""Columns of the list that hold no line: its border, the cursor's sign, the scrollbar."""
SCRIPTED = (
    "to be expected: scripted answers show how it works and bear no word. n sets up live models: a target, a "
    f"reference, controls of {FEWEST} families"
)
"""What the end of the demo teaches."""
HISTORY_ROWS = 9
"""Rows for the chosen score: what it is, by which method, and its points."""
SCALE_AROUND = 40
"""Columns beside a bar of the history: clusters before it, the interval in figures after it."""
WORD_ROLES = {
    "no word yet": "dim",
    "inconclusive": "warn",
    "none": "strong",
    "consistent with": "conflict",
    "strong evidence": "conflict",
}


def score_lines(
    live: LiveRun, conclusions: Sequence[Conclusion] | None, width: int, *, failure: str = ""
) -> list[Told]:
    """Everything, part by part.

    Args:
        live: the run.
        conclusions: of the finished session; None where they are not known yet.
        width: columns of the screen.
        failure: why they could not be drawn; empty where they could, or may still be.
    """
    lines: list[Told] = []
    if live.reading:
        lines = [Told([(f"Reading {live.reading}: scores are of those read.", "warn")]), Told([])]
    lines.append(Told([("Conclusion", "key")]))
    for row in _conclusion_lines(live, conclusions, failure):
        lines += [Told(part) for part in hanging(row.spans, width - LIST_FRAME)]
    for title in live.titles:
        lines += [Told([]), *_drawn(evidence.model_rows(live, title), width)]
    for name, part in (("Similarity", evidence.similarity_rows(live)), ("Agreement", evidence.agreement_rows(live))):
        told = list(_drawn(part, width))
        lines += [Told([]), Told([(name, "key")]), *told] if told else []
    return lines


def _drawn(rows: Iterator[Told], width: int) -> Iterator[Told]:
    """Each score's interval as a bar after its figures, where it lies in [0, 1]; all of it shorter in a narrow list."""
    told, bar = list(rows), BAR
    if width < WIDE_FROM:
        told, bar = _closer(told), BAR_NARROW
    for spans, score in told:
        if score is None:
            yield Told(spans)
            continue
        drawn = _bar(score, bar)
        line = [*spans[:2], (f"{drawn:<{bar}}", ""), *spans[2:]] if drawn else spans
        yield Told(_fitted(line, score.method, width - LIST_FRAME), score)


def _closer(rows: list[Told]) -> list[Told]:
    """The column of names no wider than the longest of them."""
    full = len("  ") + evidence.WIDE + len(" ")
    in_column = [bool(spans) and spans[0][1] == "dim" and len(spans[0][0]) == full for spans, _ in rows]
    needed = max(
        (len(row.spans[0][0].rstrip()) for row, named in zip(rows, in_column, strict=True) if named), default=0
    )
    return [
        Told([(f"{row.spans[0][0].rstrip():<{needed}} ", "dim"), *row.spans[1:]], row.score) if named else row
        for row, named in zip(rows, in_column, strict=True)
    ]


def _fitted(line: list[Span], method: str, width: int) -> list[Span]:
    """The line with as many words of its method as fit; the history below has it in full."""
    over = width_of(line) - width
    if over <= 0:
        return line
    return [(words.whole(text, cell_len(text) - over) if text.endswith(method) else text, role) for text, role in line]


def _bar(score: ScoreUpdated, width: int) -> str:
    value, low, high = score.value, score.low, score.high
    if value is None or low is None or high is None or low < 0 or high > 1:
        return ""
    return words.bar(low, value, high, width)


def _conclusion_lines(live: LiveRun, conclusions: Sequence[Conclusion] | None, failure: str) -> Iterator[Told]:
    if failure:
        yield Told([("  none could be drawn: ", "bad"), (failure, "")])
    elif conclusions is None and live.over:
        yield Told([("  the planned prompts are being tested …", "dim")])
    elif conclusions is None:
        yield Told([("  no word before the run is over: its tests take the planned prompts", "dim")])
    elif not conclusions:
        yield Told([("  none is drawn: it takes a target, a reference and a set of similarity prompts", "dim")])
    for found in conclusions or ():
        tag = live.run.tags.get(found.target, "")
        said = " ".join((found.word, ", ".join(found.references))).strip()
        yield Told(
            [
                (f"  {found.target}", "strong"),
                (f" {tag}" if tag else "", "warn"),
                (f" · {found.prompt_set}: ", "dim"),
                (said, WORD_ROLES[found.word]),
                (f"  p {p_value(found.p)}" if found.p is not None else "", ""),
            ]
        )
        yield Told([(f"    {found.reason}", "dim")])
        if found.reason.startswith("too few controls") and SIMULATED in live.run.tags.values():
            yield Told([(f"    {SCRIPTED}", "em")])
        for candidate in found.candidates:
            yield Told(_candidate(candidate))


def _candidate(found: Candidate) -> list[Span]:
    spread = f" sd {words.share(found.spread)}" if found.spread is not None else ""
    return [
        (f"    beside {found.reference}: ", "dim"),
        (f"RSE {words.share(found.rse)}", "strong"),
        (f" · floor {words.share(found.floor)}{spread} · p {p_value(found.p)}", ""),
        (f" · from its side {p_value(found.p_reference)}", ""),
        (f" · {words.plural(found.families, 'control family', 'control families')} · n {found.n}", "dim"),
    ]


def history_lines(score: ScoreUpdated | None, history: History | None, width: int) -> list[list[Span]]:
    """The chosen score with its method in full, and how its interval narrowed: a bar for each point, the latest last.

    Args:
        score: as it stands; None where the chosen line tells none.
        history: of its interval, on one scale from 0 to 1.
        width: columns.
    """
    if score is None:
        return [[("Up and down choose a score: how its interval narrowed is drawn here.", "dim")]]
    points = history.points if history is not None else []
    methods = " → ".join(dict.fromkeys(point.method for point in points or [score]))  # a whole plan's is another one
    rests = f"  n {score.n} · {words.plural(score.clusters, 'cluster')}"
    names: list[Span] = [(f"{score.measure} ", "strong"), (" ~ ".join(score.models), ""), (rests, "dim")]
    told = [*flow(names, width), *flow([("by ", "dim"), (methods, "")], width)]
    drawable = [(point, bar) for point in points if (bar := _bar(point, max(BAR_NARROW, width - SCALE_AROUND)))]
    for point, bar in drawable[-max(1, HISTORY_ROWS - len(told)) :]:
        role = "strong" if point is points[-1] else "dim"
        told.append(
            [
                (f"{words.plural(point.clusters, 'cluster'):>14} ", "dim"),
                (bar, role),
                (f" {words.interval(point)}", role),
            ]
        )
    return told
