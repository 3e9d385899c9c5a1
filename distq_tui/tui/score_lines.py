"""What Scores says, as lines: the conclusion, each score with its interval drawn, and how one narrowed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from distq_tui.report.text import p_value
from distq_tui.tui import evidence, words
from distq_tui.tui.evidence import Told
from distq_tui.tui.history import History
from distq_tui.tui.live import LiveRun
from distq_tui.tui.spans import Span

if TYPE_CHECKING:
    from distq_tui.events import ScoreUpdated
    from distq_tui.rse.verdict import Candidate, Conclusion

BAR = 20
"""Columns of an interval in the list; `BAR_NARROW` where the screen is narrower than `WIDE_FROM`."""
BAR_NARROW = 10
WIDE_FROM = 100
SCALE_AROUND = 40
"""Columns beside a bar of the history: clusters before it, the interval in figures after it."""
WORD_ROLES = {"inconclusive": "warn", "none": "strong", "consistent with": "conflict", "strong evidence": "conflict"}


def score_lines(live: LiveRun, conclusions: Sequence[Conclusion] | None, width: int) -> list[Told]:
    """Everything, part by part.

    Args:
        live: the run.
        conclusions: of the finished session; None where they are not known yet.
        width: columns of the list.
    """
    bar = BAR if width >= WIDE_FROM else BAR_NARROW
    lines: list[Told] = [Told([("Conclusion", "key")]), *_conclusion_lines(live, conclusions)]
    for title in live.titles:
        lines += [Told([]), *_drawn(evidence.model_rows(live, title), bar)]
    for name, part in (("Similarity", evidence.similarity_rows(live)), ("Agreement", evidence.agreement_rows(live))):
        told = list(_drawn(part, bar))
        lines += [Told([]), Told([(name, "key")]), *told] if told else []
    return lines


def _drawn(rows: Iterator[Told], bar: int) -> Iterator[Told]:
    """Each score's interval as a bar after its figures, where it lies in [0, 1]."""
    for spans, score in rows:
        drawn = _bar(score, bar) if score is not None else ""
        yield Told([*spans[:2], (f"{drawn:<{bar}}", ""), *spans[2:]] if drawn else spans, score)


def _bar(score: ScoreUpdated, width: int) -> str:
    value, low, high = score.value, score.low, score.high
    if value is None or low is None or high is None or low < 0 or high > 1:
        return ""
    return words.bar(low, value, high, width)


def _conclusion_lines(live: LiveRun, conclusions: Sequence[Conclusion] | None) -> Iterator[Told]:
    if conclusions is None:
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
        for candidate in found.candidates:
            yield Told(_candidate(candidate))


def _candidate(found: Candidate) -> list[Span]:
    spread = f" sd {words.share(found.spread)}" if found.spread is not None else ""
    return [
        (f"    beside {found.reference}: ", "dim"),
        (f"RSE {words.share(found.rse)}", "strong"),
        (f" · floor {words.share(found.floor)}{spread} · p {p_value(found.p)}", ""),
        (f" · from its side {p_value(found.p_reference)}", ""),
        (f" · {words.plural(found.families, 'control')} · n {found.n}", "dim"),
    ]


def history_lines(history: History | None, width: int) -> list[list[Span]]:
    """How the score's interval narrowed: a bar for each point on one scale from 0 to 1, the latest last."""
    points = history.points if history is not None else []
    drawable = [(point, bar) for point in points if (bar := _bar(point, max(BAR_NARROW, width - SCALE_AROUND)))]
    if not drawable:
        return [[("Up and down choose a score: how its interval narrowed is drawn here.", "dim")]]
    latest = points[-1]
    methods = " → ".join(dict.fromkeys(point.method for point in points))  # the interval of a whole plan is another one
    told: list[list[Span]] = [
        [(f"{latest.measure} ", "strong"), (" ~ ".join(latest.models), ""), (f"  {methods}", "dim")]
    ]
    for point, bar in drawable:
        role = "strong" if point is latest else "dim"
        told.append(
            [
                (f"{words.plural(point.clusters, 'cluster'):>14} ", "dim"),
                (bar, role),
                (f" {words.interval(point)}", role),
            ]
        )
    return told
