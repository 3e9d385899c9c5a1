"""The induction gap: how much oftener a model claims another maker where the probe names one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from distq_tui.prompts.sets import TWIN_SUFFIX
from distq_tui.report.answers import Answer, Answers, Cell
from distq_tui.report.model import Gap
from distq_tui.stats import paired_difference

MATCHED = "matched twins"
NOT_MATCHED = "descriptive: primed and clean templates are not matched"
NOT_COMPLETED = "descriptive: the plan was not completed"


def induction_gaps(answers: Answers) -> Iterator[Gap]:
    """One gap for each model that was asked primed and clean probes.

    Only matched twins (the same template with the name blanked, the same question and sample) say what the name did;
    the difference over other templates is given without an interval.
    """
    for model, cells in answers.by_model.items():
        scored = {cell: answer for cell, answer in cells.items() if _strict(answer) is not None}
        twins = [(clean, cell) for cell in scored if (clean := _twin_of(scored, cell)) is not None]
        if twins:
            yield _matched(answers, model, twins)
        else:
            yield from _descriptive(model, scored)


def _matched(answers: Answers, model: str, twins: list[tuple[Cell, Cell]]) -> Gap:
    cells = answers.by_model[model]
    order = {cell: place for place, cell in enumerate(answers.cells(model))}
    twins = sorted(twins, key=lambda pair: order.get(pair[0], len(order)))
    rows = [cells[clean].row for clean, _ in twins]
    found = paired_difference(
        [float(bool(_strict(cells[primed]))) for _, primed in twins],
        [float(bool(_strict(cells[clean]))) for clean, _ in twins],
        [row.template for row in rows],
        [row.question for row in rows],
    )
    assert found is not None  # there is a pair
    if not answers.complete(model, "identity"):
        return Gap(model, found.value, None, None, None, found.n, NOT_COMPLETED)
    return Gap(model, found.value, found.low, found.high, found.p, found.n, f"{MATCHED}, {found.method}")


def _descriptive(model: str, scored: Mapping[Cell, Answer]) -> Iterator[Gap]:
    primed = [_strict(answer) for answer in scored.values() if answer.verdict and answer.verdict.primed]
    clean = [_strict(answer) for answer in scored.values() if answer.verdict and answer.verdict.primed is False]
    if primed and clean:
        value = sum(map(bool, primed)) / len(primed) - sum(map(bool, clean)) / len(clean)
        yield Gap(model, value, None, None, None, len(primed) + len(clean), NOT_MATCHED)


def _strict(answer: Answer) -> bool | None:
    if answer.row.kind != "identity" or answer.ice_class is not None or answer.verdict is None:
        return None
    return answer.verdict.strict


def _twin_of(scored: Mapping[Cell, Answer], cell: Cell) -> Cell | None:
    """The scored clean cell whose primed twin this one is; a pair that does not differ in priming is none."""
    row, verdict = scored[cell].row, scored[cell].verdict
    if not (row.template or "").endswith(TWIN_SUFFIX) or verdict is None or not verdict.primed:
        return None
    clean = (
        row.prompt_id.replace(f"{row.template}/", f"{(row.template or '').removesuffix(TWIN_SUFFIX)}/", 1),
        cell[1],
    )
    other = scored.get(clean)
    return clean if other is not None and other.verdict is not None and other.verdict.primed is False else None
