"""What the judges say of one answer, as spans: verdicts, grades, the effect of the order, and their own words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from distq_tui.events import IceJudged, RseJudged
from distq_tui.state import Cell
from distq_tui.tui.lines.facts import Rows, pair
from distq_tui.tui.live import LiveRun
from distq_tui.tui.text.spans import Span

WORDS_SHOWN = 600
"""Characters of a judge's reply."""


def opinion_rows(live: LiveRun, cell: Cell) -> Rows:
    """Every judge's verdict on the answer and on its similarity to others; nothing where no judge was asked."""
    place = (cell.model, cell.prompt_id, cell.sample)
    verdicts = live.state.judged.get(place, {}).values()
    grades = list(_grades(live, cell))
    if not verdicts and not grades:
        return []
    rows: Rows = [[("Judges", "strong"), (" beside the detector, never mixed with it", "dim")]]
    for verdict in verdicts:
        rows += _verdict(verdict)
        rows += _replies(live, verdict.judge, verdict.judge_rows)
    for grade in grades:
        rows += _grade(grade, cell.model)
        rows += _replies(live, grade.judge, grade.judge_rows)
    return rows


def _grades(live: LiveRun, cell: Cell) -> Iterator[RseJudged]:
    for (prompt, model_a, model_b, sample), by_judge in live.state.judged_pairs.items():
        if prompt == cell.prompt_id and sample == cell.sample and cell.model in {model_a, model_b}:
            yield from by_judge.values()


def _verdict(verdict: IceJudged) -> Rows:
    told = f"loose {_bit(verdict.loose, verdict.failed)} · strict {_bit(verdict.strict, verdict.failed)}"
    rows: Rows = [[(verdict.judge, "key")], pair("verdict", told)]
    if verdict.gated:
        rows.append([("not asked: the detector found nothing and was sure of it", "warn")])
    return rows


def _bit(verdict: bool | None, failed: str) -> str:
    return _missing(failed) if verdict is None else str(int(verdict))


def _missing(failed: str, why: str = "") -> str:
    """Why there is no verdict: a failed call is asked again by a later run, an unscored reply is not."""
    return f"call failed ({failed})" if failed else f"unscored{why}"


def _grade(grade: RseJudged, model: str) -> Rows:
    other = grade.model_b if grade.model_a == model else grade.model_a
    head: list[Span] = [(grade.judge, "key"), (" beside ", "dim"), (other, "strong")]
    if grade.overall is None:
        return [head, pair("grades", _missing(grade.failed, ": a reply could not be read"))]
    aspects = zip(("content", "structure", "style"), (grade.content, grade.structure, grade.style), strict=True)
    rows: Rows = [head, pair("overall", f"{grade.overall:g} of 5, mean of both orders")]
    rows.append(pair("aspects", " · ".join(f"{name} {value:g}" for name, value in aspects if value is not None)))
    if grade.order_effect is not None:
        rows.append(pair("order effect", f"{grade.order_effect:+g}: {grade.model_a} first minus {grade.model_b} first"))
    return rows


def _replies(live: LiveRun, judge: str, answers: Iterable[int]) -> Rows:
    """The judge's replies in its own words, in the order in which they were given."""
    wanted = set(answers)
    rows: Rows = []
    for reply in live.state.cells.values() if wanted else ():
        if reply.model == judge and reply.row in wanted:
            text = " ".join(reply.text.split())
            shown = text if len(text) <= WORDS_SHOWN else text[: WORDS_SHOWN - 1] + "…"
            rows.append([("  “", "dim"), (shown, ""), ("”", "dim")])
    return rows
