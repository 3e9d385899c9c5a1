"""Two compared sessions as lines: what changed in the plan, drift, and the answers that differ. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from distq_tui.tui.text import words
from distq_tui.tui.text.spans import Span

if TYPE_CHECKING:
    from distq_tui.report.drift import AnswerChange, Drift, SessionComparison

SURE = 0.05
"""Holm-adjusted p up to which a difference is marked as one that chance seldom makes."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list, and the answer that it is about, where it is about one."""

    spans: list[Span]
    answer: AnswerChange | None = None


def lines_of(found: SessionComparison) -> list[Line]:
    """Everything, part by part."""
    sessions = [(found.before, "before"), (found.after, "after ")]
    told = [
        Line(
            [
                (f"{name} ", "dim"),
                (row.created_at[:16].replace("T", " "), ""),
                (f"  {row.name}  ", "strong"),
                (row.id, "dim"),
            ]
        )
        for row, name in sessions
    ]
    changes = [
        Line([(f"  {change.what}: ", ""), (change.before, "removed"), (" → ", "dim"), (change.after, "added")])
        for change in found.changes
    ]
    told += [_head("What changed in the plan"), *(changes or [_nothing("nothing")])]
    told += [_head("Drift: after − before over the same cells, 95 % interval, p by Holm")]
    told += [*(Line(_drift(drift)) for drift in found.drifts)] or [_nothing("no cell was asked in both")]
    asked = ", ".join(f"{model} {count}" for model, count in found.asked_twice.items())
    told += [_head(f"Answers that differ: {len(found.answers)}  (cells asked in both: {asked or 'none'})")]
    return told + ([Line(_answer(answer), answer) for answer in found.answers] or [_nothing("none")])


def _head(text: str) -> Line:
    return Line([(text, "key")])


def _nothing(text: str) -> Line:
    return Line([(f"  {text}", "dim")])


def _drift(drift: Drift) -> list[Span]:
    who = f"{' ~ '.join(drift.models)} · {drift.prompt_set or 'prompts'}"
    if drift.value is None or drift.low is None or drift.high is None or drift.p_holm is None:
        change = "" if drift.value is None else f"{signed(drift.value)}  "
        return [(f"    {drift.measure:<6} {change}{who}  ", ""), (drift.method, "dim")]
    sure = drift.p_holm <= SURE
    same = f" · {drift.same_answer} of one stored answer left out" if drift.same_answer else ""
    # the numbers before the names: a narrow line is cut at its end
    return [
        (f"  {'!' if sure else ' '} ", "bad"),
        (f"{drift.measure:<6} {signed(drift.value):>4} [{signed(drift.low)},{signed(drift.high)}]", "strong"),
        (f"  p {'<.001' if drift.p_holm < 0.001 else words.share(drift.p_holm)}", "bad" if sure else ""),
        (f"  {words.share(drift.before)} → {words.share(drift.after)}  ", ""),
        (who, "strong" if sure else ""),
        (f"  n {drift.n}, {words.plural(drift.clusters, 'cluster')}{same}", "dim"),
    ]


def signed(value: float) -> str:
    """A difference in [-1, 1] with its sign: `+.12`, `−.05`, `.00`."""
    text = words.share(abs(value))
    return text if float(text) == 0 else f"{'+' if value > 0 else '−'}{text}"


def _answer(answer: AnswerChange) -> list[Span]:
    row = f"{answer.model} {answer.prompt_id}{words.sampled(answer.sample)}"
    spans: list[Span] = [("  ! " if answer.verdict_changed else "    ", "bad"), (row, "")]
    if answer.verdict_changed:
        verdicts = ["contradiction" if loose else "no contradiction" for loose in answer.loose]
        spans.append((f"  {verdicts[0]} → {verdicts[1]}", "strong"))
    if answer.classes[0] != answer.classes[1]:
        spans.append((f"  {answer.classes[0]} → {answer.classes[1]}", "warn"))
    return [*spans, (f"  {answer.texts[1]}", "dim")]
